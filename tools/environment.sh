#!/bin/sh
# Make a virtual environment from a lock, in the current folder: what the lock names, and nothing else.
# Without arguments: .venv from requirements.lock, with the project itself. Else: a folder, and its own lock.
#
# The installer resolves nothing, so that what was published after the lock was made changes nothing. An environment is
# made from nothing, and one that could not be finished is removed.
set -eu
folder=${1:-.venv}
lock=${2:-requirements.lock}

# Those for which every package of the lock has a wheel.
for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if command -v "$candidate" > /dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2> /dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "${python:-}" ]; then
    echo "Python 3.11, 3.12, 3.13 ou 3.14 est introuvable : installez-en un et recommencez." >&2
    exit 1
fi

if command -v uv > /dev/null 2>&1; then
    empty() { uv venv --quiet --no-python-downloads --python "$(command -v "$python")" "$folder"; }
    pip() { uv pip "$@" --python "$folder/bin/python"; }
    briefly=--no-progress
elif "$python" -c 'import ensurepip, venv' 2> /dev/null; then
    empty() { "$python" -m venv "$folder"; }
    pip() { "$folder/bin/python" -m pip --disable-pip-version-check --no-input "$@"; }
    # Compiled when first imported: most of it never is.
    briefly='--progress-bar off --no-compile'
else
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "Il manque à $python le module venv : installez le paquet « python$version-venv » et recommencez." >&2
    exit 1
fi

make_environment() {
    rm -rf "$folder"
    empty || return
    # shellcheck disable=SC2086 -- a list of words
    pip install $briefly --no-deps --only-binary :all: --require-hashes --requirement "$lock" || return
    [ "$folder" != .venv ] || pip install --no-deps --no-build-isolation --editable . || return
    pip check
}

# On a terminal one line, written over; elsewhere what is given to `say` alone.
say() { if [ -t 1 ]; then printf '\r→ environnement : %-40s' "$1"; else echo "→ environnement : $1"; fi; }
end_line() { [ ! -t 1 ] || echo; }

# What the installer says goes to a file.
follow() {
    count=$(grep -c '^[a-z]' "$lock")
    fetched=0
    doing="préparation"
    while IFS= read -r line; do
        printf '%s\n' "$line" >> "$said"
        case $line in
            "$finished") return 0 ;;
            Ignoring\ *) count=$((count - 1)) ;;
            Collecting\ * | Processing\ *) fetched=$((fetched + 1)) doing="paquet $fetched sur $count" ;;
            Installing\ *) doing="mise en place de $fetched paquets" ;;
        esac
        [ ! -t 1 ] || say "$doing"
    done
    return 1
}

said=$(mktemp)
trap 'rm -f "$said"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
finished="environment finished"
begun=$(date +%s)
say "installation de $folder"
if { make_environment && echo "$finished"; } 2>&1 | follow; then
    say "$folder est prêt, en $(($(date +%s) - begun)) s"
    end_line
    exit 0
fi

end_line
tail -n 15 "$said" >&2
if grep -qi -e 'do not match the hashes' -e 'hash mismatch' "$said"; then
    echo "Un paquet n'est pas celui du verrou : rien n'est installé. Changez de réseau ou d'index ; s'il reste autre, signalez-le." >&2
else
    echo "L'environnement n'est pas fait. Vérifiez le réseau, le mandataire (HTTPS_PROXY), l'index de paquets et la place sur le disque, puis recommencez." >&2
fi
rm -rf "$folder"
exit 1
