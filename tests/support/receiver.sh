# For integration tests, sourced: the programs of the examples in $bin, a directory $work that goes away at exit, and a
# receiver (collector_desk) whose tables can be asked. BIN_DIR or BUILD_DIR/bin holds the programs.
bin=${BIN_DIR:-}
[[ -x $bin/hello ]] || bin=${BUILD_DIR:?BIN_DIR holds no examples, and BUILD_DIR is not set}/bin
support=$(dirname "${BASH_SOURCE[0]}")
desk=${COLLECTOR_DESK:-$bin/collector_desk}
work=$(mktemp -d)
db=$work/desk.db
desk_pid=
failures=0

# The caller's own settings have no say in a test.
for name in "${!OTEL_@}"; do [[ $name == OTEL_TEST_LONG ]] || unset "$name"; done
export no_proxy=127.0.0.1

stop_receiver() {
    [[ -n $desk_pid ]] || return 0
    kill "$desk_pid" 2>/dev/null || true
    wait "$desk_pid" 2>/dev/null || true
    desk_pid=
}

trap 'stop_receiver; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    failures=$((failures + 1))
}

launcher=()     # in front of the receiver
receiver_port=0 # where it listens; 0: where there is room
blocks=         # of 1 KiB: no file of its grows larger

# serve <argument>...: a receiver with those options, on the tables that are there; sets url. What it says comes to the
# end of $work/desk.err.
serve() {
    local line
    stop_receiver
    coproc DESK {
        ulimit -f "${blocks:-unlimited}"
        exec "${launcher[@]}" "$desk" serve --listen "127.0.0.1:$receiver_port" --db "$db" "$@" 2>>"$work/desk.err"
    }
    desk_pid=$DESK_PID
    read -r -t 60 line <&"${DESK[0]}" || { fail 'the receiver did not start'; cat "$work/desk.err" >&2; exit 1; }
    url=${line#listening on }
}

# The same with empty tables, and nothing said.
start_receiver() {
    stop_receiver
    rm -f "$db"* "$work/desk.err"
    serve "$@"
}

# How many rows the receiver's tables have for a query, `(N rows)` being the last line of its answer.
rows() {
    local last
    last=$("$desk" query --db "$db" "$1" | tail -n 1)
    [[ $last =~ ^\(([0-9]+)\ rows?\)$ ]] && printf '%s\n' "${BASH_REMATCH[1]}" || printf 'no count in: %s\n' "$last"
}

expect_rows() { # how many, query
    local found
    found=$(rows "$2")
    [[ $found == "$1" ]] || fail "$found rows instead of $1: $2"
}

expect_text() { # file, extended regular expression
    grep -Eq -- "$2" "$1" || { fail "no '$2' in ${1##*/}:"; cat "$1" >&2; }
}

expect_no_text() { # file, extended regular expression
    ! grep -Eq -- "$2" "$1" || { fail "'$2' in ${1##*/}:"; cat "$1" >&2; }
}

expect_empty() { # file
    [[ ! -s $1 ]] || { fail "${1##*/} is not empty:"; cat "$1" >&2; }
}

finish() {
    [[ $failures == 0 ]] || { printf '%s failures\n' "$failures" >&2; exit 1; }
}
