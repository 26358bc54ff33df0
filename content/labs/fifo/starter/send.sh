#!/bin/sh
# send.sh CUSTOMER NOTICE TEXT: 알림 하나를 대기열에 넣습니다. NOTICE는 알림의 번호입니다.
# send.sh CUSTOMER NOTICE TEXT: puts one notice into the queue. NOTICE is the notice's number.

url=$(aws sqs get-queue-url --queue-name mail --query QueueUrl --output text)

aws sqs send-message --queue-url "$url" --message-body "$1 $2 $3"
