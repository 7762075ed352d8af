# shellcheck shell=bash
# What Atoll needs from the machine, by what it is (a command or a file), which package brings it, and what it is for.

# scope | what | package | for
readonly NEEDS='
platform|file:/etc/ssl/certs/ca-certificates.crt|ca-certificates|trusted connections to the Go module proxy and to Maven Central
platform|command:musl-gcc|musl-tools|compiling atoll-init, PID 1 of every sandbox
platform|command:mmdebstrap|mmdebstrap|assembling the default image from Debian packages
platform|file:/usr/share/keyrings/debian-archive-keyring.gpg|debian-archive-keyring|trusting those packages
test|command:gcc|gcc|compiling the tests of atoll-init
test|file:/usr/include/errno.h|libc6-dev|compiling the tests of atoll-init
test|library:libasan.so|gcc|testing atoll-init under the address sanitizer
test|library:libubsan.so|gcc|testing atoll-init under the undefined-behaviour sanitizer
test|file:/bin/busybox|busybox-static|small root file systems in tests
test|file:/bin/kill|procps|sending signals in tests
test|command:shellcheck|shellcheck|checking the shell scripts
test|command:mkfs.erofs|erofs-utils|small root file systems in tests, and comparing images with what others read in them
'

# each_need SCOPE FUNCTION: calls FUNCTION with what, package and purpose of each row of that scope.
each_need() {
    local scope what package purpose
    while IFS='|' read -r scope what package purpose; do
        if [[ $scope == "$1" ]]; then "$2" "$what" "$package" "$purpose"; fi
    done <<< "$NEEDS"
}

is_there() {
    local name=${1#*:}
    case $1 in
        command:*) command -v "$name" > /dev/null || [[ -x /usr/sbin/$name ]] ;;
        file:*) [[ -e $name ]] ;;
        library:*) [[ $(gcc -print-file-name="$name" 2> /dev/null) == /* ]] ;;
    esac
}

note_missing() {
    if ! is_there "$1" && [[ " $missing_packages " != *" $2 "* ]]; then missing_packages+=" $2"; fi
}

# Sets missing_packages to the packages, separated by blanks, that the scope lacks; tests need the platform's too.
find_missing_packages() {
    missing_packages=
    each_need platform note_missing
    if [[ $1 == test ]]; then each_need test note_missing; fi
    missing_packages=${missing_packages# }
}

install_missing_packages() {
    find_missing_packages "$1"
    if [[ -z $missing_packages ]]; then return; fi
    require_root_for_packages "$missing_packages"
    # shellcheck disable=SC2086 # one word per package
    step "installing Debian packages: $missing_packages" apt_install $missing_packages
}
