#!/usr/bin/env bash
# Build the load generator into the user's cache; Go compiles it anew only if it has changed.
set -euo pipefail

target="${XDG_CACHE_HOME:-$HOME/.cache}/titan/bin/loadgen"
if ! command -v go >/dev/null; then
    echo "building the load generator needs Go 1.24 or newer on the PATH" >&2
    exit 1
fi
cd "$(dirname "$0")"
mkdir -p "$(dirname "$target")"
GOTOOLCHAIN=local CGO_ENABLED=0 go build -trimpath -o "$target" .
echo "built $target"
