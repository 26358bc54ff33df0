#!/bin/sh
# 주문을 받는 앱입니다. 고치지 않아도 됩니다.
# The app that takes orders. It may stay as it is.

cat > /usr/bin/app <<'PROGRAM'
#!/bin/sh
answer() { # STATUS TEXT
  printf 'Status: %s\nContent-Type: text/plain; charset=utf-8\n\n%s\n' "$1" "$2"
  exit 0
}
case "$REQUEST_METHOD $PATH_INFO" in
  "GET /") answer 200 "POST /orders" ;;
  "POST /orders")
    read -r order
    url=$(aws sqs get-queue-url --queue-name orders --query QueueUrl --output text 2>&1) || answer 502 "$url"
    id=$(aws sqs send-message --queue-url "$url" --message-body "$order" --query MessageId --output text 2>&1) || answer 502 "$id"
    answer 202 "$id"
    ;;
  *) answer 404 "POST /orders" ;;
esac
PROGRAM

cat > /etc/rc.local <<'BOOT'
#!/bin/sh
httpd -q -p 80 -c /usr/bin/app &
BOOT

chmod +x /usr/bin/app /etc/rc.local
