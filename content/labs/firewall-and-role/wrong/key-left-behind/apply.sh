#!/bin/sh
# The app uses the role. The key it had before is still on the disk, and works from anywhere.
aws iam create-user --user-name app
aws iam put-user-policy --user-name app --policy-name send-orders --policy-document '{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": ["sqs:GetQueueUrl", "sqs:SendMessage"], "Resource": "'"$ORDERS_ARN"'"}
  ]
}'
. "$SOLUTION/apply.sh"
