# shellcheck shell=bash
# Messages, the log, and steps with progress. Everything a person reads goes to stderr: stdout belongs to the command.

log=/dev/null

say() { printf 'atoll: %s\n' "$*" >&2; }

# die CODE WHAT [REMEDY]
die() {
    local code=$1
    printf 'atoll: %s\n' "$2" >&2
    if [[ -n ${3-} ]]; then printf '  to mend it: %s\n' "$3" >&2; fi
    exit "$code"
}

# Appends to the log file; past 4 MiB the old one is kept once, beside it.
start_log() {
    log=$1
    if [[ -f $log && $(stat -c %s "$log") -gt $((4 << 20)) ]]; then mv "$log" "$log.1"; fi
    printf '\n=== %(%F %T)T %s\n' -1 "set-up of $ATOLL_ROOT" >> "$log"
}

# step TITLE FUNCTION ARGS…: runs the function with its output in the log. Over a second it shows on stderr that and
# for how long it runs; if it fails, the last lines of the log and a remedy, and the launcher ends.
# Call it as a plain command: in a condition bash would not stop the function at its first error.
step() {
    local title=$1 rc began=$SECONDS mark ticker
    shift
    printf '\n--- %(%T)T %s\n' -1 "$title" >> "$log"
    mark=$(stat -c %s "$log")
    show_progress "$title" &
    ticker=$!
    set +e
    (
        set -e
        trap - EXIT
        "$@"
    ) >> "$log" 2>&1 < /dev/null
    rc=$?
    kill "$ticker" 2> /dev/null
    wait "$ticker" 2> /dev/null
    set -e
    if [[ -t 2 ]]; then printf '\r\033[K' >&2; fi
    if [[ $rc -ne 0 ]]; then step_failed "$title" "$rc" "$mark"; fi
    if [[ $((SECONDS - began)) -ge 1 ]]; then say "$title: done in $((SECONDS - began)) s"; fi
}

# On a terminal one line that counts the seconds; else one line at the start and one every 30 s.
# Ends when it is told to, or when the launcher is gone. It waits in read, so that no child of it outlives it.
show_progress() {
    local seconds=0 never
    trap 'exit 0' TERM
    if [[ -n ${home_lock-} ]]; then exec {home_lock}>&- {root_lock}>&-; fi
    exec {never}<> <(:)
    until read -rt 1 -u "$never"; do
        kill -0 $$ 2> /dev/null || exit 0
        seconds=$((seconds + 1))
        if [[ -t 2 ]]; then
            printf '\r\033[Katoll: %s … %d s' "$1" "$seconds" >&2
        elif [[ $seconds -eq 1 || $((seconds % 30)) -eq 0 ]]; then
            say "$1 … $seconds s"
        fi
    done
}

step_failed() {
    local title=$1 rc=$2 mark=$3 said
    said=$(tail -c +"$((mark + 1))" "$log")
    say "$title failed (exit code $rc). The last lines of $log:"
    telling_lines "$said" | sed 's/^/  | /' >&2
    die "$EX_MISSING" "$title could not be done" "$(remedy_for "$said")"
}

# The last lines that say something; of Maven's many, its errors.
telling_lines() {
    local errors
    errors=$(grep '^\[ERROR\] ' <<< "$1" | grep -v -e 'Re-run Maven' -e 'To see the full' -e 'For more information' \
        -e 'After correcting' -e '^\[ERROR\]  *mvn ' -e '^\[ERROR\] *$' -e '^\[ERROR\] \[Help' -e 'COMPILATION ERROR' |
        awk '!seen[$0]++' | head -n 12) || true
    if [[ -n $errors ]]; then
        cut -c1-400 <<< "$errors"
    else
        # A step may fail without a word.
        { grep -v -e '^[[:space:]]*$' -e '^\sat ' <<< "$1" || true; } | tail -n 15 | cut -c1-400
    fi
}

# Knows by its words what stopped a step; a step that knows better prints a line "remedy: …" itself.
remedy_for() {
    local own
    own=$(grep -o 'remedy: .*' <<< "$1" | tail -n 1) || true
    if [[ -n $own ]]; then
        echo "${own#remedy: }"
        return
    fi
    case ${1,,} in
        *'no space left on device'* | *'not enough free space'* | *"don't have enough free space"*)
            echo "free some disk space (df -h $ATOLL_HOME $ATOLL_ROOT /tmp), then run it again"
            ;;
        *'could not get lock'* | *'unable to acquire the dpkg frontend lock'*)
            echo "another program is installing packages; wait for it, then run it again"
            ;;
        *'dpkg was interrupted'*)
            echo "dpkg --configure -a"
            ;;
        *'temporary failure'* | *'could not resolve'* | *'unknown host'* | *'unknownhostexception'* | *'network is unreachable'* | \
            *'no such host'* | *'dial tcp'* | *'connection refused'* | *'connect timed out'* | *'failed to fetch'*)
            echo "this step needs the network (a Debian mirror, Maven Central, the Go module proxy); check it, then run it again"
            ;;
        *)
            echo "read $log, then run it again; ./atoll doctor shows what is missing"
            ;;
    esac
}
