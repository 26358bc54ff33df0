#!/bin/sh
url=$(aws sqs get-queue-url --queue-name mail.fifo --query QueueUrl --output text)

while true; do
  aws sqs receive-message --queue-url "$url" --wait-time-seconds 20 --output text \
    --max-number-of-messages 10 --attribute-names SentTimestamp \
    --query 'sort_by(Messages || `[]`, &Attributes.SentTimestamp)[].[ReceiptHandle, Body]' |
    while read -r receipt customer notice text; do
      [ -n "$customer" ] || continue

      ./deliver "$customer" "$notice" "$text" &&
        aws sqs delete-message --queue-url "$url" --receipt-handle "$receipt"
    done
done
