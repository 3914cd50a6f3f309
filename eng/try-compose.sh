#!/usr/bin/env bash
# Builds the image, brings docker-compose.yml up and looks whether traffic flows, without a registry and without a network:
# images by the names that Dockerfile and docker-compose.yml have are made out of the programs of this machine first.
# Docker runs in a network namespace that has loopback alone, with its data in a temporary folder.
#
# Needs root, a .NET SDK in /usr/share/dotnet, Node.js with npm, packages that were restored and installed once, and what `eng/install-test-deps.sh --compose`
# installs. Takes some minutes on two cores, most of it to build.
#
# What is not tried so: the real images (users, entry points and file layout of .NET's chiseled image, nginx, alpine, socat and
# Prometheus are imitated as far as the files here rely on them), Grafana (Debian has none; in its place something answers that
# the files for it are there), pulling, and systems other than this one.
set -euo pipefail
cd "$(dirname "$0")/.."

for program in dockerd docker docker-compose ip curl nginx socat busybox prometheus node npm; do
  command -v "$program" > /dev/null || { echo "try-compose: $program is missing" >&2; exit 1; }
done
[ "$(id -u)" -eq 0 ] || { echo "try-compose: needs root" >&2; exit 1; }

work=$(mktemp -d)
namespace=l4lb-compose-$$
daemon=
export DOCKER_HOST=unix://$work/docker.sock DOCKER_CONFIG=$work/config DOCKER_BUILDKIT=0
export COMPOSE_PROJECT_NAME=l4lb-try COMPOSE_HTTP_TIMEOUT=120

step() { printf '\n=== %s (%ss)\n' "$1" "$SECONDS"; }
# Not `ip netns exec`: that has a /sys of its own, without the control groups.
within() { nsenter --net="/run/netns/$namespace" "$@"; }

finish() {
  local code=$?
  trap - EXIT
  if [ -n "$daemon" ]; then
    if [ "$code" -ne 0 ]; then
      tail -n 20 "$work/dockerd.log"
    fi
    if docker ps -a > "$work/containers" 2> /dev/null; then
      [ "$code" -eq 0 ] || { cat "$work/containers"; docker-compose logs --no-color --tail=20; } || true
      docker-compose down -v -t 5 > /dev/null 2>&1 || true
    fi
    kill "$daemon" 2> /dev/null || true
    wait "$daemon" 2> /dev/null || true
  fi
  ip netns delete "$namespace" 2> /dev/null || true
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT

# waits SECONDS WHAT COMMAND…: until the command succeeds.
waits() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" > /dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || { echo "try-compose: $what: did not come true" >&2; return 1; }
    sleep 0.3
  done
  echo "$what"
}

step "start docker where there is no way out"
ip netns add "$namespace"
within ip link set lo up
mkdir -p "$work/config"
# exec, so that the id is the daemon's own.
nsenter --net="/run/netns/$namespace" dockerd --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/dockerd.pid" \
  --host "$DOCKER_HOST" > "$work/dockerd.log" 2>&1 &
daemon=$!
waits 60 "docker answers" docker version

# add ROOT FILE…: the programs or libraries with all libraries that they load.
add() {
  local root=$1 file
  shift
  for file in "$@"; do
    mkdir -p "$root$(dirname "$file")"
    cp -L "$file" "$root$file"
    { ldd "$file" 2> /dev/null || true; } | grep -o '/[^ ]*' | while read -r library; do
      [ -e "$root$library" ] || { mkdir -p "$root$(dirname "$library")"; cp -L "$library" "$root$library"; }
    done
  done
}

