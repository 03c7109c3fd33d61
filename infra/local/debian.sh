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
