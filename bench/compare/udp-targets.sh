# The UDP backends and those in front of them. Sourced by compare.sh.

datagram_load=(dotnet bench/L4Lb.DatagramLoad/bin/Release/net10.0/datagram-load.dll)

# An echo for what is answered, a sink that counts for one-way streams; its count can be had on the port after.
start_udp_backends() {
  "${datagram_load[@]}" echo --listen 127.0.0.1:9101 &
  backends+=($!)
  "${datagram_load[@]}" sink --listen 127.0.0.1:9102 --count 127.0.0.1:9103 &
  backends+=($!)
}

# start_udp_target TARGET BACKEND-PORT
start_udp_target() {
  case "$1" in
    direct) udp_port[direct]=$2 ;;
    nftables) udp_dnat="ip daddr 127.0.0.1 udp dport ${udp_port[nftables]} dnat to 127.0.0.1:$2" ;;
    nginx)
      cat > "$work/udp.conf" <<CONF
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off; worker_processes $cores; worker_rlimit_nofile 16384; pid $work/udp.pid; error_log $work/udp.log;
events { worker_connections 16384; }
stream {
  server { listen 127.0.0.1:${udp_port[nginx]} udp reuseport rcvbuf=1m; proxy_timeout 30s; proxy_pass 127.0.0.1:$2; }
}
CONF
      nginx -c "$work/udp.conf" -e "$work/udp.log" &
      pid[nginx]=$!
      ;;
    l4lb)
      dotnet src/L4Lb.Host/bin/Release/net10.0/l4lb.dll run --listen "udp://127.0.0.1:${udp_port[l4lb]}" \
        --backend "127.0.0.1:$2" --max-flows 15000 --drain-timeout 1s --admin none --log-level warn &
      pid[l4lb]=$!
      ;;
  esac
}

# The flows of one measurement are not the next one's: a proxy keeps them for 30 s.
restart_udp_target() {
  if [ -n "${pid[$1]:-}" ]; then
    stop_processes "${pid[$1]}"
    start_udp_target "$1" "$2"
    await_udp_target udp-flows "$1"
  fi
}

# The kernel follows the flows of everybody as long as somebody has a table of NAT: it has one in its own turns alone.
enter_udp_target() {
  [ "$1" != nftables ] || nft "table ip bench_udp { chain output { type nat hook output priority -100; $udp_dnat; }; }"
}

leave_udp_target() {
  [ "$1" != nftables ] || nft delete table ip bench_udp
}

await_udp_target() {
  local deadline=$((SECONDS + 20)) came=0
  enter_udp_target "$2"
  while [ "${came:-0}" -eq 0 ]; do
    [ "$SECONDS" -lt "$deadline" ] || { echo "compare.sh: nothing comes through $2 over UDP" >&2; exit 1; }
    case "$1" in
      udp-stream*) came=$(stream_through "$2" 1000 0.1 1 | cut -f4) ;;
      *) came=$(ask_through "$2" 1000 0.1 | cut -f6) ;;
    esac
  done
  leave_udp_target "$2"
}
