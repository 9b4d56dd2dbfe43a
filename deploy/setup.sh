#!/bin/sh
# Makes this checkout runnable: Debian packages, .venv, locked dependencies. Safe to run again;
# when nothing is missing it takes a fraction of a second.
#
#   sh deploy/setup.sh            what `yichuang` needs to run a hall
#   sh deploy/setup.sh devices    also what card readers and touch panels need
#   sh deploy/setup.sh test       everything, as developers and CI have it
#
# Exit codes: 0 ready, 2 wrong use, 3 Debian packages missing and not permitted to install them,
# 4 no usable Python, 5 an installation failed (the reason is printed).
# No package index is named here: pip and apt use whatever this machine is configured for.
set -eu

level=${1:-run}
case $level in
    run) lock=requirements.lock kinds=run ;;
    devices) lock=requirements-devices.lock kinds='run|devices' ;;
    test) lock=requirements-dev.lock kinds='run|devices|test' ;;
    *)
        echo "usage: sh deploy/setup.sh [run|devices|test]" >&2
        exit 2
        ;;
esac

cd "$(dirname "$(readlink -f "$0")")/.."
unset PYTHONPATH PYTHONHOME
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
log=build/setup.log

say() { printf '  %s\n' "$*" >&2; }

give_up() { # exit code, message
    code=$1
    shift
    printf '\nsetup: %s\n' "$*" >&2
    exit "$code"
}

quietly() { # run a command into the log; show its end when it fails
    mkdir -p build
    printf '\n$ %s\n' "$*" >>"$log"
    "$@" >>"$log" 2>&1 </dev/null || {
        tail -n 25 "$log" >&2
        return 1
    }
}

usable() { # a Python we support that can make environments
    "$1" -c 'import sys, venv, ensurepip
sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1
}

find_python() {
    for python in ${PYTHON:-} python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if usable "$python"; then
            return 0
        fi
    done
    return 1
}

missing_packages() {
    wanted=$(awk -v kinds="^($kinds)\$" '$1 ~ kinds { print $2 }' deploy/packages.txt)
    usable .venv/bin/python || find_python || wanted="python3 python3-venv $wanted"
    # Debian 13 renamed some libraries to NAMEt64.
    have=$(for name in $wanted; do echo "$name" "${name}t64"; done |
        xargs dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' 2>/dev/null |
        sed -n 's/t64$//; s/^installed //p')
    for name in $wanted; do
        printf '%s\n' "$have" | grep -qx "$name" || printf '%s ' "$name"
    done
}

install_packages() { # names
    as_root=
    if [ "$(id -u)" != 0 ]; then
        as_root=sudo
        command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; } ||
            give_up 3 "these Debian packages are missing and only root may install them:
  apt-get install --no-install-recommends $*"
        sudo -v || give_up 3 "sudo did not let us install: $*"
    fi
    say "Debian packages: $*"
    # An index that cannot be refreshed is no reason to stop: the install below is the judge.
    quietly $as_root apt-get update || say "(apt-get update failed, trying all the same)"
    quietly $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "$@" ||
        give_up 5 "apt-get could not install the packages above"
}

make_environment() {
    say "Python environment: .venv with $("$python" -V) ($(command -v "$python"))"
    if command -v uv >/dev/null; then
        quietly uv venv --seed --clear --no-python-downloads --python "$(command -v "$python")" \
            .venv && return
    fi
    quietly "$python" -m venv --clear .venv || give_up 5 "could not make .venv"
}

install_locked() {
    say "Python packages: $lock ($(grep -c '==' "$lock") packages, every one checked by its hash)"
    # uv is quicker, but knows nothing of pip's configuration: when it fails, pip has the last word.
    if command -v uv >/dev/null && VIRTUAL_ENV=$PWD/.venv quietly uv pip install \
        --require-hashes -r "$lock"; then
        :
    else
        quietly .venv/bin/python -m pip install --no-cache-dir --require-hashes -r "$lock" ||
            give_up 5 "pip could not install $lock"
    fi
    # hatchling is in the lock: nothing unlocked is fetched to build ourselves.
    quietly .venv/bin/python -m pip install --no-deps --no-build-isolation -e . ||
        give_up 5 "could not install yichuang itself"
}

stamp() {
    cat requirements*.lock pyproject.toml deploy/packages.txt deploy/setup.sh | sha256sum
    .venv/bin/python -V
}

if command -v dpkg-query >/dev/null; then
    missing=$(missing_packages)
    # shellcheck disable=SC2086  # a list of words
    [ -z "$missing" ] || install_packages $missing
elif [ ! -d .venv ]; then
    say "not Debian: please see to what deploy/packages.txt lists"
fi

if [ -e ".venv/ready-$level" ] && [ "$(stamp)" = "$(cat ".venv/ready-$level")" ]; then
    exit 0
fi

started=$(date +%s)
rm -f .venv/ready-*
if ! usable .venv/bin/python; then
    find_python || give_up 4 "no Python 3.11, 3.12 or 3.13 with venv and ensurepip was found"
    make_environment
fi
install_locked
for included in $(echo "$kinds" | tr '|' ' '); do
    stamp >".venv/ready-$included"
done
say "ready after $(($(date +%s) - started)) s"
