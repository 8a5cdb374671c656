# For tests/bench/run, sourced: keeps figures by their label, and prints them as a table, as Markdown and as JSON.
declare -A values=() units=() budgets=() notes=()
order=()
clock="yardstick clock_gettime"
protobuf="yardstick protobuf_c"

keep() { # label, unit, value
    [[ -n ${values[$1]:-} ]] || order+=("$1")
    values[$1]+=" ${3:-nan}"
    units[$1]=$2
}

# What is counted must be right, or the figure is worth nothing: that is said beside it.
expect() { # label, key, value, line
    local found
    found=$(value_of "$2" "$4")
    [[ $found == "$3" ]] || notes[$1]="$2=$found instead of $3"
}

statistics() { # label; median, smallest, largest
    printf '%s\n' ${values[$1]} | sort -g | awk '{ v[NR] = $1 + 0 }
        END { m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; print m, v[1], v[NR] }'
}

median() { # label
    local m
    read -r m _ < <(statistics "$1")
    printf '%s\n' "$m"
}

plus() { # label, more
    awk -v a="$(median "$1")" -v b="$2" 'BEGIN { printf "%.1f", a + b }'
}

kib() { # bytes
    awk -v b="$1" 'BEGIN { printf "%.1f", b / 1024 }'
}

load() {
    cut -d ' ' -f 1-3 /proc/loadavg
}

# The median as so many of another; nothing for what is no time.
ratio() { # label, label of the other
    [[ ${units[$1]} == ns ]] || return 0
    awk -v a="$(median "$1")" -v b="$(median "$2")" 'BEGIN { if (b > 0) printf "%.2f", a / b }'
}

describe() { # circumstances
    local processor compiler
    processor=$(sed -nE 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)
    compiler=$(sed -nE 's/^CMAKE_C_COMPILER:[A-Z]+=//p' "$build/CMakeCache.txt")
    machine="$(nproc) cores, ${processor:-$(uname -m)}; $("$compiler" --version | head -n 1); $1"
}

remarks() { # label
    printf '%s' "${budgets[$1]:-}${notes[$1]:+ ! ${notes[$1]}}"
}

print_table() {
    local label m low high
    echo "$machine"
    printf '%-36s %9s %-6s %-19s %7s %7s  %s\n' "" median "" "(range)" "/ clock" "/ pb-c" budget
    for label in "${order[@]}"; do
        read -r m low high < <(statistics "$label")
        printf '%-36s %9s %-6s %-19s %7s %7s  %s\n' "$label" "$m" "${units[$label]}" "($low - $high)" \
            "$(ratio "$label" "$clock")" "$(ratio "$label" "$protobuf")" "$(remarks "$label")"
    done
}

# What the README shows; the table has all.
print_markdown() {
    local label m low high
    printf '%s\n\n' "$machine"
    printf '| | median | range | clock reads | of protobuf-c | budget |\n|---|--:|--:|--:|--:|---|\n'
    for label in "${order[@]}"; do
        case $label in
            *"emit (wall)" | *coarse | *fetch_add | "seam, provider none" | "seam, provider closed" | "size of lib"*)
                continue ;;
        esac
        read -r m low high < <(statistics "$label")
        printf '| %s | %s %s | %s–%s | %s | %s | %s |\n' "$label" "$m" "${units[$label]}" "$low" "$high" \
            "$(ratio "$label" "$clock")" "$(ratio "$label" "$protobuf")" "$(remarks "$label")"
    done
}

text() { # as a JSON string
    local t=${1//\\/\\\\}
    printf '"%s"' "${t//\"/\\\"}"
}

print_json() {
    local label m low high separator=
    printf '{"machine": %s, "rounds": %d, "figures": [' "$(text "$machine")" "$rounds"
    for label in "${order[@]}"; do
        read -r m low high < <(statistics "$label")
        printf '%s\n  {"name": %s, "unit": %s, "median": %s, "smallest": %s, "largest": %s' "$separator" \
            "$(text "$label")" "$(text "${units[$label]}")" "${m//nan/null}" "${low//nan/null}" "${high//nan/null}"
        [[ -z ${budgets[$label]:-} ]] || printf ', "budget": %s' "${budgets[$label]%% *}"
        [[ -z ${notes[$label]:-} ]] || printf ', "wrong": %s' "$(text "${notes[$label]}")"
        printf '}'
        separator=,
    done
    printf '\n]}\n'
}
