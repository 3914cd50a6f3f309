# The UDP measurements, and their tables. Sourced by compare.sh.

# Rates to begin at, which everybody can serve; each step offers a third more.
udp_start=40000 stream_start=60000
latency_rate=20000
segments=16
flows=10000

ask_through() { "${datagram_load[@]}" ask --target "127.0.0.1:${udp_port[$1]}" --rate "$2" --seconds "$3"; }
stream_through() { "${datagram_load[@]}" stream --target "127.0.0.1:${udp_port[$1]}" --count 127.0.0.1:9103 --rate "$2" --seconds "$3" --segments "$4"; }

# One run of a load through a target at a rate → sent/s, came/s, p50 ms, p99 ms, sent, came, CPU ticks of the proxy
run_udp() {
  local load=$1 target=$2 rate=$3 seconds=$4 before=0 after=0 output
  local process=${pid[$target]:-}
  [ -n "$process" ] && before=$(cpu_ticks "$process")
  case "$load" in
    udp | udp-latency) output=$(ask_through "$target" "$rate" "$seconds" | cut -f1-6) ;;
    udp-stream) output=$(stream_through "$target" "$rate" "$seconds" 1) ;;
    udp-stream-gso) output=$(stream_through "$target" "$rate" "$seconds" "$segments") ;;
  esac
  [ -n "$process" ] && after=$(cpu_ticks "$process")
  echo "$output" | awk -v OFS='\t' -v ticks=$((after - before)) 'NF == 4 { $6 = $4; $5 = $3; $4 = $3 = 0 } { print $0, ticks }'
}

# measure_udp LOAD TARGET SECONDS → load, target, came/s, share, p50 ms, p99 ms, CPU s per 100,000 that came, came/s under
# overload, and for flows: RSS MB, kernel MB, sockets
measure_udp() {
  enter_udp_target "$2"
  case "$1" in
    udp) climb "$1" "$2" "$udp_start" ;;
    udp-stream*) climb "$1" "$2" "$stream_start" ;;
    udp-latency) run_udp "$1" "$2" "$latency_rate" "$3" | row "$1" "$2" ;;
    udp-flows) measure_flows "$2" ;;
  esac
  leave_udp_target "$2"
}

warm_udp() {
  [ "$1" = udp-flows ] || { enter_udp_target "$2"; run_udp "$1" "$2" "$udp_start" 2 > /dev/null; leave_udp_target "$2"; }
}

# The best step of a climb counts. It ends when twice in a row less than half comes through, or the load cannot send
# as much; once may be somebody else's doing.
climb() {
  local load=$1 target=$2 rate=$3 ends=0 step sent came
  while [ "$ends" -lt 2 ]; do
    step=$(run_udp "$load" "$target" "$rate" "$step_seconds")
    echo "$step"
    read -r sent came _ <<< "$step"
    if [ $((came * 2)) -lt "$sent" ] || [ $((sent * 4)) -lt $((rate * 3)) ]; then ends=$((ends + 1)); else ends=0; fi
    rate=$((rate * 4 / 3))
  done | row "$load" "$target"
}

# Runs → the row of the best.
row() {
  awk -v load="$1" -v target="$2" -v hz="$(getconf CLK_TCK)" '
    $2 >= best { best = $2; share = $5 ? $6 / $5 : 0; p50 = $3; p99 = $4; cpu = $6 ? $7 / hz * 1e5 / $6 : 0 }
    { overload = $2 }
    END { printf "%s\t%s\t%.0f\t%.4f\t%.3f\t%.3f\t%.4f\t%.0f\n", load, target, best, share, p50, p99, cpu, overload }'
}

