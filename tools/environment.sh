#!/bin/sh
# Make a virtual environment from a lock, in the current folder. Called by the Makefile.
# Without arguments: .venv from requirements.lock, with the project itself. Else: a folder, and its own lock.
set -eu
folder=${1:-.venv}
lock=${2:-requirements.lock}

# Every name that a Python 3.11 or later goes by.
for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if command -v "$candidate" > /dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "${python:-}" ]; then
    echo "Python 3.11 ou plus récent est introuvable : installez-le et recommencez." >&2
    exit 1
fi

if ! "$folder/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null ||
    ! { "$folder/bin/python" -m pip --version > /dev/null 2>&1 || command -v uv > /dev/null 2>&1; }; then
    echo "→ environnement : création de $folder"
    rm -rf "$folder"
    if command -v uv > /dev/null 2>&1; then
        uv venv --quiet --no-python-downloads --python "$python" "$folder"
    elif "$python" -c 'import ensurepip, venv' 2> /dev/null; then
        "$python" -m venv "$folder"
    else
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "Il manque à $python le module venv : installez le paquet « python$version-venv » et recommencez." >&2
        exit 1
    fi
fi

echo "→ environnement : installation de $(grep -c '^[a-z]' "$lock") paquets vérifiés par leur empreinte"
if command -v uv > /dev/null 2>&1; then
    install() { uv pip install --python "$folder/bin/python" "$@"; }
else
    install() { "$folder/bin/python" -m pip --disable-pip-version-check --no-input install "$@"; }
fi
install --require-hashes --requirement "$lock"
[ "$folder" != .venv ] || install --quiet --no-deps --no-build-isolation --editable .
