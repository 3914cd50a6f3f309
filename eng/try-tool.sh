#!/usr/bin/env bash
# Packs l4lb as a .NET tool, installs it from that package alone into a temporary folder, and runs it there.
#
#   eng/try-tool.sh          builds first
#   eng/try-tool.sh --built  takes what `dotnet build -c Release` has built
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet pack src/L4Lb.Host -c Release -o "$work/packages" ${1:+--no-build}
cat > "$work/nuget.config" <<EOF
<configuration>
  <packageSources><clear /><add key="here" value="$work/packages" /></packageSources>
</configuration>
EOF
dotnet tool install L4Lb --tool-path "$work/tools" --configfile "$work/nuget.config" --no-cache
"$work/tools/l4lb" --version
[ ! -e src/L4Lb.Host/obj/dashboard/index.html ] || [ -n "$(find "$work/tools" -path '*/dashboard/index.html')" ] \
  || { echo "try-tool: the tool lacks its dashboard" >&2; exit 1; }
"$work/tools/l4lb" demo --once > "$work/demo" || { cat "$work/demo"; exit 1; }
du -h "$work"/packages/*.nupkg | cut -f1
echo "try-tool: packed, installed, and its demo serves"
