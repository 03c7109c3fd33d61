#!/usr/bin/env bash
# Builds a native executable: the server, or the function for AWS Lambda.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: native-build/build.sh [server|lambda]
Builds natively with the first that there is of
  1. native-image in $GRAALVM_HOME/bin
  2. native-image on the PATH
  3. podman or docker, with the builder image that Quarkus names for JDK 25 (Mandrel)
and leaves
  server   functions/edge/target/edge-download-edge-*-runner
  lambda   functions/lambda/target/function.zip, for the runtime provided.al2023
It takes some minutes and up to 8 GiB of memory. native-build/verify.sh tests what came out.
TEXT
}

what=${1:-server}
case $what in
    server) modules=(-pl functions/edge) result='functions/edge/target/*-runner' ;;
    lambda) modules=(-Plambda -pl functions/lambda) result=functions/lambda/target/function.zip ;;
    -h | --help) usage; exit 0 ;;
    *) echo "build.sh: unknown target '$what'" >&2; usage >&2; exit 2 ;;
esac

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/infra/local/jdk25.sh"

if [ -x "${GRAALVM_HOME:-}/bin/native-image" ]; then
    echo "Building with $GRAALVM_HOME"
    builder=()
elif command -v native-image >/dev/null; then
    GRAALVM_HOME=$(cd "$(dirname "$(readlink -f "$(command -v native-image)")")/.." && pwd)
    export GRAALVM_HOME
    echo "Building with $GRAALVM_HOME"
    builder=()
elif runtime=$(command -v podman || command -v docker); then
    echo "Building in a container by $runtime"
    builder=(-Dquarkus.native.container-build=true -Dquarkus.native.container-runtime="$(basename "$runtime")"
        -Dquarkus.native.builder-image=quay.io/quarkus/ubi9-quarkus-mandrel-builder-image:jdk-25)
else
    cat >&2 <<'TEXT'
build.sh: there is neither native-image nor a container runtime. Install one of
  - Mandrel or GraalVM for JDK 25, and set GRAALVM_HOME to its folder
  - podman or docker, which then gets the builder image by itself
TEXT
    exit 1
fi

mvn -B -f "$root/pom.xml" "${modules[@]}" -am package -DskipTests -Dspotless.check.skip=true \
    -Dnative "${builder[@]}" </dev/null
# shellcheck disable=SC2086 # the pattern is to be one
ls -l "$root"/$result
