# shellcheck shell=bash
# The subcommands of the launcher that are not Java's, and the order of the set-up. Sourced by ../atoll.
#
# A step is: check, do, progress. Only apt.sh knows which distribution this is.

# Exit codes, after sysexits(3); docs/developing.md lists them for users.
readonly EX_USAGE=64 EX_MISSING=69 EX_CANTCREATE=73 EX_NOPERM=77

source "$ATOLL_ROOT/setup/say.sh"
source "$ATOLL_ROOT/setup/jdk.sh"
source "$ATOLL_ROOT/setup/apt.sh"
source "$ATOLL_ROOT/setup/needs.sh"
source "$ATOLL_ROOT/setup/runtime.sh"
source "$ATOLL_ROOT/setup/rehearsal.sh"
source "$ATOLL_ROOT/setup/build.sh"

main() {
    local command=${1-help}
    if [[ $# -gt 0 ]]; then shift; fi
    case $command in
        setup)
            [[ $# -eq 0 ]] || die "$EX_USAGE" "setup takes no arguments" "./atoll help"
            set_up platform
            say "ready: data in $ATOLL_HOME, Java $jdk_feature in $jdk_home"
            ;;
        doctor)
            source "$ATOLL_ROOT/setup/kernel.sh"
            source "$ATOLL_ROOT/setup/doctor.sh"
            doctor "$@"
            ;;
        test)
            source "$ATOLL_ROOT/setup/test.sh"
            run_tests "$@"
            ;;
        bench)
            source "$ATOLL_ROOT/setup/bench.sh"
            run_bench "$@"
            ;;
        *)
            help "$@"
            ;;
    esac
}

# Brings the machine and the build to the point where the scope ("client" or "platform") can run. Exits if it cannot.
set_up() {
    local scope=$1
    find_jdk || die "$EX_MISSING" "no JDK 25 or newer: looked at JAVA_HOME, /usr/lib/jvm and PATH" "$(jdk_remedy)"
    export JAVA_HOME=$jdk_home
    prepare_directories "$scope"
    take_lock "$scope"
    if [[ $scope != client ]]; then
        install_missing_packages "$scope"
        make_runsc
    fi
    if [[ $scope == test ]]; then make_floor_runsc; else build "$scope"; fi
    release_lock
}

# Creates what set-up writes to, or says which place is not writable.
prepare_directories() {
    can_write "$ATOLL_ROOT/target" ||
        die "$EX_CANTCREATE" "cannot write to $ATOLL_ROOT/target, where the build goes" \
            "run it as the owner of the checkout, or: sudo ./atoll setup"
    if [[ $1 == client ]]; then
        start_log "$ATOLL_ROOT/target/setup.log"
        return
    fi
    { can_write "$ATOLL_HOME" && can_write "$ATOLL_HOME/log" && can_write "$ATOLL_HOME/runtime"; } ||
        die "$EX_CANTCREATE" "cannot write to the data directory $ATOLL_HOME" \
            "run it as root, or choose another place: ATOLL_HOME=/some/dir ./atoll …"
    start_log "$ATOLL_HOME/log/setup.log"
}

# Creates the directory if it is not there.
can_write() { mkdir -p "$1" 2> /dev/null && [[ -w $1 ]]; }

# Two first runs at once would trample on each other: one works, the other waits and then finds everything done.
take_lock() {
    local where=$ATOLL_ROOT/target/setup.lock
    [[ $1 == client ]] || where=$ATOLL_HOME/setup.lock
    exec {home_lock}> "$where"
    if ! flock --nonblock "$home_lock"; then
        say "another ./atoll is setting up; waiting for it (its log: $log)"
        flock "$home_lock"
    fi
    exec {root_lock}> "$ATOLL_ROOT/target/build.lock"
    flock "$root_lock"
}

release_lock() {
    exec {home_lock}>&- {root_lock}>&-
}

# The command line's own help knows everything; before it is built, this is what one can type.
help() {
    if built_here && [[ -x $ATOLL_JAVA ]]; then run_cli "$@" --help; fi
    cat << 'HELP'
Atoll runs commands in gVisor sandboxes on this machine.

  ./atoll run -- python3 -c 'print("hello")'    set up what is missing, then run one command in a new sandbox
  ./atoll doctor [--json | --sweep]             what is there, what is missing, and the command that mends it; remove orphans
  ./atoll setup                                 only the set-up
  ./atoll test [maven arguments]                set up what the tests need, then run them all
  ./atoll bench BENCHMARK [--help]              measure this machine's platform beside runsc and docker, or kill one
                                                under load: create, exec, output, density, storm, soak,
                                                neighbors, chaos

Environment: ATOLL_HOME (data, /var/lib/atoll), ATOLL_URL and ATOLL_API_KEY (a platform elsewhere),
ATOLL_LISTEN (address of the local platform, 127.0.0.1:7070), ATOLL_DATABASE_URL (Postgres instead of the embedded one),
ATOLL_RUNSC (a runsc instead of the pinned one), JAVA_HOME.

The other commands (ls, exec, rm, image, …) show here once ./atoll setup has built them.
HELP
}
