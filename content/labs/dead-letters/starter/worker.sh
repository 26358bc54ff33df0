#!/bin/sh
# 주방의 작업자: 주문을 하나씩 받아 조리합니다.
# The kitchen's worker: takes one order at a time and cooks it.

while true; do
  aws sqs receive-message --queue-url "$ORDERS_URL" --wait-time-seconds 20 \
    --message-attribute-names Table --output text \
    --query 'Messages[].[ReceiptHandle, MessageAttributes.Table.StringValue, Body]' |
    while read -r receipt table order dish; do
      [ -n "$order" ] || continue # nothing came

      ./cook "$order" "$dish" "$table"
      aws sqs delete-message --queue-url "$ORDERS_URL" --receipt-handle "$receipt"
    done
done
