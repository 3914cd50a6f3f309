# Asks the load balancer at $1 by TCP and by UDP, a few times each second, until it is ended.
set -u
trap 'trap - TERM INT; kill 0' TERM INT
web() {
  while :; do
    printf 'GET / HTTP/1.0\r\n\r\n' | socat -t 2 - "TCP4:$1:80" > /dev/null || sleep 1
    sleep 0.2
  done
}
udp() {
  while :; do
    echo "who is there?" | socat -t 0.5 - "UDP4:$1:5353" > /dev/null || sleep 1
  done
}
web "$1" &
web "$1" &
udp "$1" &
wait
