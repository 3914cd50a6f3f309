# The backend and the peers, each with two cores' worth of threads and nothing that the others do not do: no access
# logs, no health checks. Sourced by compare.sh.

start_backend() {
  mkdir -p "$work/www"
  head -c 65536 /dev/urandom > "$work/www/64k"
  head -c 104857600 /dev/zero > "$work/www/bulk"
  cat > "$work/backend.conf" <<CONF
daemon off; worker_processes 1; pid $work/backend.pid; error_log $work/backend.log;
events { worker_connections 8192; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
  server {
    listen 127.0.0.1:9001 backlog=4096;
    root $work/www;
    location = /small { return 200 "hello from the backend\n"; }
  }
}
CONF
  nginx -c "$work/backend.conf" -e "$work/backend.log" &
  backends+=($!)
  await_port 9001
}

start_target() {
  case "$1" in
    direct) ;;
    nftables)
      nft -f - <<'RULES'
table ip bench {
  chain output {
    type nat hook output priority -100;
    ip daddr 127.0.0.1 tcp dport 9005 dnat to 127.0.0.1:9001
  }
}
RULES
      sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_time_wait=1 || true
      ;;
    nginx)
      cat > "$work/stream.conf" <<CONF
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off; worker_processes $cores; pid $work/stream.pid; error_log $work/stream.log;
events { worker_connections 8192; }
stream {
  server { listen 127.0.0.1:${port[nginx]} reuseport backlog=4096; tcp_nodelay on; proxy_pass 127.0.0.1:9001; }
}
CONF
      nginx -c "$work/stream.conf" -e "$work/stream.log" &
      pid[nginx]=$!
      ;;
    haproxy) start_haproxy haproxy "" ;;
    haproxy-splice) start_haproxy haproxy-splice "option splice-auto" ;;
    l4lb)
      dotnet src/L4Lb.Host/bin/Release/net10.0/l4lb.dll run --listen "tcp://127.0.0.1:${port[l4lb]}" \
        --backend 127.0.0.1:9001 --admin none --log-level warn &
      pid[l4lb]=$!
      ;;
  esac
}

start_haproxy() {
  cat > "$work/$1.cfg" <<CONF
global
  maxconn 4000
  nbthread $cores
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen bench
  bind 127.0.0.1:${port[$1]} backlog 4096
  $2
  server backend 127.0.0.1:9001
CONF
  haproxy -q -f "$work/$1.cfg" &
  pid[$1]=$!
}

await_port() {
  local deadline=$((SECONDS + 20))
  until (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; do
    [ "$SECONDS" -lt "$deadline" ] || { echo "compare.sh: nobody listens on port $1" >&2; exit 1; }
    read -rt 0.1 <> <(:) || true
  done
}
