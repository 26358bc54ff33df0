#!/bin/sh
# 맛집 서버를 하나 띄웁니다. / Launches the restaurant's server.
set -e

id=$(aws ec2 run-instances --image-id ami-02023000000000086 --instance-type m5d.large \
  --placement AvailabilityZone=ap-northeast-2a --security-group-ids "$GROUP_ID" \
  --user-data file://user-data.sh \
  --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=restaurant}]' \
  --query 'Instances[0].InstanceId' --output text)
aws ec2 wait instance-running --instance-ids "$id"
echo "$id"
