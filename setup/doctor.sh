# shellcheck shell=bash
# ./atoll doctor: what is there, what is missing, and the command that mends it. Changes nothing, unless with --sweep: that removes what
# belongs to the platform and nobody owns.

readonly DISK_NEEDED_GIB=6

doctor() {
    local json=false
    case ${1-} in
        '') ;;
        --json) json=true ;;
        --sweep) sweep_orphans "${@:2}" ;;
        *) die "$EX_USAGE" "doctor knows no argument $1" "./atoll doctor [--json | --sweep]" ;;
    esac
    rows=() broken=0
    examine_tools
    examine_host
    examine_build
    if $json; then print_json; else print_rows; fi
    [[ $broken -eq 0 ]]
}

# The Java command line knows how to ask a platform that runs, and how to look where none does.
sweep_orphans() {
    built_here || die "$EX_MISSING" "the command line that looks for what was left behind is not built here yet" "./atoll setup"
    run_cli sweep "$@"
}

# row STATE NAME DETAIL [REMEDY]; STATE is ok, missing (needed, so doctor fails) or note (needed only by some).
row() {
    if [[ $1 == missing ]]; then broken=$((broken + 1)); fi
    rows+=("$1" "$2" "$3" "${4-}")
}

# check SEVERITY NAME REMEDY FUNCTION ARGS…: a row from a fact.
check() {
    local severity=$1 name=$2 remedy=$3
    shift 3
    fact=
    if "$@"; then row ok "$name" "$fact"; else row "$severity" "$name" "$fact" "$remedy"; fi
}

examine_tools() {
    check missing jdk "$(jdk_remedy)" jdk_fact
    each_need platform examine_need
    if [[ -n ${ATOLL_RUNSC-} ]]; then
        check missing runsc "unset ATOLL_RUNSC, or let it name a runsc" given_runsc_fact
    elif runsc_is_pinned; then
        row ok runsc "$(pinned_version) in $ATOLL_HOME/runtime"
    else
        row missing runsc "the pinned runsc $(pinned_version) is not in $ATOLL_HOME/runtime" "./atoll setup"
        check missing go "./atoll setup" go_fact
    fi
    each_need test examine_test_need
    if [[ -x $ATOLL_HOME/runtime/floor/runsc ]]; then
        row ok floor-runsc "the oldest accepted runsc is in $ATOLL_HOME/runtime/floor"
    else
        row note floor-runsc "the oldest accepted runsc is not in $ATOLL_HOME/runtime/floor; only tests need it" "./atoll test"
    fi
}

examine_need() {
    if is_there "$1"; then row ok "${1#*:}" "$3"; else row missing "${1#*:}" "$3" "apt-get install $2"; fi
}

examine_test_need() {
    if is_there "$1"; then row ok "${1#*:}" "tests: $3"; else row note "${1#*:}" "tests: $3" "apt-get install $2   (or: ./atoll test)"; fi
}

jdk_fact() {
    if find_jdk; then
        fact="JDK $jdk_feature in $jdk_home"
    else
        fact="no JDK $MIN_JDK or newer in JAVA_HOME, /usr/lib/jvm or PATH"
        return 1
    fi
}

go_fact() {
    if find_go; then
        fact="Go $go_version in $go_bin"
    else
        fact="no Go >= 1.$MIN_GO_MINOR, which builds runsc"
        return 1
    fi
}

given_runsc_fact() {
    fact=$("$ATOLL_RUNSC" --version 2> /dev/null | head -n 1)
    fact="ATOLL_RUNSC=$ATOLL_RUNSC: ${fact:-not a runsc}"
    [[ $fact == *'runsc version'* ]]
}

examine_host() {
    check missing root "sudo ./atoll …" root_fact
    check missing cgroups "boot with the memory and pids controllers (systemd does), or mount -t cgroup2 none /sys/fs/cgroup" cgroup_fact
    check missing user-namespaces "sysctl -w user.max_user_namespaces=28633 kernel.unprivileged_userns_clone=1" user_namespace_fact
    check note kvm "" kvm_fact
    check missing disk "free some space, or choose another disk: ATOLL_HOME=/some/dir" disk_fact "$ATOLL_HOME" "$DISK_NEEDED_GIB"
    check missing data-directory "run as root, or choose another place: ATOLL_HOME=/some/dir" data_directory_fact
    examine_port
}

root_fact() {
    fact="running as user $EUID; sandboxes need root"
    [[ $EUID -eq 0 ]] && fact="running as root"
}

data_directory_fact() {
    local dir=$ATOLL_HOME
    while [[ ! -e $dir ]]; do dir=${dir%/*} dir=${dir:-/}; done
    fact="$ATOLL_HOME is writable"
    [[ -d $dir && -w $dir ]] || { fact="$ATOLL_HOME is not writable" && return 1; }
}

# A platform of ours on the port is what it is for.
examine_port() {
    local listen=${ATOLL_LISTEN:-127.0.0.1:7070} port
    port=${listen##*:}
    if ! port_taken "$port"; then
        row ok port "port $port is free"
    elif [[ $listener == *dev.atoll.server.Main* ]]; then
        row ok port "a platform listens on port $port"
    else
        row missing port "$fact" "stop it, or use another port: ATOLL_LISTEN=127.0.0.1:7080 for every atoll command"
    fi
}

examine_build() {
    if built_here && ! sources_newer_than "$current"; then
        row ok build "built from these sources"
    else
        row note build "not built from these sources yet" "./atoll setup"
    fi
}

print_rows() {
    local i mark
    for ((i = 0; i < ${#rows[@]}; i += 4)); do
        mark=${rows[i]}
        printf '%-8s %-26s %s\n' "$mark" "$(short "${rows[i + 1]}")" "${rows[i + 2]}"
        if [[ -n ${rows[i + 3]} ]]; then printf '%-8s %-26s   %s\n' '' '' "to mend it: ${rows[i + 3]}"; fi
    done
    if [[ $broken -eq 0 ]]; then echo "All needed things are here."; else echo "$broken needed things are missing."; fi
}

short() { echo "${1##*/}"; }

print_json() {
    local i separator=
    printf '{"ok": %s, "checks": [' "$([[ $broken -eq 0 ]] && echo true || echo false)"
    for ((i = 0; i < ${#rows[@]}; i += 4)); do
        printf '%s\n  {"name": %s, "state": %s, "detail": %s, "remedy": %s}' "$separator" "$(quote "$(short "${rows[i + 1]}")")" \
            "$(quote "${rows[i]}")" "$(quote "${rows[i + 2]}")" "$(quote "${rows[i + 3]}")"
        separator=,
    done
    printf '\n]}\n'
}

# A JSON string; null for nothing.
quote() {
    local text=$1
    if [[ -z $text ]]; then
        printf null
        return
    fi
    text=${text//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//[[:cntrl:]]/ }
    printf '"%s"' "$text"
}
