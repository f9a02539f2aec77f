#!/usr/bin/env bash
# Build versitygw, a real S3 server on a directory, from the pinned modules of go.mod into the user's cache; does
# nothing if it is there already. Only the store's S3 tests want it: they skip without it. The first build compiles
# for minutes.
set -euo pipefail

version=v1.7.0
target="${XDG_CACHE_HOME:-$HOME/.cache}/titan/bin/versitygw"

if [[ -x $target ]] && "$target" --version 2>/dev/null | grep -qF "$version"; then
    echo "$target is $version already"
    exit 0
fi
if ! command -v go >/dev/null; then
    echo "building versitygw needs Go 1.25 or newer on the PATH" >&2
    exit 1
fi
cd "$(dirname "$0")"
mkdir -p "$(dirname "$target")"
# A half-written binary never carries the name that the tests look for.
export GOTOOLCHAIN=local CGO_ENABLED=0
go build -trimpath -ldflags "-s -w -X main.Version=$version" -o "$target.new" github.com/versity/versitygw/cmd/versitygw
mv "$target.new" "$target"
echo "built $target"
