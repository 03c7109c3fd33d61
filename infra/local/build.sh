# Sourced by run and bench: builds modules when their output is missing or older than their sources. Needs $root.

# ensure_built MODULE...: leaves their jars, classes and class paths, or ends with what is wrong.
ensure_built() {
    local program modules log built
    program=$(basename "$0")
    modules=$(IFS=,; echo "$*")
    log=$root/target/$program-build.log
    built=$root/target/$program.built
    is_built "$@" || build
}

is_built() {
    local module output
    local sources=("$root"/pom.xml "$root"/functions/engine/{pom.xml,src/main})
    local outputs=("$root/functions/edge/target/quarkus-app/quarkus-run.jar" "$root/infra/local/target/classpath")
    [ -e "$built" ] || return 1
    for module in "$@"; do
        sources+=("$root/$module"/{pom.xml,src/main})
        outputs+=("$root/$module/target/classes")
    done
    for output in "${outputs[@]}"; do
        [ -e "$output" ] || return 1
    done
    # Directories count too: their time changes when a file in them goes.
    [ -z "$(find "${sources[@]}" -newer "$built" -print | head -n 1)" ]
}

# One line a module, and every hundredth download of a first build.
show_progress() {
    awk '
        /^\[INFO\] Building edge-download: / { sub(/^\[INFO\] Building edge-download: /, ""); sub(/ [^ ]*-SNAPSHOT */, " "); print "  " $0; fflush() }
        /Downloaded from/ && ++downloads % 100 == 0 { print "  " downloads " files downloaded"; fflush() }
    '
}

build() {
    if ! command -v mvn >/dev/null; then
        echo "$program: Maven is missing: install it (3.8 or newer), so that 'mvn' is on the PATH" >&2
        exit 1
    fi
    mkdir -p "$root/target"
    echo "Building (log: $log)"
    touch "$built.started"
    if ! mvn -B -f "$root/pom.xml" -pl "$modules" -am package \
        -DskipTests -Dspotless.check.skip=true </dev/null 2>&1 | tee "$log" | show_progress; then
        grep -E '^\[ERROR\]|^\[WARNING\] .*\.java:' "$log" | head -n 20 >&2 || true
        echo "$program: the build failed: see $log" >&2
        exit 1
    fi
    # The start of the build counts: what was edited during it is built next time.
    mv "$built.started" "$built"
}