# The target has only just been started: what it takes at first is not taken for what flows take.
measure_flows() {
  local target=$1 process=${pid[$1]:-} ticks rss slab sockets output
  flows_through "$target" 2000 > /dev/null
  ticks=$(cpu_ticks_of "$process") rss=$(rss_kb "$process") slab=$(slab_kb) sockets=$(udp_sockets)
  output=$(flows_through "$target" "$flows")
  awk -v load=udp-flows -v target="$target" -v hz="$(getconf CLK_TCK)" -v ticks=$(($(cpu_ticks_of "$process") - ticks)) \
    -v rss=$(($(rss_kb "$process") - rss)) -v slab=$(($(slab_kb) - slab)) -v sockets=$(($(udp_sockets) - sockets)) '
    { printf "%s\t%s\t%d\t%.4f\t%.3f\t%.3f\t%.4f\t0\t%.1f\t%.1f\t%d\n", load, target, $1, $4 ? $5 / $4 : 0, $2, $3,
        $5 ? ticks / hz * 1e5 / $5 : 0, rss / 1024, slab / 1024, sockets }' <<< "$output"
}

flows_through() { "${datagram_load[@]}" flows --target "127.0.0.1:${udp_port[$1]}" --count "$2"; }
cpu_ticks_of() { if [ -n "$1" ]; then cpu_ticks "$1"; else echo 0; fi; }

rss_kb() {
  local total=0 p
  [ -z "$1" ] || for p in "$1" $(cat "/proc/$1/task/$1/children"); do
    total=$((total + $(awk '/^VmRSS/ { print $2 }' "/proc/$p/status")))
  done
  echo "$total"
}

# Sockets, their files and the kernel's own table of flows lie in slabs. Those are the whole machine's.
slab_kb() { awk '/^Slab:/ { print $2 }' /proc/meminfo; }
udp_sockets() { awk '/^UDP:/ { print $3 }' /proc/net/sockstat; }

report_udp() {
  awk -F'\t' -v loads="$1" -v targets="$2" -v rate="$latency_rate" -v segments="$segments" -v flows="$flows" "$(cat bench/compare/medians.awk)"'
    function share(load, target) { return sprintf("%.1f %%", 100 * of(load, target, 4)) }
    function heading(text, columns) { printf "\n### %s\n\n| target | %s |\n|---", text, columns; n = gsub(/\|/, "|", columns); for (c = 0; c <= n; c++) printf "|---:"; print "|" }
    function cpu(load, target) { return dash("%.3f", of(load, target, 7)) " | " (of(load, target, 7) ? ratio(load, target, "nginx", 7) : "–") }
    function ms(load, target) { return sprintf("%.2f | %.2f", of(load, target, 5), of(load, target, 6)) }
    BEGIN {
      title["udp"] = "UDP: 64 clients, 64 bytes there and back"
      title["udp-stream"] = "UDP: 4 one-way streams of 1,200 bytes"
      title["udp-stream-gso"] = "UDP: 4 one-way streams of 1,200 bytes, " segments " with a send (UDP_SEGMENT)"
      title["udp-latency"] = "UDP: 64 clients, 64 bytes there and back, " rate " a second"
      title["udp-flows"] = "UDP: " flows " new flows"
    }
    END {
      nl = split(loads, load, " "); nt = split(targets, target, " ")
      for (l = 1; l <= nl; l++) {
        y = load[l]
        if (y == "udp-latency") heading(title[y], "answered | p50 ms | p99 ms | CPU s per 100,000 | ×nginx")
        else if (y == "udp-flows") heading(title[y], "flows/s | ×nginx | answered | p50 ms | p99 ms | CPU s per 100,000 | ×nginx | process MB | kernel MB | sockets")
        else heading(title[y], (y == "udp" ? "answers/s" : "arrived/s") " | ×nginx | of those sent | overloaded, /s | CPU s per 100,000 | ×nginx")
        for (t = 1; t <= nt; t++) {
          x = target[t]
          if (y == "udp-latency") printf "| %s | %s | %s | %s |\n", x, share(y, x), ms(y, x), cpu(y, x)
          else if (y == "udp-flows") printf "| %s | %.0f | %s | %s | %s | %s | %s | %.1f | %.0f |\n", x, of(y, x, 3), ratio(y, x, "nginx", 3),
            share(y, x), ms(y, x), cpu(y, x), dash("%.1f", of(y, x, 9)), of(y, x, 10), of(y, x, 11)
          else printf "| %s | %.0f | %s | %s | %.0f | %s |\n", x, of(y, x, 3), ratio(y, x, "nginx", 3), share(y, x), of(y, x, 8), cpu(y, x)
        }
      }
    }' "$results"
}
