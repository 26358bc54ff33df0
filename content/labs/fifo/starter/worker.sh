#!/bin/sh
# 메일을 보내는 작업자: 알림을 하나씩 받아 배달합니다.
# The mail worker: takes one notice at a time and delivers it.

url=$(aws sqs get-queue-url --queue-name mail --query QueueUrl --output text)

while true; do
  aws sqs receive-message --queue-url "$url" --wait-time-seconds 20 --output text \
    --query 'Messages[].[ReceiptHandle, Body]' |
    while read -r receipt customer notice text; do
      [ -n "$customer" ] || continue # nothing came

      ./deliver "$customer" "$notice" "$text" &&
        aws sqs delete-message --queue-url "$url" --receipt-handle "$receipt"
    done
done
