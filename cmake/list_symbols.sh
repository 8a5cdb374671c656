#!/bin/sh
# Proposes a list of exported symbols: the names that public headers declare with OTEL_API or define inline.
#   cmake/list_symbols.sh api/include > api/exported_symbols.txt     then review the difference
set -eu
[ $# -gt 0 ] || { echo "usage: $0 <directory or header>..." >&2; exit 2; }
find "$@" -name '*.h' | sort | xargs cat | awk '
    { text = text $0 "\n" }
    END {
        gsub(/\\\n/, " ", text)
        gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, " ", text)
        gsub(/\n[ \t]*#[^\n]*/, "\n", text)
        gsub(/[ \t\n]+/, " ", text)
        while (match(text, /OTEL_(API|INLINE|[A-Z_]+_INLINE) [^;{(\[]*[;({\[]/)) {
            declaration = substr(text, RSTART, RLENGTH - 1)
            text = substr(text, RSTART + RLENGTH)
            sub(/ +$/, "", declaration)
            sub(/.*[ *]/, "", declaration)
            print declaration
        }
    }' | LC_ALL=C sort -u
