#!/usr/bin/env bash
# Installs what the build, the system tests and the benchmarks use, by Debian package name. Needs root; does nothing twice.
#
#   eng/install-test-deps.sh           what the tests need
#   eng/install-test-deps.sh --bench   and what the benchmarks need
#   eng/install-test-deps.sh --compose and what eng/try-compose.sh needs
set -euo pipefail

packages=(iproute2 nftables procps curl nginx libnginx-mod-stream haproxy bird2 dnsmasq-base bind9-dnsutils dnsperf prometheus chromium)
packages+=(zsh fish bsdutils groff-base man-db) # shells, a terminal and pages, for what the commands print
# The dashboard is built by Node.js; one that is there already, wherever it came from, is good enough.
command -v npm > /dev/null || packages+=(nodejs npm)
[ "${1:-}" = "--bench" ] && packages+=(wrk)
[ "${1:-}" = "--compose" ] && packages+=(docker.io docker-compose socat busybox-static prometheus)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done

if [ ${#missing[@]} -eq 0 ]; then
  echo "install-test-deps: all of ${packages[*]} are there"
  exit 0
fi

if [ "$(id -u)" -ne 0 ]; then
  echo "install-test-deps: missing ${missing[*]}; run this as root, or install them yourself" >&2
  exit 1
fi

# Packages must not start services: the tests start their own, on their own ports.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends "${missing[@]}"
