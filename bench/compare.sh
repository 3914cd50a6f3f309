#!/usr/bin/env bash
# Measures L4Lb beside its peers. TCP: one nginx serves, and wrk asks it directly, through nftables DNAT (the kernel's own
# limit), nginx stream, HAProxy with and without splicing, and L4Lb. UDP: bench/L4Lb.DatagramLoad is both ends, and
# between them are the same but HAProxy, which has no UDP. The targets take turns within every round, so that whatever
# else the machine does befalls all of them; the tables have the medians.
#
#   bench/compare.sh [--rounds N] [--duration SECONDS] [--step SECONDS] [--targets "direct ... l4lb"]
#                    [--loads "keep close 64k bulk udp udp-latency udp-stream udp-stream-gso udp-flows"]
#
# --step is how long each rate of a UDP load is tried that climbs until less than half comes through.
# Runs in a network namespace of its own, whose loopback has no way out. Needs root and eng/install-test-deps.sh --bench.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=5 duration=5 step_seconds=1
loads="keep close 64k bulk udp udp-latency udp-stream udp-stream-gso udp-flows"
targets="direct nftables nginx haproxy haproxy-splice l4lb"
while [ $# -gt 0 ]; do
  case "$1" in
    --rounds) rounds=$2; shift 2 ;;
    --duration) duration=$2; shift 2 ;;
    --step) step_seconds=$2; shift 2 ;;
    --loads) loads=$2; shift 2 ;;
    --targets) targets=$2; shift 2 ;;
    --inside) inside=1; shift ;;
    *) echo "compare.sh: unknown option $1" >&2; exit 2 ;;
  esac
done

declare -A port=([direct]=9001 [nftables]=9005 [nginx]=8082 [haproxy]=8080 [haproxy-splice]=8081 [l4lb]=8084)
declare -A udp_port=([direct]=9101 [nftables]=9105 [nginx]=8092 [l4lb]=8094)
tcp_loads="" udp_loads="" udp_targets=""
for load in $loads; do
  case "$load" in
    keep | close | 64k | bulk) tcp_loads+=" $load" ;;
    udp | udp-latency | udp-stream | udp-stream-gso | udp-flows) udp_loads+=" $load" ;;
    *) echo "compare.sh: unknown load $load" >&2; exit 2 ;;
  esac
done
for target in $targets; do
  [ -n "${port[$target]:-}" ] || { echo "compare.sh: unknown target $target" >&2; exit 2; }
  [ -z "${udp_port[$target]:-}" ] || udp_targets+=" $target"
done

for tool in wrk nginx haproxy nft ip unshare; do
  command -v "$tool" > /dev/null || { echo "compare.sh: $tool is missing; eng/install-test-deps.sh --bench" >&2; exit 1; }
done

if [ -z "${inside:-}" ]; then
  dotnet build -c Release src/L4Lb.Host -v quiet --nologo >&2
  dotnet build -c Release bench/L4Lb.DatagramLoad -v quiet --nologo >&2
  exec unshare --net -- "$0" --inside --rounds "$rounds" --duration "$duration" --step "$step_seconds" --loads "$loads" --targets "$targets"
fi

cores=$(nproc)
work=$(mktemp -d)
chmod 755 "$work"
results=$work/results.tsv
declare -A pid=()
backends=()

# Whoever does not end when asked is killed: nobody measures how it drains.
stop_processes() {
  local p deadline=$((SECONDS + 5))
  for p in "$@"; do kill "$p" 2> /dev/null || true; done
  for p in "$@"; do
    while kill -0 "$p" 2> /dev/null; do
      [ "$SECONDS" -lt "$deadline" ] || kill -KILL "$p" 2> /dev/null || true
      sleep 0.05
    done
  done
}

stop_targets() {
  stop_processes "${pid[@]}"
  pid=()
}

stop() {
  stop_processes "${pid[@]}" "${backends[@]}"
  rm -rf "$work"
}
trap stop EXIT

# Short connections by the ten thousand leave their addresses in TIME_WAIT, and those who come later wait a second for
# a lost SYN: that would measure the order of the targets. Many ports and few such buckets keep it out.
ip link set lo up
sysctl -qw net.ipv4.ip_local_port_range="10240 65535" net.ipv4.tcp_max_tw_buckets=64
for part in targets measure udp-targets udp-measure; do source "bench/compare/$part.sh"; done

compare_tcp() {
  local load target round
  start_backend
  for target in $targets; do start_target "$target"; done
  for target in $targets; do await_port "${port[$target]}"; done
  for load in $tcp_loads; do
    for target in $targets; do measure "$load" "$target" 1 > /dev/null; done
    for round in $(seq "$rounds"); do
      for target in $targets; do
        measure "$load" "$target" "$duration" | tee -a "$results" >&2
      done
    done
  done
  stop_targets
  nft delete table ip bench 2> /dev/null || true
}

compare_udp() {
  local load target round backend_port
  start_udp_backends
  for load in $udp_loads; do
    case "$load" in udp-stream*) backend_port=9102 ;; *) backend_port=9101 ;; esac
    for target in $udp_targets; do
      start_udp_target "$target" "$backend_port"
      await_udp_target "$load" "$target"
    done
    for target in $udp_targets; do warm_udp "$load" "$target"; done
    for round in $(seq "$rounds"); do
      for target in $udp_targets; do
        [ "$load" != udp-flows ] || restart_udp_target "$target" "$backend_port"
        measure_udp "$load" "$target" "$duration" | tee -a "$results" >&2
      done
    done
    stop_targets
  done
}

if [ -n "$tcp_loads" ]; then compare_tcp; fi
if [ -n "$udp_loads" ] && [ -n "$udp_targets" ]; then compare_udp; fi

describe
if [ -n "$tcp_loads" ]; then report "$tcp_loads" "$targets"; fi
if [ -n "$udp_loads" ] && [ -n "$udp_targets" ]; then report_udp "$udp_loads" "$udp_targets"; fi
