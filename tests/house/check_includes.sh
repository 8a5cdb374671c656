#!/usr/bin/env bash
# Which file includes what, against the rules of the house:
#   arrows    api <- sdk <- processors, http <- the other exporters <- builtin; api <- bridges <- bridges/glib; the library for
#             LD_PRELOAD alone goes with a bridge and starts an SDK; nobody reaches into the sources of another part
#   seams     each third-party library is included where its seam is, and nowhere else
#   headers   public headers include our own public headers and freestanding ones only
# usage: check_includes.sh <root of the tree>
set -euo pipefail
cd "$1"
failures=0

fail() {
    echo "$1:$2: $3"
    failures=$((failures + 1))
}

# The part that a file belongs to, as a path: api, sdk, processors, exporters/<x>, bridges, bridges/<x>, tools, examples.
part_of() {
    case $1 in
        exporters/*/*) local rest=${1#exporters/}; echo "exporters/${rest%%/*}" ;;
        bridges/glib/*) echo bridges/glib ;;
        bridges/preload/*) echo bridges/preload ;;
        *) echo "${1%%/*}" ;;
    esac
}

# The part whose public header that is; nothing when there is no such header.
owner_of() {
    local directory
    for directory in api sdk processors exporters/* bridges bridges/glib; do
        if [ -f "$directory/include/$1" ]; then
            echo "$directory"
            return
        fi
    done
}

may_use() { # part, owner
    case $1 in
        api) [ "$2" = api ] ;;
        sdk) [[ $2 == api || $2 == sdk ]] ;;
        processors) [[ $2 == api || $2 == sdk || $2 == processors ]] ;;
        exporters/builtin | bridges/preload | tools | examples) true ;;
        bridges) [[ $2 == api || $2 == bridges ]] ;;
        bridges/glib) [[ $2 == api || $2 == bridges || $2 == bridges/glib ]] ;;
        exporters/http) [[ $2 == api || $2 == sdk || $2 == exporters/http ]] ;;
        exporters/*) [[ $2 == api || $2 == sdk || $2 == exporters/http || $2 == "$1" ]] ;;
    esac
}

check_angle() { # file, line, header
    local part owner
    part=$(part_of "$1")
    owner=$(owner_of "$3")
    if [ -z "$owner" ]; then
        fail "$1" "$2" "<$3> is no public header"
    elif ! may_use "$part" "$owner"; then
        fail "$1" "$2" "<$3> of $owner: the arrow from $part points the wrong way"
    fi
}

check_quoted() { # file, line, header
    local part found directory
    part=$(part_of "$1")
    case $3 in *.pb-c.h) return ;; esac # generated; where it may be used is a matter of the seams
    for directory in "$(dirname "$1")" "$part/src" "$part" ${part/#bridges\/preload/bridges\/src}; do
        [ -f "$directory/$3" ] || continue
        found=$(realpath --relative-to=. "$directory/$3")
        case $part:$found in
            *:"$part"/* | examples:tools/* | bridges/preload:bridges/src/*) return ;;
        esac
        fail "$1" "$2" "\"$3\" lies in $(part_of "$found"), not in $part"
        return
    done
    if [ "$part" = examples ] && [ -f "tools/$3" ]; then return; fi
    fail "$1" "$2" "\"$3\" is no file of $part"
}

# library, pattern of its headers, files that may include them, how many may at most, examples aside (- = any)
seams='
libcurl     ^curl/                        ^(exporters/http/src/|examples/http_service/|examples/collector_desk/alerts/alert_post\.c)   1
zlib        ^(zlib|zconf)\.h$             ^(exporters/http/src|examples/collector_desk)/        1
protobuf-c  ^protobuf-c/|\.pb-c\.h$       ^(exporters/otlp/src|examples/collector_desk)/        -
cJSON       ^(cjson/)?cJSON\.h$           ^(exporters/azure_monitor/src|examples/collector_desk)/  -
microhttpd  ^microhttpd\.h$               ^examples/(collector_desk|http_service)/              -
sqlite      ^sqlite3\.h$                  ^examples/collector_desk/                             -
openssl     ^openssl/                     ^$                                                    -
glib        ^glib(/|\.h$)                 ^bridges/glib/                                         1
yaml        ^yaml\.h$                     ^sdk/src/config/                                      1'

check_seams() {
    local library headers places most file line header users
    while read -r library headers places most; do
        [ -n "$library" ] || continue
        users=""
        while IFS=$'\t' read -r file line header; do
            [[ $header =~ $headers ]] || continue
            if ! [[ $file =~ $places ]]; then fail "$file" "$line" "$library has its seam elsewhere ($places)"; fi
            case " $users examples/" in *" $file "* | *" ${file%%/*}/") ;; *) users="$users $file" ;; esac
        done <<<"$all"
        set -- $users
        if [ "$most" != - ] && [ $# -gt "$most" ]; then fail "$1" 0 "$library in $# files, not $most:$users"; fi
    done <<<"$seams"
}

# Freestanding headers; the two exceptions stand behind #ifndef __GNUC__ and #ifdef __cplusplus. A bridge's header
# includes what it stands in front of.
check_public() { # file, line, header
    case $1:$3 in
        bridges/include/otel/bridges/syslog.h:syslog.h | bridges/glib/include/otel/bridges/glib.h:glib.h) return ;;
    esac
    case $3 in
        otel/*.h | stdbool.h | stddef.h | stdint.h | stdarg.h) ;;
        string.h) guarded_by "$1" "$2" '#ifndef __GNUC__' ;;
        initializer_list) guarded_by "$1" "$2" '#ifdef __cplusplus' ;;
        *) fail "$1" "$2" "a public header must not include <$3>" ;;
    esac
}

guarded_by() { # file, line, guard that must stand on the line before
    [ "$(sed -n "$(($2 - 1))p" "$1")" = "$3" ] || fail "$1" "$2" "must stand right behind $3"
}

# One line for each #include: file, line number, header.
list_includes() {
    find api sdk processors exporters bridges tools examples -name '*.[ch]' -o -name '*.cc' -o -name '*.cpp' | sort |
        xargs grep -nHE '^[[:space:]]*#[[:space:]]*include' |
        sed -E 's/^([^:]*):([0-9]+):[[:space:]]*#[[:space:]]*include[[:space:]]*([<"][^>"]*)[>"].*/\1\t\2\t\3/'
}

marked=$(list_includes)
all=$(sed -E 's/\t[<"]/\t/' <<<"$marked")
while IFS=$'\t' read -r file line header; do
    name=${header:1}
    case $file:$header in
        *:'<otel/'*) check_angle "$file" "$line" "$name" ;;
        *:'"'*) check_quoted "$file" "$line" "$name" ;;
    esac
    case $file in
        api/include/* | sdk/include/* | processors/include/* | exporters/*/include/* | bridges/include/* | bridges/glib/include/*) check_public "$file" "$line" "$name" ;;
    esac
done <<<"$marked"
check_seams

echo "$(wc -l <<<"$all") includes checked, $failures wrong"
[ "$failures" -eq 0 ]
