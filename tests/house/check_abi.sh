#!/usr/bin/env bash
# What abidiff says of two builds of a library: anything that a program compiled against the first would notice.
# usage: check_abi.sh <root of the old tree> <root of the new tree> <working directory>
# Compiles API and SDK of both with debug information; nothing else of a tree is needed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
old=$1 new=$2 work=$3
failures=0

build() { # root, part, name of the result
    local root=$1 part=$2 includes="" directory
    for directory in "$root"/api "$root"/sdk; do includes="$includes -I $directory/include"; done
    version=$(sed -nE 's/^#define OTEL_(SDK_)?VERSION(_TEXT)? "([0-9.]+)".*/\3/p' "$root"/api/include/otel/*.h \
        "$root"/sdk/include/otel/sdk/sdk.h | head -n 1)
    { echo 'OTEL_0 { global:'; sed 's/$/;/' "$root/$part/exported_symbols.txt"; echo 'local: *; };'; } >"$work/$3.map"
    gcc -std=c11 -D_GNU_SOURCE -DOTEL_VERSION_TEXT="\"${version:-0}\"" -g -O0 -w -fPIC -shared -pthread $includes \
        -I "$root/$part/src" -Wl,--version-script="$work/$3.map" $(find "$root/$part/src" -name '*.c') -o "$work/$3.so"
}

mkdir -p "$work"
for part in api sdk; do
    build "$old" $part "old-$part"
    build "$new" $part "new-$part"
    code=0
    abidiff --headers-dir1 "$old/$part/include" --headers-dir2 "$new/$part/include" --drop-private-types \
        --suppressions "$here/abi.suppress" --no-added-syms "$work/old-$part.so" "$work/new-$part.so" || code=$?
    if [ "$code" -ne 0 ]; then
        echo "$part is not compatible with what it was (abidiff ended with $code)"
        failures=$((failures + 1))
    fi
done
[ "$failures" -eq 0 ]
