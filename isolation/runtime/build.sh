#!/usr/bin/env bash
# Builds the runsc that Atoll pins into OUTDIR/runsc: about 75 s on two cores, 1 s when it is already there.
#
# The version stamp matters: checkpoints are tied to it, and unstamped builds would all look alike to a restore; "-atoll"
# in it says that the change below is in. CGO_ENABLED=0 matters: a build with cgo loses its loader after it has entered its
# empty root and cannot boot. Needs Go >= 1.21 (it fetches the toolchain that go.mod names through the module proxy).
set -euo pipefail

if [[ $# -ne 1 ]]; then
    echo "usage: build.sh OUTDIR" >&2
    exit 64
fi
out=$(realpath -m "$1")
stamp=release-20260905.0-atoll1
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

# Our one change to gVisor (docs/decisions/0009-limits.md): the size of a writable layer may go on with
# ";nr_inodes=COUNT", which bounds the number of its files. tmpfs below it has the option; but runsc hands a size on
# through flags that end at a comma, so that no option can come after it. go.sum still vouches for all the rest.
go mod download gvisor.dev/gvisor
cp -r "$(go list -mod=readonly -m -f '{{.Dir}}' gvisor.dev/gvisor)" "$work/gvisor"
chmod -R u+w "$work/gvisor"
changed=$work/gvisor/runsc/boot/vfs.go
before='GetFilesystemOptions.Data += "size=" + mountConf.Size'
after='GetFilesystemOptions.Data += "size=" + strings.ReplaceAll(mountConf.Size, ";", ",")'
if [[ $(grep -cF "$before" "$changed") -ne 1 ]]; then
    echo "build.sh: this gVisor has no such line any more, see $changed: $before" >&2
    exit 70
fi
sed -i "s/$before/$after/" "$changed"

cp go.mod go.sum "$work"
go mod edit -replace "gvisor.dev/gvisor=$work/gvisor" "$work/go.mod"
go build -modfile="$work/go.mod" -mod=readonly -trimpath -buildvcs=false \
    -ldflags "-s -w -X gvisor.dev/gvisor/runsc/version.version=$stamp" \
    -o "$out/.runsc.new" gvisor.dev/gvisor/runsc
mv "$out/.runsc.new" "$out/runsc"
"$out/runsc" --version
