#!/usr/bin/env bash
# Measures how many names L4Lb answers, beside Debian's dnsmasq with the same names in a hosts file. The two take turns
# within every round, each on one core of its own and dnsperf on the other; the table has the medians.
#
#   bench/dns.sh [--rounds N] [--duration SECONDS] [--names N]
#
# Runs in a network namespace of its own, whose loopback has no way out. Needs root, two cores and eng/install-test-deps.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=5 duration=5 names=1000
while [ $# -gt 0 ]; do
  case "$1" in
    --rounds) rounds=$2; shift 2 ;;
    --duration) duration=$2; shift 2 ;;
    --names) names=$2; shift 2 ;;
    --inside) inside=1; shift ;;
    *) echo "dns.sh: unknown option $1" >&2; exit 2 ;;
  esac
done

for tool in dnsperf dnsmasq taskset unshare ip; do
  command -v "$tool" > /dev/null || { echo "dns.sh: $tool is missing; eng/install-test-deps.sh" >&2; exit 1; }
done

if [ -z "${inside:-}" ]; then
  dotnet build -c Release src/L4Lb.Host -v quiet --nologo >&2
  exec unshare --net -- "$0" --inside --rounds "$rounds" --duration "$duration" --names "$names"
fi

work=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  wait 2> /dev/null || true
  rm -rf "$work"
}
trap finish EXIT
ip link set lo up

declare -A port=([dnsmasq]=5301 [l4lb]=5302)
for i in $(seq 1 "$names"); do
  address=10.96.$((i / 250)).$((i % 250 + 1))
  printf 'apiVersion: v1\nkind: Service\nmetadata: {name: s%d, namespace: prod}\nspec: {clusterIP: %s, ports: [{port: 80}]}\n---\n' "$i" "$address" >> "$work/services.yaml"
  echo "$address s$i.prod.svc.cluster.local" >> "$work/hosts"
  echo "s$i.prod.svc.cluster.local A" >> "$work/questions"
done

taskset -c 0 dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file= --log-facility=- --user=root --no-resolv --no-hosts --no-poll \
  --addn-hosts="$work/hosts" --port=${port[dnsmasq]} --listen-address=127.0.0.1 --bind-interfaces > "$work/dnsmasq.log" 2>&1 &
pids+=($!)
taskset -c 0 dotnet src/L4Lb.Host/bin/Release/net10.0/l4lb.dll run -f "$work/services.yaml" --serve ExternalIPs --shards 1 --admin none \
  --dns 127.0.0.1:${port[l4lb]} > "$work/l4lb.log" 2>&1 &
pids+=($!)

# Before anything is measured each has to answer, and once around warms both.
for target in dnsmasq l4lb; do
  for try in $(seq 1 100); do
    dnsperf -s 127.0.0.1 -p "${port[$target]}" -d "$work/questions" -n 1 -t 1 -l 2 2> /dev/null | grep -q "Queries lost:         0" && break
    [ "$try" -lt 100 ] || { echo "dns.sh: $target does not answer" >&2; cat "$work/$target.log" >&2; exit 1; }
    sleep 0.1
  done
done

for round in $(seq 1 "$rounds"); do
  for target in dnsmasq l4lb; do
    taskset -c 1 dnsperf -s 127.0.0.1 -p "${port[$target]}" -d "$work/questions" -c 20 -q 200 -l "$duration" > "$work/out"
    rate=$(awk '/Queries per second/ {print $4}' "$work/out")
    lost=$(awk '/Queries lost/ {print $3}' "$work/out")
    latency=$(awk '/Average Latency/ {print $4 * 1000000}' "$work/out")
    echo "round $round: $target $rate/s, $lost lost" >&2
    printf '%s\t%s\t%s\t%s\t%s\n' names "$target" "$rate" "$latency" "$lost" >> "$work/results.tsv"
  done
done

echo "| target | questions/s | ratio | latency, µs | lost |"
echo "|---|---|---|---|---|"
awk -F'\t' -f bench/compare/medians.awk -f /dev/stdin "$work/results.tsv" << 'AWK'
END {
  for (i = split("dnsmasq l4lb", targets, " "); i > 0; i--) {
    t = targets[i]
    printf "| %s | %.0f | %s | %.0f | %d |\n", t, of("names", t, 3), ratio("names", t, "dnsmasq", 3), of("names", t, 4), sum["names", t, 5]
  }
}
AWK
