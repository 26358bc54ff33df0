#!/bin/sh
# upgrade.sh TYPE: 맛집 서버를 다른 유형으로 바꿉니다. 예: ./upgrade.sh m5d.xlarge
# upgrade.sh TYPE: makes the restaurant's server one of another type, e.g. ./upgrade.sh m5d.xlarge
set -e

id=$(aws ec2 describe-instances --query 'Reservations[0].Instances[0].InstanceId' --output text \
  --filters Name=tag:Name,Values=restaurant Name=instance-state-name,Values=running)

echo "upgrade.sh: $id: nothing here yet" >&2
exit 1
