# Sourced by test and bench: installs servers that Debian has. Needs $root.

# Where Debian has its servers; not every user's PATH does.
export PATH=$PATH:/usr/sbin

# ensure_installed PROGRAM PACKAGE: installs the package when the program is missing; fails when it cannot.
ensure_installed() {
    command -v "$1" >/dev/null && return
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 1
    echo "Installing $2"
    # A run level without services: the package must not start a server of its own. systemd knows no run level.
    {
        apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "$2" || return 1
        [ ! -d /run/systemd/system ] || systemctl disable --now "$1" || true
    } >"$root/target/$(basename "$0")-install.log" 2>&1
}

# ensure_consul: unpacks Debian 11's consul into target/consul, which later releases do not have; nothing is installed.
ensure_consul() {
    local home=$root/target/consul
    command -v consul >/dev/null || [ -x "$home/usr/bin/consul" ] && return
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
    echo "Unpacking consul"
    (
        set -e
        mkdir -p "$home/apt/lists/partial" "$home/apt/cache/archives/partial" "$home/apt/parts"
        cd "$home/apt"
        # The mirror that this machine has for its own release.
        mirror=$(apt-get indextargets --format '$(SITE)' | grep -m 1 '/debian/*$')
        echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bullseye main" >sources.list
        apt=(apt-get -qq -o Dir::Etc::sourcelist="$PWD/sources.list" -o Dir::Etc::sourceparts="$PWD/parts"
            -o Dir::State::lists="$PWD/lists" -o Dir::Cache="$PWD/cache")
        "${apt[@]}" update
        "${apt[@]}" download consul
        dpkg -x consul_*.deb "$home"
    ) >"$root/target/$(basename "$0")-consul.log" 2>&1
}

# ensure_promtool: unpacks Debian's prometheus into target/prometheus; as a package that is installed it would start a server.
ensure_promtool() {
    local home=$root/target/prometheus
    export PATH=$PATH:$home/usr/bin
    command -v promtool >/dev/null && return
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
    echo "Unpacking promtool"
    (
        set -e
        mkdir -p "$home/apt/lists/partial" "$home/apt/cache/archives/partial"
        cd "$home/apt"
        apt=(apt-get -qq -o Dir::State::lists="$PWD/lists" -o Dir::Cache="$PWD/cache")
        "${apt[@]}" update
        "${apt[@]}" download prometheus
        dpkg -x prometheus_*.deb "$home"
    ) >"$root/target/$(basename "$0")-promtool.log" 2>&1
}
