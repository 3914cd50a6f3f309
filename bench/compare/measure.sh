# One measurement, and the table. Sourced by compare.sh.

# CPU ticks of a process and its children: nginx does its work in them.
cpu_ticks() {
  local total=0 stat p
  for p in "$1" $(cat "/proc/$1/task/$1/children" 2> /dev/null); do
    stat=$(cat "/proc/$p/stat")
    stat=${stat##*) }
    set -- $stat
    total=$((total + ${12} + ${13}))
  done
  echo "$total"
}

# measure LOAD TARGET SECONDS → load, target, requests/s, GB/s, p50 ms, p99 ms, CPU s per 100,000 requests, CPU s per GB, errors
measure() {
  local load=$1 target=$2 seconds=$3 before=0 after=0 output
  local options=(-t2 -c64) path=/small
  case "$load" in
    keep) ;;
    paced) options=(-t2 -c128 -s bench/compare/paced.lua) ;;
    close) options+=(-H "Connection: close") ;;
    64k) path=/64k ;;
    bulk) options=(-t2 -c8) path=/bulk ;;
    *) echo "compare.sh: unknown load $load" >&2; exit 2 ;;
  esac

  local process=${pid[$target]:-}
  [ -n "$process" ] && before=$(cpu_ticks "$process")
  output=$(wrk "${options[@]}" --timeout 30s --latency -d "${seconds}s" "http://127.0.0.1:${port[$target]}$path")
  [ -n "$process" ] && after=$(cpu_ticks "$process")
  awk -v load="$load" -v target="$target" -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" '
    function ms(text) { return text ~ /us$/ ? text / 1000 : text ~ /ms$/ ? text + 0 : text * 1000 }
    function bytes(text) { return text * (text ~ /GB$/ ? 2^30 : text ~ /MB$/ ? 2^20 : text ~ /KB$/ ? 2^10 : 1) }
    $1 == "50%" { p50 = ms($2) }
    $1 == "99%" { p99 = ms($2) }
    /requests in/ { requests = $1; moved = bytes($5) }
    /Requests\/sec/ { rate = $2 }
    /Transfer\/sec/ { speed = bytes($2) / 1e9 }
    /Socket errors/ { gsub(",", ""); errors = $4 + $6 + $8 + $10 }
    /Non-2xx/ { errors += $NF }
    END {
      cpu = ticks / hz
      printf "%s\t%s\t%.1f\t%.3f\t%.3f\t%.3f\t%.4f\t%.4f\t%d\n", load, target, rate, speed, p50, p99,
        requests ? cpu * 1e5 / requests : 0, moved ? cpu * 1e9 / moved : 0, errors
    }' <<< "$output"
}

describe() {
  echo "Machine: $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), $cores cores, Linux $(uname -r)."
  echo "$(haproxy -v | awk '{ print $1, $3; exit }'), $(nginx -v 2>&1 | sed 's/.*: //'), .NET $(dotnet --list-runtimes | awk '/NETCore.App/ { v = $2 } END { print v }'), $(wrk -v 2>&1 | awk '{ print $1, $2; exit }')."
  echo "Medians of $rounds rounds of $duration s, targets alternating; the load, the backend and the proxy share the cores."
}

report() {
  awk -F'\t' -v loads="$1" -v targets="$2" "$(cat bench/compare/medians.awk)"'
    BEGIN {
      title["keep"] = "64 connections kept alive, small responses"
      title["close"] = "64 connections, a new one for each request"
      title["64k"] = "64 connections kept alive, 64 KiB responses"
      title["bulk"] = "8 connections kept alive, 100 MiB responses"
    }
    END {
      nl = split(loads, load, " "); nt = split(targets, target, " ")
      for (l = 1; l <= nl; l++) {
        bulk = load[l] == "bulk" || load[l] == "64k"
        printf "\n### %s\n\n", title[load[l]]
        printf "| target | requests/s | GB/s | ×HAProxy | p50 ms | p99 ms | CPU s per %s | ×HAProxy | errors |\n", bulk ? "GB" : "100,000"
        print "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
        for (t = 1; t <= nt; t++) {
          x = target[t]; cpu = bulk ? 8 : 7
          printf "| %s | %.0f | %.3f | %s | %.2f | %.2f | %s | %s | %d |\n", x, of(load[l], x, 3), of(load[l], x, 4), ratio(load[l], x, "haproxy", bulk ? 4 : 3),
            of(load[l], x, 5), of(load[l], x, 6), dash("%.3f", of(load[l], x, cpu)),
            of(load[l], x, cpu) ? ratio(load[l], x, "haproxy", cpu) : "–", sum[load[l], x, 9]
        }
      }
    }' "$results"
}
