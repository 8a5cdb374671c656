#!/usr/bin/env bash
# The binary interface against the last release (a tag v<version>), with abidiff. While there is none: that the check
# accepts what may change, and refuses what may not.
# usage: abi_test.sh <root of the tree> <working directory>
set -euo pipefail
root=$1 work=$2
check=$(dirname "$0")/check_abi.sh

fresh_copy() {
    rm -rf "$work/copy"
    mkdir -p "$work/copy"
    cp -r "$root/api" "$root/sdk" "$work/copy"
}

refuses() { # what was planted, words that must be said
    if "$check" "$root" "$work/copy" "$work" >"$work/said" 2>&1 || ! grep -q "$2" "$work/said"; then
        echo "abidiff did not notice $1"
        exit 1
    fi
}

accepts() { # tree, what
    if ! "$check" "$1" "$root" "$work" >"$work/said" 2>&1; then
        cat "$work/said"
        echo "the binary interface is not that of $2"
        exit 1
    fi
}

rm -rf "$work"
mkdir -p "$work"
accepts "$root" "the tree itself"
fresh_copy
sed -i 's|^    uint64_t time_unix_nano; .*|    uint64_t planted;\n&|' "$work/copy/api/include/otel/log.h"
refuses "a field in the middle of a record" planted
fresh_copy
sed -i '/^otel_stop$/d' "$work/copy/sdk/exported_symbols.txt"
refuses "a function that is gone" otel_stop
fresh_copy
sed -i 's|^OTEL_API otel_result otel_flush(uint32_t ms);|OTEL_API otel_result otel_flush(uint64_t ms);|' \
    "$work/copy/sdk/include/otel/sdk/sdk.h"
sed -i 's|^otel_result otel_flush(uint32_t ms)|otel_result otel_flush(uint64_t ms)|' "$work"/copy/sdk/src/logs/*.c
refuses "a parameter of another type" otel_flush

release=$(git -C "$root" describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null || true)
if [ -n "$release" ]; then
    mkdir -p "$work/release"
    git -C "$root" archive "$release" api sdk | tar -x -C "$work/release"
    accepts "$work/release" "$release"
fi
echo "abidiff: compatible with ${release:-itself; there is no release yet}"
