#!/bin/sh
# No patience: an order that meets a full kitchen once is set aside.
set -e
. "$SOLUTION/apply.sh"

aws sqs set-queue-attributes --queue-url "$ORDERS_URL" --attributes \
  '{"RedrivePolicy": "{\"deadLetterTargetArn\": \"'"$arn"'\", \"maxReceiveCount\": \"1\"}"}'
