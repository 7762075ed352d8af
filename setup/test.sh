# shellcheck shell=bash
# ./atoll test [maven arguments]: sets up what the tests need, runs them all, and says how many there were.

run_tests() {
    local rc=0
    [[ $EUID -eq 0 ]] || die "$EX_NOPERM" "the tests make real sandboxes, which needs root" "sudo ./atoll test"
    set_up test
    clear_reports
    say "running all tests (./mvnw verify)"
    (cd "$ATOLL_ROOT" && ./mvnw --batch-mode --no-transfer-progress --fail-at-end "$@" verify) < /dev/null || rc=$?
    count_tests
    return "$rc"
}

# Reports of an earlier run would be counted again.
clear_reports() { rm -rf "$ATOLL_ROOT"/{*,clients/*}/target/{surefire,failsafe}-reports; }

# Reads the reports of surefire and failsafe: the reason of each skip, then the counts alone on the last line.
count_tests() {
    local reports=()
    mapfile -t reports < <(find "$ATOLL_ROOT" -path '*/target/*-reports/TEST-*.xml' | sort)
    if [[ ${#reports[@]} -eq 0 ]]; then
        echo "no test ran"
        return
    fi
    awk -f "$ATOLL_ROOT/setup/count-tests.awk" "${reports[@]}"
}
