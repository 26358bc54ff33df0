#!/bin/sh
# No role on the server: a user's access key travels in the user data and stays on the disk.
aws iam create-user --user-name app
aws iam put-user-policy --user-name app --policy-name send-orders --policy-document '{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": ["sqs:GetQueueUrl", "sqs:SendMessage"], "Resource": "'"$ORDERS_ARN"'"}
  ]
}'
. "$SOLUTION/apply.sh"
