#!/bin/sh
# Resolves pyproject.toml into the three locks: pinned, with hashes, for every supported Python,
# without the address of any index. Needs uv; takes one into build/ when there is none.
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."

uv=$(command -v uv) || {
    uv=build/uv/bin/uv
    [ -x "$uv" ] || { python3 -m venv build/uv && build/uv/bin/python -m pip -q install uv; }
}

compile() { # output, further options
    out=$1
    shift
    "$uv" pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links --group build "$@" --output-file "$out" \
        pyproject.toml
    echo "$out: $(grep -c '==' "$out") packages"
}

# The widest first; the others follow it, so that what is tested is what is shipped.
compile requirements-dev.lock --all-extras --group dev "$@"
compile requirements-devices.lock --all-extras --constraint requirements-dev.lock
compile requirements.lock --constraint requirements-dev.lock
