#!/usr/bin/env bash
# Build kubectl from the pinned modules of go.mod into the user's cache; does nothing if it is there already.
# Only the conformance tests want it: they skip without it. The first build compiles for minutes.
set -euo pipefail

version=v1.34.10
target="${XDG_CACHE_HOME:-$HOME/.cache}/titan/bin/kubectl"

if [[ -x $target ]] && "$target" version --client 2>/dev/null | grep -qF "$version"; then
    echo "$target is $version already"
    exit 0
fi
if ! command -v go >/dev/null; then
    echo "building kubectl needs Go 1.24 or newer on the PATH" >&2
    exit 1
fi
cd "$(dirname "$0")"
mkdir -p "$(dirname "$target")"
# A half-written binary never carries the name that the tests look for.
export GOTOOLCHAIN=local CGO_ENABLED=0
go build -trimpath -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=$version" \
    -o "$target.new" k8s.io/kubernetes/cmd/kubectl
mv "$target.new" "$target"
echo "built $target"
