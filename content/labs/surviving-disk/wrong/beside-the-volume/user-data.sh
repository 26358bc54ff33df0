#!/bin/sh
# 서버가 태어날 때 한 번 실행됩니다. 프로그램을 설치하고, 켜질 때마다 할 일을 /etc/rc.local에 적습니다.
# Runs once, when the server is born: installs the program, and puts what happens at every boot into /etc/rc.local.

# 평을 모으는 곳과, 없어져도 되는 것을 두는 곳. / Where reviews are kept, and where things are that may vanish.
cat > /etc/restaurant.conf <<'CONF'
DATA=/srv
CACHE=/mnt/ephemeral0/cache
CONF

# GET /reviews: 모든 평 / all reviews      POST /reviews: 평 한 줄 / one more, a line
# GET /recent: 켜진 뒤에 받은 평 / those since the last boot      GET /machine: 이 서버 / this machine
cat > /usr/bin/restaurant <<'PROGRAM'
#!/bin/sh
. /etc/restaurant.conf
printf 'Content-Type: text/plain; charset=utf-8\n\n'
case "$REQUEST_METHOD $PATH_INFO" in
  "POST /reviews")
    read -r review
    echo "$review" >> "$DATA/reviews.txt"
    echo "$review" >> "$CACHE/recent.txt"
    ;;
  "GET /reviews") [ -f "$DATA/reviews.txt" ] && cat "$DATA/reviews.txt" ;;
  "GET /recent") [ -f "$CACHE/recent.txt" ] && tail -n 5 "$CACHE/recent.txt" ;;
  "GET /machine")
    nproc
    free -m
    df -h
    ;;
esac
exit 0
PROGRAM

cat > /etc/rc.local <<'BOOT'
#!/bin/sh
. /etc/restaurant.conf
mkdir -p "$CACHE"
httpd -q -p 80 -c /usr/bin/restaurant &
BOOT

mkdir -p /srv
chmod +x /usr/bin/restaurant /etc/rc.local
