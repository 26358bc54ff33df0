#!/bin/sh
# 맛집 서버를 하나 띄웁니다. 평은 /dev/sdf의 볼륨에 쌓이고, 볼륨은 서버보다 오래 삽니다.
# Launches the restaurant's server. Reviews are on the volume at /dev/sdf, which outlives the server.
set -e

id=$(aws ec2 run-instances --image-id ami-02023000000000086 --instance-type m5d.large \
  --placement AvailabilityZone=ap-northeast-2a --security-group-ids "$GROUP_ID" \
  --user-data file://user-data.sh \
  --block-device-mappings 'DeviceName=/dev/sdf,Ebs={VolumeSize=1,VolumeType=gp3,DeleteOnTermination=false}' \
  --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=restaurant}]' \
  --query 'Instances[0].InstanceId' --output text)
aws ec2 wait instance-running --instance-ids "$id"
echo "$id"
