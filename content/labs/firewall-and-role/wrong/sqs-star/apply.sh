#!/bin/sh
# The app works, and so does everything else that one can do to queues.
. "$SOLUTION/apply.sh"

aws iam put-role-policy --role-name app --policy-name send-orders --policy-document '{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]
}'
