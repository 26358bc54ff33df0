#!/bin/sh
# Two doors, a role for two calls to one queue, and the server.
set -e

group=$(aws ec2 create-security-group --group-name app --description "The app that takes orders" \
  --query GroupId --output text)
aws ec2 authorize-security-group-ingress --group-id "$group" --protocol tcp --port 80 --cidr 0.0.0.0/0
aws ec2 authorize-security-group-ingress --group-id "$group" --protocol tcp --port 22 --cidr "${SSH_FROM:-$OFFICE/32}"

aws iam create-role --role-name app --assume-role-policy-document file://trust.json
aws iam put-role-policy --role-name app --policy-name send-orders --policy-document '{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": ["sqs:GetQueueUrl", "sqs:SendMessage"], "Resource": "'"$ORDERS_ARN"'"}
  ]
}'
aws iam create-instance-profile --instance-profile-name app
aws iam add-role-to-instance-profile --instance-profile-name app --role-name app

./launch.sh
