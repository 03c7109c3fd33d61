#!/usr/bin/env bash
# Packs the functions for the JVM's AOT cache and trains it.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: native-build/aot.sh
Builds functions/edge/target/aot with a layout that the JVM's AOT cache can hold (Quarkus' aot-jar), starts
it beside the local stack, runs the contract suite against it, and has the JVM write what it learned to
functions/edge/target/aot/app.aot (JEP 483, 514). From then on

    cd functions/edge/target/aot &&
        java -XX:AOTCache=app.aot --enable-native-access=ALL-UNNAMED -jar quarkus-run.jar

starts in a fraction of the time. The cache fits the JDK, the jars and the --enable-native-access that it was made
with, and no others: the JVM leaves it aside when they differ (-Xlog:aot says why).
TEXT
}

case ${1:-} in
    -h | --help) usage; exit 0 ;;
    '') ;;
    *) echo "aot.sh: unknown argument '$1'" >&2; usage >&2; exit 2 ;;
esac

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/infra/local/jdk25.sh"
aot=$root/functions/edge/target/aot
log=$root/target/aot.log
mkdir -p "$root/target"

fail() {
    echo "aot.sh: $1: see $log" >&2
    exit 1
}

echo "Building (log: $log)"
rm -rf "$aot"
mvn -B -q -f "$root/pom.xml" -pl functions/edge,infra/local,tests/contract -am package -DskipTests -Dspotless.check.skip=true \
    -Dquarkus.package.jar.type=aot-jar -Dquarkus.package.output-directory=aot </dev/null >"$log" 2>&1 || fail "the build failed"

data=$(mktemp -d)
stack=
stop() {
    [ -z "$stack" ] || { kill "$stack" 2>/dev/null && wait "$stack" || true; }
    stack=
}
trap 'stop; rm -rf "$data"' EXIT

touch "$data/out"
echo "Starting it in training"
EDGE_RUNNER=$aot/quarkus-run.jar EDGE_RUNNER_OPTIONS=-XX:AOTCacheOutput=$aot/app.aot \
    "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dedge.project="$root" \
    -cp "$root/infra/local/target/classes:$(cat "$root/infra/local/target/classpath")" \
    io.edgedownload.local.Main --port 0 --origin-port 0 --s3-port 0 --control-port 0 --data "$data" >"$data/out" 2>>"$log" &
stack=$!
until url=$(grep -m 1 -oE 'http://127\.0\.0\.1:[0-9]+/download' "$data/out"); do
    kill -0 "$stack" 2>/dev/null || fail "it did not start"
    read -rt 0.2 <> <(:) || true
done

echo "Training: the contract suite against ${url%/download}"
mvn -B -q -f "$root/pom.xml" -pl tests/contract -am verify -Dspotless.check.skip=true -Dtest='*Contract' \
    -Dsurefire.failIfNoSpecifiedTests=false -Dquarkus.package.output-directory=aot -Dquarkus.package.jar.type=aot-jar \
    -Dedge.contract.url="${url%/download}" -Dedge.contract.admin-token="$(cat "$data/admin-token")" </dev/null >>"$log" 2>&1 ||
    fail "the contract suite failed"

echo "Writing the cache"
stop
[ -s "$aot/app.aot" ] || fail "the JVM wrote no cache"
echo "$aot/app.aot: $(du -h "$aot/app.aot" | cut -f 1)"
