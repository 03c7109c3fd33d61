#!/usr/bin/env bash
# Checks what Prometheus reads: its configuration, each alert by a test of its own, and the dashboard's queries. Nothing is
# started. The last line is "observability: N passed, N failed, N skipped". ObservabilityTest checks the rest.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/infra/local/debian.sh"
cd "$root/infra/observability" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

finish() {
    echo "observability: $passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
    exit
}

fail() {
    failed=$((failed + 1))
    echo "FAILED observability: $1"
}

# Runs a command; what it says is shown when it fails.
check() {
    local what=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
    else
        fail "$what"
        cat "$work/log"
    fi
}

# The dashboard's queries as rules, for promtool reads no dashboard. A string of JSON is one of YAML.
queries() {
    printf 'groups:\n  - name: dashboard\n    rules:\n'
    sed -nE 's/^ *"expr": (".*")$/\1/p' dashboard.json |
        sed -e 's/\$__rate_interval/5m/g' -e 's/\$instance/.*/g' |
        awk '{ printf "      - record: query:%d\n        expr: %s\n", NR, $0 }'
}

mkdir -p "$root/target"
if ! ensure_promtool; then
    echo "SKIPPED: observability: promtool is missing and Debian's prometheus could not be unpacked"
    skipped=1
    finish
fi

check "prometheus.yaml" promtool check config prometheus.yaml
alerts=$(sed -n 's/^ *- alert: //p' alerts.yaml)
for alert in $alerts; do
    check "alert $alert" promtool test rules "tests/$alert.yaml"
done
for test in tests/*.yaml; do
    grep -qx "$(basename "$test" .yaml)" <<<"$alerts" || fail "$test is about no alert"
done
queries >"$work/queries.yaml"
check "the dashboard has queries" grep -q 'record: query:1$' "$work/queries.yaml"
check "the dashboard's queries" promtool check rules "$work/queries.yaml"
finish
