#!/usr/bin/env bash
# Every public header compiles alone, without a warning, as C11, C++11 and C++17, with each compiler that is there.
# usage: check_headers.sh <root of the tree> [pattern of file names]
set -euo pipefail
cd "$1"
failures=0 checked=0
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
includes=""
places=$(echo api/include sdk/include processors/include exporters/*/include bridges/include)
if command -v pkg-config >/dev/null && pkg-config --exists glib-2.0; then places="$places bridges/glib/include"; fi
for directory in $places; do includes="$includes -I $directory"; done
case $places in *glib*) includes="$includes $(pkg-config --cflags glib-2.0 | sed 's/-I/-isystem /g')" ;; esac

# What a header is documented to come after.
before() { # header
    case $1 in
        otel/bridges/log_c.h)
            echo '#include <stdarg.h>'
            echo 'typedef struct { va_list ap; const char *fmt, *file; void *udata; int line, level; } log_Event;'
            ;;
    esac
}

compile() { # header, compiler and its options
    local header=$1
    shift
    checked=$((checked + 1))
    if ! "$@" $warnings $includes -fsyntax-only - <<<"$(before "$header")"$'\n'"#include <$header>"; then
        echo "<$header> does not compile alone with: $*"
        failures=$((failures + 1))
    fi
}

for header in $(find $places -name "${2:-*.h}" -printf '%P\n' | sort); do
    for compiler in gcc clang; do
        if command -v $compiler >/dev/null; then compile "$header" $compiler -x c -std=c11 -Wstrict-prototypes; fi
    done
    for compiler in g++ clang++; do
        command -v $compiler >/dev/null || continue
        compile "$header" $compiler -x c++ -std=c++11 -Wold-style-cast
        compile "$header" $compiler -x c++ -std=c++17
    done
done
echo "$checked compilations, $failures failed"
[ "$failures" -eq 0 ] && [ "$checked" -gt 0 ]
