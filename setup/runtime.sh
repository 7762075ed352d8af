# shellcheck shell=bash
# The pinned runsc, built once from its Go module, and the oldest accepted one, which only tests use.

readonly MIN_GO_MINOR=21

# Sets go_bin to the directory of a go >= 1.21; 1 if there is none.
find_go() {
    local candidate version
    for candidate in "$(command -v go || true)" /usr/local/go/bin/go /usr/lib/go-*/bin/go; do
        [[ -x $candidate ]] || continue
        version=$(GOTOOLCHAIN=local "$candidate" version 2> /dev/null) || continue
        version=${version#go version go1.}
        version=${version%%[!0-9]*}
        if [[ ${version:-0} -ge $MIN_GO_MINOR ]]; then
            go_bin=${candidate%/*}
            go_version=1.$version
            return 0
        fi
    done
    return 1
}

# Builds runsc unless ATOLL_RUNSC names one or the right one is there. The build script knows the pin.
make_runsc() {
    if runsc_ready; then return; fi
    if ! runsc_is_pinned; then
        if ! find_go; then
            require_root_for_packages golang
            step "installing Go" install_go
            find_go || die "$EX_MISSING" "Go >= 1.$MIN_GO_MINOR was installed but is not found" "put it into PATH, then run it again"
        fi
        step "building runsc, the sandbox runtime (once, about 2 minutes)" build_runsc
    fi
    touch "$ATOLL_HOME/runtime/checked"
}

# The stamp that the build script gives to the binary.
pinned_version() { sed -n 's/^stamp=//p' "$ATOLL_ROOT/isolation/runtime/build.sh"; }

runsc_is_pinned() {
    local said
    said=$("$ATOLL_HOME/runtime/runsc" --version 2> /dev/null) || return 1
    [[ ${said%%$'\n'*} == "runsc version $(pinned_version)" ]]
}

build_runsc() {
    # Go wants a home for its caches, which a service or a bare container may not have.
    HOME=${HOME:-$ATOLL_HOME} PATH=$go_bin:$PATH "$ATOLL_ROOT/isolation/runtime/build.sh" "$ATOLL_HOME/runtime"
}

# Debian's runsc 20240729 into $ATOLL_HOME/runtime/floor.
make_floor_runsc() {
    if [[ -x $ATOLL_HOME/runtime/floor/runsc ]]; then return; fi
    step "fetching the oldest accepted runsc for the tests" fetch_floor_runsc
}

# From the mirror that this machine uses, where it is a Debian; elsewhere ATOLL_DEBIAN_MIRROR has to name one.
fetch_floor_runsc() {
    local mirror
    mirror=${ATOLL_DEBIAN_MIRROR:-$(debian_archive)}
    if [[ -n $mirror ]]; then export ATOLL_DEBIAN_MIRROR=$mirror; fi
    "$ATOLL_ROOT/isolation/runtime/floor.sh" "$ATOLL_HOME/runtime/floor"
}
