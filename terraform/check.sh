#!/usr/bin/env bash
# Checks format, validity and tests of the Terraform module and its examples; nothing is asked of AWS. The last line is
# "terraform: N passed, N failed, N skipped". TF_PLUGIN_DIR names a mirror of providers; else a folder tf-plugins is looked
# for in usual places, else providers come from the network.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1
passed=0 failed=0 skipped=0

finish() {
    echo "terraform: $passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
    exit
}

skip() {
    echo "SKIPPED: terraform: $1"
    skipped=$((skipped + 1))
    finish
}

# Runs a command; what it says is shown when it fails.
check() {
    local what=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED terraform: $what"
        cat "$work/log"
    fi
}

mirror() {
    local folder
    for folder in "${TF_PLUGIN_DIR:-}" "$HOME"/tf-plugins /*/tf-plugins /*/*/tf-plugins; do
        [ -n "$folder" ] && [ -d "$folder" ] && echo "$folder" && return
    done
}

init() {
    timeout 40 terraform -chdir="$1" init -backend=false -input=false -no-color ${plugins:+-plugin-dir="$plugins"}
}

count_runs() {
    passed=$((passed + $(grep -cE '^  run ".*"\.\.\. pass' "$work/log")))
    failed=$((failed + $(grep -cE '^  run ".*"\.\.\. fail' "$work/log")))
}

run_tests() {
    if terraform -chdir="$1" test -no-color >"$work/log" 2>&1; then
        count_runs
    else
        count_runs
        [ "$failed" -gt 0 ] || failed=1
        cat "$work/log"
    fi
}

command -v terraform >/dev/null || skip "terraform 1.9 or newer is missing: the module in terraform/ was not checked"

check "format: terraform fmt -recursive terraform" terraform fmt -check -recursive "$root"

# Tests read the sources' log lines: a copy of what they read, so that no lock file or plugin comes into the tree.
mkdir -p "$work/tree"
tar -C "$root/.." --exclude=.terraform --exclude=.terraform.lock.hcl --exclude=target -cf - terraform functions | tar -C "$work/tree" -xf -
copy=$work/tree/terraform
plugins=$(mirror)
init "$copy/modules/edge-download" >"$work/log" 2>&1
status=$?
# Only what the network or a mirror lacks is skipped; a module that cannot be read is a failure.
if [ "$status" -eq 124 ] || grep -qE 'Failed to (query available provider packages|install provider)' "$work/log"; then
    skip "the provider hashicorp/aws could not be had: set TF_PLUGIN_DIR to a mirror"
fi
check "preparing the module" test "$status" -eq 0
check "validity of the module" terraform -chdir="$copy/modules/edge-download" validate
for example in "$copy"/examples/*/; do
    check "preparing the example $(basename "$example")" init "$example"
    check "validity of the example $(basename "$example")" terraform -chdir="$example" validate
done
run_tests "$copy/modules/edge-download"
finish
