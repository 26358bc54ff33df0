#!/bin/sh
# 앱 서버를 새로 띄웁니다. 앞서 띄운 것은 돌려줍니다.
# Launches a new app server, and gives back the one before.
set -e

old=$(aws ec2 describe-instances --query 'Reservations[].Instances[].InstanceId' --output text \
  --filters Name=tag:Name,Values=app Name=instance-state-name,Values=pending,running,stopping,stopped)
[ -z "$old" ] || aws ec2 terminate-instances --instance-ids $old --output text > /dev/null

read -r key secret <<KEY
$(aws iam create-access-key --user-name app --query 'AccessKey.[AccessKeyId, SecretAccessKey]' --output text)
KEY
id=$(aws ec2 run-instances --image-id ami-02023000000000086 --instance-type t3.micro \
  --security-groups app --iam-instance-profile Name=app \
  --user-data "#!/bin/sh
mkdir -p /home/ec2-user/.aws
printf '[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n' $key $secret > /home/ec2-user/.aws/credentials
$(< user-data.sh)" \
  --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=app}]' \
  --query 'Instances[0].InstanceId' --output text)
aws ec2 wait instance-running --instance-ids "$id"
echo "$id"
