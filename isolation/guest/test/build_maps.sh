#!/bin/sh
# Builds a program that tries the memory of a box into OUTDIR/maps-stress. Needs gcc.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 OUTDIR" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
if ! command -v gcc >/dev/null 2>&1; then
	echo "the guest's tests need gcc, which is not installed: apt-get install -y gcc libc6-dev" >&2
	exit 1
fi
mkdir -p "$1"
gcc -std=gnu11 -static -O2 -Wall -Wextra -Werror -Wshadow -o "$1/maps-stress" "$here"/maps_*.c
