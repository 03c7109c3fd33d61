#!/usr/bin/env bash
# Tests an executable of the server: start-up, memory, and the whole contract suite.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: native-build/verify.sh BINARY
BINARY is what native-build/build.sh server made, or a runner jar (quarkus-run.jar). Starts it, prints the time
until it is ready and its resident memory, then runs the contract suite with it in the place of the JVM. Exits with 0 only when
every row passed.
TEXT
}

case ${1:-} in
    -h | --help) usage; exit 0 ;;
    '') usage >&2; exit 2 ;;
esac
[ -f "$1" ] || { echo "verify.sh: there is no file '$1': build it with native-build/build.sh server" >&2; exit 2; }
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/infra/local/jdk25.sh"
data=$(mktemp -d)
edge=
stop() {
    [ -z "$edge" ] || { kill "$edge" 2>/dev/null && wait "$edge" || true; }
    edge=
}
trap 'stop; rm -rf "$data"' EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
settings=(-Dquarkus.profile=local -Dquarkus.http.port="$port" -Dedge.catalog.directory="$data/catalog")
case $binary in
    *.jar) command=("$JAVA_HOME/bin/java" "${settings[@]}" -jar "$binary") ;;
    *) command=("$binary" "${settings[@]}") ;;
esac

milliseconds() { echo $(($(date +%s%N) / 1000000)); }
begun=$(milliseconds)
"${command[@]}" >"$data/log" 2>&1 &
edge=$!
until { exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null; do
    kill -0 "$edge" 2>/dev/null || { echo "verify.sh: it ended at its start:" >&2; cat "$data/log" >&2; exit 1; }
done
printf 'GET /q/health/ready HTTP/1.0\r\n\r\n' >&3
read -r _ status _ <&3
exec 3<&- 3>&-
echo "ready after $(($(milliseconds) - begun)) ms with status $status"
awk '/^VmRSS/ { printf "resident memory %.1f MiB\n", $2 / 1024 }' "/proc/$edge/status"
[ "$status" = 200 ] || { cat "$data/log" >&2; exit 1; }
stop

echo "Running the contract suite (log: $root/target/verify.log)"
mkdir -p "$root/target"
if ! EDGE_RUNNER=$binary mvn -B -f "$root/pom.xml" -pl tests/contract -am verify -Dspotless.check.skip=true -Dtest='*Contract' \
    -Dsurefire.failIfNoSpecifiedTests=false </dev/null >"$root/target/verify.log" 2>&1; then
    grep -E '^\[ERROR\]' "$root/target/verify.log" | head -n 20
    echo "FAILED: see $root/target/verify.log"
    exit 1
fi
grep -E '^\[(INFO|WARNING)\] Tests run:.*[0-9]$' "$root/target/verify.log" | tail -n 1 | sed 's/^\[[A-Z]*\] /contract suite: /'
