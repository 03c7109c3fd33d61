# Sourced by run, test and bench: sets JAVA_HOME to a JDK 25, or ends with one line that says what to install.

is_jdk25() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -Eq '^JAVA_VERSION="25([."+-]|$)' "$1/release"
}

# The JDK that a java or javac on the PATH belongs to, behind any symbolic links.
jdk_on_path() {
    local tool
    tool=$(command -v javac) || return 0
    while [ -L "$tool" ]; do
        local target
        target=$(readlink "$tool")
        case $target in
            /*) tool=$target ;;
            *) tool=$(dirname "$tool")/$target ;;
        esac
    done
    dirname "$(dirname "$tool")"
}

find_jdk25() {
    local home
    for home in \
        "${JAVA_HOME:-}" \
        "$(jdk_on_path)" \
        /usr/lib/jvm/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/*; do
        if is_jdk25 "$home"; then
            echo "$home"
            return
        fi
    done
}

JAVA_HOME=$(find_jdk25)
if [ -z "$JAVA_HOME" ]; then
    echo "$(basename "$0"): no JDK 25 found: install one (Eclipse Temurin 25, for example) or set JAVA_HOME to it" >&2
    exit 1
fi
export JAVA_HOME
