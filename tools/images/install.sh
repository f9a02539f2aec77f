#!/bin/sh
# Part of the Dockerfile: install packages out of /wheels, with bytecode.
#   install.sh DIRECTORY PACKAGE...     Titan and these packages with all that they need
#   install.sh --portable DIRECTORY     what any Python >= 3.9 can run: titan_runner, titan_sdk, titan_api, and urllib3 under another name
set -eu

# pip is started out of its own wheel, so the base image need not have it and none of it is left behind.
install() {
    python3 "$(echo /wheels/pip-*.whl)/pip" --disable-pip-version-check install --quiet --root-user-action=ignore \
        --no-index --no-compile "$@"
    # Programs: nothing in the images calls them.
    rm -rf "${directory:?}/bin"
}

if [ "$1" = --portable ]; then
    directory=$2
    install --find-links=/wheels --no-deps --target="$directory" titan-k8s
    # The rest of the distribution needs a newer Python and more packages.
    for module in titan_kube titan_operator titan_store titan_local; do rm -rf "${directory:?}/$module"; done
    install --find-links=/wheels/portable --no-deps --target="$directory/titan_libraries" urllib3
    rm -rf "$directory"/titan_libraries/*.dist-info
else
    directory=$1
    shift
    install --find-links=/wheels --no-deps --target="$directory" titan-k8s
    install --find-links=/wheels --target="$directory" "$@"
fi
# Nothing can write bytecode later. It is marked as never to be compared with its source: times differ from build to build.
python3 -m compileall -q --invalidation-mode unchecked-hash "$directory"
