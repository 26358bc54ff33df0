#!/bin/sh
dead=$(aws sqs get-queue-url --queue-name orders-dead --query QueueUrl --output text)

while true; do
  aws sqs receive-message --queue-url "$dead" --output text \
    --query 'Messages[].[ReceiptHandle, Body]' > message.txt
  read -r receipt body < message.txt
  [ -n "$body" ] || break # nothing left
  aws sqs send-message --queue-url "$ORDERS_URL" --message-body "$body"
  aws sqs delete-message --queue-url "$dead" --receipt-handle "$receipt"
done
