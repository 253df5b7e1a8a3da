#!/bin/sh
# Builds Packer 1.9.4 for scripts/record-packer.ts, into the cache folder. Needs Go, and some five minutes.
# It is of the last line of Packer under a free licence; tests need only what was recorded from it.
set -eu
version=1.9.4
target="${XDG_CACHE_HOME:-$HOME/.cache}/ingot-test/packer-$version"
[ ! -x "$target/packer" ] || exit 0
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
go mod init oracle >/dev/null 2>&1
source=$(go mod download -json "github.com/hashicorp/packer@v$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
cp -r "$source" packer
chmod -R u+w packer
mkdir -p "$target"
cd packer
# The flag lets old dependencies link with a new Go.
go build -ldflags="-s -w -checklinkname=0" -o "$target/packer" .
