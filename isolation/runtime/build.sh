#!/usr/bin/env bash
# Builds the runsc that Atoll pins into OUTDIR/runsc: about 75 s on two cores, 1 s when it is already there.
#
# The version stamp matters: checkpoints are tied to it, and unstamped builds would all look alike to a restore; "-atoll"
# in it says that the changes below are in. CGO_ENABLED=0 matters: a build with cgo loses its loader after it has entered its
# empty root and cannot boot. Needs Go >= 1.21 (it fetches the toolchain that go.mod names through the module proxy).
set -euo pipefail

if [[ $# -ne 1 ]]; then
    echo "usage: build.sh OUTDIR" >&2
    exit 64
fi
out=$(realpath -m "$1")
stamp=release-20260905.0-atoll2
cd "$(dirname "$(realpath "$0")")"

if [[ -x $out/runsc && $("$out/runsc" --version | head -n 1) == "runsc version $stamp" ]]; then
    echo "$out/runsc is $stamp already"
    exit 0
fi
if ! command -v go > /dev/null; then
    echo "build.sh: go is missing; Debian 12: apt-get install -t bookworm-backports golang-go" >&2
    exit 69
fi

mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work" "$out/.runsc.new"' EXIT
export GOFLAGS='' GOTOOLCHAIN=auto GOWORK=off CGO_ENABLED=0

go mod download gvisor.dev/gvisor
cp -r "$(go list -mod=readonly -m -f '{{.Dir}}' gvisor.dev/gvisor)" "$work/gvisor"
chmod -R u+w "$work/gvisor"

# Replaces a text that stands in a file of gVisor exactly once. go.sum still vouches for all the rest.
change() {
    local file=$work/gvisor/$1 before=$2 after=$3 text
    text=$(< "$file")
    if [[ $(grep -cF -- "$before" "$file") -ne 1 ]]; then
        echo "build.sh: this gVisor has no such line any more, see $file: $before" >&2
        exit 70
    fi
    printf '%s\n' "${text/"$before"/"$after"}" > "$file"
}

# First change (docs/decisions/0009-limits.md): the size of a writable layer may go on with ";nr_inodes=COUNT", which
# bounds the number of its files. tmpfs below it has the option; but runsc hands a size on through flags that end at a
# comma, so that no option can come after it.
change runsc/boot/vfs.go 'GetFilesystemOptions.Data += "size=" + mountConf.Size' \
    'GetFilesystemOptions.Data += "size=" + strings.ReplaceAll(mountConf.Size, ";", ",")'

# Second change (docs/decisions/0013-calls-on-files-in-batches.md): a system call that makes several calls on files.
cp gvisor/sys_batch.go "$work/gvisor/pkg/sentry/syscalls/linux/"
cp gvisor/task_call.go "$work/gvisor/pkg/sentry/kernel/"
rseq='334: syscalls.PartiallySupported("rseq", RSeq, "Not supported on all platforms.", nil),'
change pkg/sentry/syscalls/linux/linux64.go "$rseq" "$rseq 1900: syscalls.Supported(\"atoll_batch\", Batch),"

cp go.mod go.sum "$work"
go mod edit -replace "gvisor.dev/gvisor=$work/gvisor" "$work/go.mod"
go build -modfile="$work/go.mod" -mod=readonly -trimpath -buildvcs=false \
    -ldflags "-s -w -X gvisor.dev/gvisor/runsc/version.version=$stamp" \
    -o "$out/.runsc.new" gvisor.dev/gvisor/runsc
mv "$out/.runsc.new" "$out/runsc"
"$out/runsc" --version
