#!/bin/sh
# 서버가 태어날 때 한 번 실행됩니다. 프로그램을 놓고, 켜질 때마다 할 일을 /etc/rc.local에 적습니다.
# Runs once, when the server is born: puts the program in place, and what happens at every boot into /etc/rc.local.

# httpd는 요청이 올 때마다 이 프로그램을 새로 실행합니다. 본문은 표준 입력으로 오고, 찍은 것이 답이 됩니다.
# httpd runs this program anew for every request. The body comes on standard input; what it prints is the answer.
cat > /usr/bin/restaurant <<'PROGRAM'
#!/bin/sh
printf 'Content-Type: text/plain; charset=utf-8\n\n'
case "$REQUEST_METHOD $PATH_INFO" in
  "POST /shops")
    # 본문은 한 줄입니다: 동네,이름,점수 / The body is one line: area,name,score
    read -r shop
    echo "$shop" >> /run/shops.txt
    ;;
  "GET /best/"*)
    area=${PATH_INFO#/best/}
    grep "^$area," /run/shops.txt | sort -t , -k 3,3nr
    ;;
esac
exit 0
PROGRAM

cat > /etc/rc.local <<'BOOT'
#!/bin/sh
httpd -q -p 80 -c /usr/bin/restaurant &
BOOT

mkdir -p /srv
chmod +x /usr/bin/restaurant /etc/rc.local
