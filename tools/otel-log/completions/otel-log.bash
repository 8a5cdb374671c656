# Completion of otel-log for bash.
_otel_log()
{
    local options='-s --severity -t --time -a --attr -e --event --exception-type --exception-message
        --exception-stacktrace --scope --json --body-json --journal --prio-prefix --follow --from-start --tee --traceparent
        --baggage --capture --timeout --stats --help --version'
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do # behind it stands the message
        [[ ${COMP_WORDS[i]} == -- ]] && return
    done
    [[ $word == = ]] && word='' # --severity=WARN comes as three words
    [[ $before == = ]] && before=${COMP_WORDS[COMP_CWORD - 2]}
    case $before in
        -s | --severity)
            mapfile -t COMPREPLY < <(compgen -W 'TRACE DEBUG INFO WARN ERROR FATAL' -- "${word^^}") ;;
        --follow)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
        -t | --time | -a | --attr | -e | --event | --exception-* | --scope | --traceparent | --baggage | --timeout) ;;
        *)
            [[ $word != -* ]] || mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word") ;;
    esac
}
complete -F _otel_log otel-log
