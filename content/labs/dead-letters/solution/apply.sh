#!/bin/sh
# The files beside this one are in the workspace already. What is left is the cloud: a queue for what cannot be cooked,
# and a policy on orders. Three tries survive a kitchen that is full twice in a row; five leave room.
set -e

dead=$(aws sqs create-queue --queue-name orders-dead --query QueueUrl --output text)
aws sqs set-queue-attributes --queue-url "$dead" --attributes MessageRetentionPeriod=1209600
arn=$(aws sqs get-queue-attributes --queue-url "$dead" --attribute-names QueueArn \
  --query Attributes.QueueArn --output text)

aws sqs set-queue-attributes --queue-url "$ORDERS_URL" --attributes \
  '{"RedrivePolicy": "{\"deadLetterTargetArn\": \"'"$arn"'\", \"maxReceiveCount\": \"5\"}"}'
