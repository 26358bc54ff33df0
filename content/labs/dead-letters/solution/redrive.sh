#!/bin/sh
# 요리법이 생긴 뒤에 한 번 실행합니다. 격리된 주문을 orders로 되돌립니다.
# Runs once, after a recipe was added: brings the orders that were set aside back to orders.

dead=$(aws sqs get-queue-url --queue-name orders-dead --query QueueUrl --output text)
arn=$(aws sqs get-queue-attributes --queue-url "$dead" --attribute-names QueueArn \
  --query Attributes.QueueArn --output text)
aws sqs start-message-move-task --source-arn "$arn"
