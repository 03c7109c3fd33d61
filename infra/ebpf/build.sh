#!/usr/bin/env bash
# Compiles the program for the kernel: infra/ebpf/target/node_guard.bpf.o, which runs on any Linux 5.15 or newer that has BTF.
set -euo pipefail

case ${1:-} in
    "") ;;
    -h | --help)
        echo "Usage: infra/ebpf/build.sh"
        echo "Needs clang 14 or newer and the headers of libbpf 1.0 or newer (Debian: clang, libbpf-dev)."
        exit 0
        ;;
    *)
        echo "build.sh: '$1' is no option; see --help" >&2
        exit 2
        ;;
esac

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if ! command -v clang >/dev/null; then
    echo "build.sh: clang is missing: install it (Debian: apt-get install clang)" >&2
    exit 1
fi
if ! echo '#include <bpf/bpf_helpers.h>' | clang -target bpf -E - >/dev/null 2>&1 &&
    ! echo '#include <linux/types.h>
#include <bpf/bpf_helpers.h>' | clang -target bpf -I"/usr/include/$(uname -m)-linux-gnu" -E - >/dev/null 2>&1; then
    echo "build.sh: bpf/bpf_helpers.h is missing: install libbpf's headers (Debian: apt-get install libbpf-dev)" >&2
    exit 1
fi
mkdir -p "$here/target"
# Debian has asm/types.h in a folder for each architecture, of which clang knows none for bpf.
clang -O2 -g -target bpf -mcpu=v3 -Wall -Wextra -Werror -I"/usr/include/$(uname -m)-linux-gnu" \
    -c "$here/node_guard.bpf.c" -o "$here/target/node_guard.bpf.o"
# What libbpf needs is BTF; what debuggers would want makes the file five times as large.
if command -v llvm-strip >/dev/null; then
    llvm-strip -g "$here/target/node_guard.bpf.o"
fi
echo "built infra/ebpf/target/node_guard.bpf.o"
