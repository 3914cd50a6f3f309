#!/usr/bin/env bash
# Measures L4Lb beside its peers: one nginx serves, and wrk asks it directly, through nftables DNAT (the kernel's own
# limit), nginx stream, HAProxy with and without splicing, and L4Lb. The targets take turns within every round, so
# that whatever else the machine does befalls all of them; the table has the medians.
#
#   bench/compare.sh [--rounds N] [--duration SECONDS] [--loads "keep close 64k bulk"] [--targets "direct ... l4lb"]
#
# Runs in a network namespace of its own, whose loopback has no way out. Needs root and eng/install-test-deps.sh --bench.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=5 duration=5
loads="keep close 64k bulk"
targets="direct nftables nginx haproxy haproxy-splice l4lb"
while [ $# -gt 0 ]; do
  case "$1" in
    --rounds) rounds=$2; shift 2 ;;
    --duration) duration=$2; shift 2 ;;
    --loads) loads=$2; shift 2 ;;
    --targets) targets=$2; shift 2 ;;
    --inside) inside=1; shift ;;
    *) echo "compare.sh: unknown option $1" >&2; exit 2 ;;
  esac
done

for tool in wrk nginx haproxy nft ip unshare; do
  command -v "$tool" > /dev/null || { echo "compare.sh: $tool is missing; eng/install-test-deps.sh --bench" >&2; exit 1; }
done

if [ -z "${inside:-}" ]; then
  dotnet build -c Release src/L4Lb.Host -v quiet --nologo >&2
  exec unshare --net -- "$0" --inside --rounds "$rounds" --duration "$duration" --loads "$loads" --targets "$targets"
fi

cores=$(nproc)
work=$(mktemp -d)
chmod 755 "$work"
results=$work/results.tsv
declare -A pid=() port=([direct]=9001 [nftables]=9005 [nginx]=8082 [haproxy]=8080 [haproxy-splice]=8081 [l4lb]=8084)

stop() {
  for p in "${pid[@]}" "${backend:-}"; do [ -n "$p" ] && kill "$p" 2> /dev/null || true; done
  rm -rf "$work"
}
trap stop EXIT

# Short connections by the ten thousand leave their addresses in TIME_WAIT, and those who come later wait a second for
# a lost SYN: that would measure the order of the targets. Many ports and few such buckets keep it out.
ip link set lo up
sysctl -qw net.ipv4.ip_local_port_range="10240 65535" net.ipv4.tcp_max_tw_buckets=64
source bench/compare/targets.sh
source bench/compare/measure.sh

start_backend
for target in $targets; do start_target "$target"; done
for target in $targets; do await_port "${port[$target]}"; done

for load in $loads; do
  for target in $targets; do measure "$load" "$target" 1 > /dev/null; done
  for round in $(seq "$rounds"); do
    for target in $targets; do
      measure "$load" "$target" "$duration" | tee -a "$results" >&2
    done
  done
done

report
