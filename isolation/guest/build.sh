#!/bin/sh
# Builds the static PID 1 of every sandbox into OUTDIR/atoll-init. Called by Maven; needs musl-gcc.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 OUTDIR" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
out=$1/atoll-init
most=204800
if ! command -v musl-gcc >/dev/null 2>&1; then
	echo "atoll-init needs musl-gcc, which is not installed: apt-get install -y musl-tools gcc" >&2
	exit 1
fi
mkdir -p "$1"
musl-gcc -std=gnu11 -static -Os -fno-pie -no-pie -ffunction-sections -fdata-sections -fstack-protector-strong \
	-Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wconversion -Wno-sign-conversion \
	-Wl,--gc-sections -Wl,--build-id=none -s -o "$out.new" "$here"/*.c
size=$(wc -c <"$out.new")
if [ "$size" -gt "$most" ]; then
	rm -f "$out.new"
	echo "atoll-init has $size bytes, more than $most" >&2
	exit 1
fi
mv "$out.new" "$out"
