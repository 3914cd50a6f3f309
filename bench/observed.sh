#!/usr/bin/env bash
# Measures what it costs to be looked at: throughput and CPU per request of L4Lb with nobody looking, and with a scrape a
# second, a follower of the stream, and a dashboard open in a browser, in turns within every round. The table has the medians.
#
#   bench/observed.sh [--rounds N] [--duration SECONDS] [--load paced|keep] [--lookers "scrape stream dashboard"]
#
# paced has 128 connections that rest for a millisecond between requests, some 50,000 a second on two cores; keep asks for all.
#
# Load, backend, browser and L4Lb share the machine's cores. The browser, which is elsewhere when it is used, has what the others
# leave (SCHED_IDLE): L4Lb's part of an open dashboard is measured, not the drawing. What is done for the first few hundred times
# is compiled meanwhile, which takes a core for seconds; so everything is looked at often before the first round. What is
# measured while other machines of the host took more than 2 % of the cores is thrown away.
# Runs in a network namespace of its own, whose loopback has no way out. Needs root and eng/install-test-deps.sh --bench.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=7 duration=5 load=paced lookers="scrape stream dashboard"
while [ $# -gt 0 ]; do
  case "$1" in
    --rounds) rounds=$2; shift 2 ;;
    --duration) duration=$2; shift 2 ;;
    --load) load=$2; shift 2 ;;
    --lookers) lookers=$2; shift 2 ;;
    --inside) inside=1; shift ;;
    *) echo "observed.sh: unknown option $1" >&2; exit 2 ;;
  esac
done

for tool in wrk nginx curl chromium chrt ip unshare; do
  command -v "$tool" > /dev/null || { echo "observed.sh: $tool is missing; eng/install-test-deps.sh --bench" >&2; exit 1; }
done

if [ -z "${inside:-}" ]; then
  dotnet build -c Release src/L4Lb.Host -v quiet --nologo >&2
  exec unshare --net -- "$0" --inside --rounds "$rounds" --duration "$duration" --load "$load" --lookers "$lookers"
fi

cores=$(nproc)
work=$(mktemp -d)
chmod 755 "$work"
declare -A pid=() port=([l4lb]=8084)
backends=() looking=()
admin=http://127.0.0.1:9900

end_looking() {
  for p in "${looking[@]}"; do kill "$p" 2> /dev/null || true; wait "$p" 2> /dev/null || true; done
  looking=()
}
finish() {
  end_looking
  for p in "${backends[@]}" "${pid[@]}"; do kill "$p" 2> /dev/null || true; done
  wait 2> /dev/null || true
  rm -rf "$work"
}
trap finish EXIT
ip link set lo up

await_port() {
  for _ in $(seq 1 100); do
    (: < "/dev/tcp/127.0.0.1/$1") 2> /dev/null && return
    sleep 0.1
  done
  echo "observed.sh: nobody listens on port $1" >&2
  exit 1
}

. bench/compare/targets.sh
. bench/compare/measure.sh
start_backend
dotnet src/L4Lb.Host/bin/Release/net10.0/l4lb.dll run --listen "tcp://127.0.0.1:${port[l4lb]}" --backend 127.0.0.1:9001 \
  --admin "${admin#http://}" --log-level warn &
pid[l4lb]=$!
await_port "${port[l4lb]}"
await_port "${admin##*:}"

look() {
  for looker in $lookers; do
    case "$looker" in
      scrape) while :; do curl -fsS "$admin/metrics" > /dev/null; sleep 1; done & ;;
      stream) curl -fsSN "$admin/api/v1/stream" > /dev/null & ;;
      dashboard)
        chrt --idle 0 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-background-networking \
          --user-data-dir="$work/browser" --remote-debugging-port=0 "$admin/" > /dev/null 2>&1 &
        ;;
      *) echo "observed.sh: unknown looker $looker" >&2; exit 2 ;;
    esac
    looking+=($!)
  done
  sleep 6 # until the page is there
}

# Percent of the cores' time that other machines of the host took since $1 and $2 of before.
stolen_since() { awk -v total="$1" -v stolen="$2" '/^cpu / { for (i = 2; i <= 9; i++) t += $i; print int(1000 * ($9 - stolen) / (t - total)) / 10; exit }' /proc/stat; }
cpu_time() { awk '/^cpu / { for (i = 2; i <= 9; i++) t += $i; print t, $9; exit }' /proc/stat; }

# Once more when other machines had more than 2 % meanwhile; nothing when they never leave it alone.
measure_undisturbed() {
  local before result stolen
  for _ in $(seq 1 30); do
    before=$(cpu_time)
    result=$(measure "$load" l4lb "$duration")
    stolen=$(stolen_since $before)
    if awk -v stolen="$stolen" 'BEGIN { exit stolen > 2 }'; then
      echo "$result"
      return
    fi
    echo "disturbed: others took $stolen % of the cores" >&2
  done
}

# So that all of it is compiled.
look
for _ in $(seq 1 500); do curl -fsS "$admin/metrics" > /dev/null; done
measure "$load" l4lb 10 > /dev/null
end_looking
for round in $(seq 1 "$rounds"); do
  for state in unseen observed; do
    [ "$state" = unseen ] || look
    measure_undisturbed | awk -F'\t' -v OFS='\t' -v state="$state" '{ $2 = state; print }' >> "$work/results.tsv"
    end_looking
    tail -1 "$work/results.tsv" | awk -F'\t' -v round="$round" '{ printf "round %d: %s %.0f/s, %.3f CPU s per 100,000\n", round, $2, $3, $7 }' >&2
  done
done

echo "| | requests/s | ratio | CPU s per 100,000 | ratio |"
echo "|---|---|---|---|---|"
awk -F'\t' -v load="$load" -f bench/compare/medians.awk -f /dev/stdin "$work/results.tsv" << 'AWK'
END {
  for (i = split("unseen observed", states, " "); i > 0; i--) {
    s = states[i]
    printf "| %s | %.0f | %s | %.3f | %s |\n", s, of(load, s, 3), ratio(load, s, "unseen", 3), of(load, s, 7), ratio(load, s, "unseen", 7)
  }
}
AWK
