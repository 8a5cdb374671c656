#!/usr/bin/env bash
# What otel-log --help prints, its man page, the completion for bash and the README name the same options.
set -euo pipefail
export LC_ALL=C
otel_log=${OTEL_LOG:?OTEL_LOG does not name the program}
source_dir=${SOURCE_DIR:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    failures=$((failures + 1))
}

# Options in text, one a line: -x as well as --xxx.
options_in() { grep -oE -- '(^|[^[:alnum:]-])--?[a-z][a-z-]*' | grep -oE -- '--?[a-z][a-z-]*' | sort -u; }

same() { # what, file
    diff "$work/help" "$2" >"$work/difference" || fail "$1 differs from --help: $(<"$work/difference")"
}

"$otel_log" --help | sed -nE 's/^ +((-[a-z], )?--[a-z-]+).*/\1/p' | options_in >"$work/help"
[[ $(wc -l <"$work/help") -gt 20 ]] || fail "--help names only: $(<"$work/help")"

page=$source_dir/tools/otel-log/otel-log.1
grep '^\.It Fl' "$page" | grep -oE 'Fl [a-z-]+' | sed 's/^Fl /-/' | sort -u >"$work/page"
same 'the man page' "$work/page"
mandoc -T lint -W warning "$page" || fail 'mandoc has something to say about the man page'

# offers <word>...: what the completion offers for the last word.
source "$source_dir/tools/otel-log/completions/otel-log.bash"
offers() {
    COMP_WORDS=(otel-log "$@") COMP_CWORD=$# COMPREPLY=()
    _otel_log
    printf '%s\n' "${COMPREPLY[@]}"
}
expect_offer() { # what is offered, word...
    local offered
    offered=$(offers "${@:2}" | sort | paste -sd' ')
    [[ $offered == "$1" ]] || fail "offered for ${*:2}: '$offered' instead of '$1'"
}
[[ $(complete -p otel-log) == *_otel_log* ]] || fail 'the completion is not registered'
offers - | sort -u >"$work/completion"
same 'the completion' "$work/completion"
touch "$work/a file.log" "$work/another"
cd "$work"
expect_offer '--time --timeout' --ti
expect_offer 'WARN' -s wa
expect_offer 'ERROR' --severity = E
expect_offer 'a file.log another' --tee --follow a
expect_offer '' --scope -
expect_offer '' --stats -- --he
expect_offer '' --stats word
cd - >/dev/null

sed -n '/^## otel-log/,/^## What happens/p' "$source_dir/README.md" | grep '^| `-' | cut -d'|' -f2-3 | options_in >"$work/readme"
same 'the README' "$work/readme"
[[ $failures == 0 ]] || exit 1