# root NAME: a folder that becomes an image, with users and a shell's programs unless NAME ends in -bare.
root() {
  local root=$work/roots/$1
  mkdir -p "$root/tmp" "$root/etc" "$root/root" "$root/bin"
  chmod 1777 "$root/tmp"
  printf 'root:x:0:0:root:/root:/bin/sh\napp:x:1654:1654::/home/app:/bin/false\nnobody:x:65534:65534::/:/bin/false\n' > "$root/etc/passwd"
  printf 'root:x:0:\napp:x:1654:\nnogroup:x:65534:\n' > "$root/etc/group"
  if [ "${1%-bare}" = "$1" ]; then
    cp "$(command -v busybox)" "$root/bin/busybox"
    for applet in $(busybox --list); do
      [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
    done
  fi
  echo "$root"
}

# image ROOT NAME CHANGE…: with what else a Dockerfile would say.
image() {
  local root=$1 name=$2 changes=()
  shift 2
  for change in "$@"; do changes+=(--change "$change"); done
  tar -C "$root" -c . | docker import "${changes[@]}" - "$name" > /dev/null
  rm -rf "$root"
  echo "$name"
}

libraries=$(dirname "$(ldconfig -p | awk '/libssl.so.3 /{print $NF; exit}')")
# What .NET loads, those by name when it needs them included.
runtime=(/usr/share/dotnet/dotnet /usr/share/dotnet/shared/*/*/*.so "$libraries/libssl.so.3" "$libraries/libcrypto.so.3")

step "stand-ins for the images"
r=$(root runtime-bare)
mkdir -p "$r/usr/share/dotnet"
cp -R /usr/share/dotnet/{dotnet,host,shared} "$r/usr/share/dotnet/"
add "$r" "${runtime[@]}"
image "$r" mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled "ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true" "USER 1654"

r=$(root sdk)
mkdir -p "$r/usr/share" "$r/root/.nuget/packages"
cp -R /usr/share/dotnet "$r/usr/share/"
add "$r" "${runtime[@]}"
ln -s /usr/share/dotnet/dotnet "$r/bin/dotnet"
# The packages that the locked projects name, so that restoring needs no network.
packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
awk -F'"' '/^      "/{name=tolower($2)} /"resolved"/{print name "/" $4}' src/*/packages.lock.json | sort -u | while read -r package; do
  mkdir -p "$r/root/.nuget/packages/$(dirname "$package")"
  cp -R "$packages/$package" "$r/root/.nuget/packages/$(dirname "$package")/"
done
image "$r" mcr.microsoft.com/dotnet/sdk:10.0 "ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true" "ENV HOME=/root" "ENV PATH=/bin"

r=$(root node)
# librt is what its native modules load besides.
add "$r" "$(command -v node)" "$libraries/librt.so.1"
mkdir -p "$r/usr/lib/node_modules" "$r/usr/bin" "$r/root/.npm"
cp -R "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" "$r/usr/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$r/usr/bin/npm"
ln -s /bin/busybox "$r/usr/bin/env"
# What npm has fetched here before, so that installing needs no network.
cp -R "$(npm config get cache 2> /dev/null)/_cacache" "$r/root/.npm/"
image "$r" node:24-bookworm-slim "ENV HOME=/root" "ENV PATH=/bin:/usr/bin:$(dirname "$(command -v node)")" "ENV npm_config_offline=true"

r=$(root alpine)
image "$r" alpine:3.22 "ENV PATH=/bin" 'CMD ["sh"]'

r=$(root nginx)
add "$r" "$(command -v nginx)"
mkdir -p "$r/etc/nginx/conf.d" "$r/var/log/nginx" "$r/var/lib/nginx" "$r/run"
printf 'user root root;\nerror_log stderr;\nevents {}\nhttp { include /etc/nginx/conf.d/*.conf; access_log off; }\n' > "$r/etc/nginx/nginx.conf"
image "$r" nginx:1.29-alpine "ENV PATH=/bin:/usr/sbin" "CMD [\"$(command -v nginx)\", \"-g\", \"daemon off;\"]"

r=$(root socat)
add "$r" "$(command -v socat)"
image "$r" alpine/socat:1.8.0.3 "ENV PATH=/bin:$(dirname "$(command -v socat)")" "ENTRYPOINT [\"$(command -v socat)\"]"

r=$(root prometheus)
add "$r" "$(command -v prometheus)"
mkdir -p "$r/prometheus" "$r/etc/prometheus"
chown 65534:65534 "$r/prometheus"
image "$r" prom/prometheus:v3.5.0 "USER 65534" "WORKDIR /prometheus" \
  "ENTRYPOINT [\"$(command -v prometheus)\", \"--config.file=/etc/prometheus/prometheus.yml\", \"--storage.tsdb.path=/prometheus\"]"

r=$(root grafana)
printf '#!/bin/sh\nset -e\ntest -s /etc/grafana/provisioning/datasources/*.yaml\ntest -s /etc/grafana/provisioning/dashboards/*.yaml\nexec httpd -f -p 3000 -h /var/lib/grafana/dashboards\n' > "$r/run.sh"
chmod +x "$r/run.sh"
image "$r" grafana/grafana:12.1.0 "ENV PATH=/bin" 'ENTRYPOINT ["/run.sh"]'

step "build the image"
docker build --network none -t l4lb .
docker run --rm --network none l4lb --version
docker image inspect -f '{{.Size}} bytes in all, run by {{.Config.User}}' l4lb
base=$(docker image inspect -f '{{.Size}}' mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled)
echo "of which l4lb: $(($(docker image inspect -f '{{.Size}}' l4lb) - base)) bytes"

step "docker compose up"
docker-compose config -q
docker-compose up -d --no-build
waits 60 "l4lb is healthy" sh -c 'test "$(docker inspect -f "{{.State.Health.Status}}" "$(docker-compose ps -q l4lb)")" = healthy'

shows() { ask -f http://127.0.0.1:9900/ | grep '<div id="app">' > /dev/null; }
ask() { within curl -sS --max-time 5 "$@"; }
hears() { ask "$2" | grep "$1" > /dev/null; }
token=$(docker-compose logs --no-color tokens | sed -n 's/.*token of those who look: //p' | head -n 1)

for server in web-1 web-2 web-3; do
  waits 30 "$server answers through l4lb" hears "^$server\$" http://127.0.0.1:8080/
done
udp() { echo hello | within timeout 5 socat -t 3 - UDP4:127.0.0.1:5353 | grep -q "^$1\$"; }
for server in udp-1 udp-2; do
  waits 60 "$server answers through l4lb" udp "$server"
done

test "$(ask -o /dev/null -w '%{http_code}' http://127.0.0.1:9900/api/v1/status)" = 401
waits 10 "the dashboard is there" shows
echo "the admin API refuses who has no token"
test "$(ask -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" http://127.0.0.1:9900/api/v1/status)" = 200
echo "and takes the token that was made"
# The traffic source's address, as docker-compose.yml has it.
# Not -q: who is not read to the end fails.
logged() { docker-compose logs --no-color l4lb | grep "\"client\":\"172.31.77.40:.*\"protocol\":\"$1\".*\"reason\":\"completed\"" > /dev/null; }
waits 30 "the access log has sessions of the traffic source" logged tcp
waits 30 "the access log has flows of the traffic source" logged udp
waits 60 "Prometheus scrapes l4lb" sh -c "
  nsenter --net=/run/netns/$namespace curl -sS -G 'http://127.0.0.1:9090/api/v1/query' --data-urlencode 'query=sum(l4lb_session_accepted_total) > 10' | grep -q '\"value\"'"
waits 30 "Grafana's place has the dashboard" ask -f -o /dev/null http://127.0.0.1:3000/l4lb.json

step "a backend goes, and its clients do not notice"
docker-compose stop -t 1 web-2
for _ in $(seq 1 30); do
  ask -f http://127.0.0.1:8080/ > /dev/null
done
echo "30 of 30 answered"

step "stop in order"
docker-compose stop -t 40 l4lb
code=$(docker inspect -f '{{.State.ExitCode}}' "$(docker-compose ps -q l4lb)")
[ "$code" -eq 0 ] || { echo "try-compose: l4lb exited $code" >&2; exit 1; }
echo "l4lb exited 0"

step "done"
