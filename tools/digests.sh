#!/bin/sh
# Write beside the tag of each base image the digest that its registry gives for it today. Called by `make digests`.
set -eu
files="Dockerfile docker-compose.yml"

# shellcheck disable=SC2086 -- a list of names
images=$(sed -nE 's/^ *(FROM|image:) ([a-z]+:[a-z0-9.-]+).*/\2/p' $files | grep -v '^relais:' | sort -u)
for image in $images; do
    docker pull --quiet "$image" > /dev/null
    digest=$(docker image inspect --format '{{join .RepoDigests "\n"}}' "$image" | grep "^${image%:*}@sha256:")
    for file in $files; do
        sed -E "s#^( *)(FROM|image:) $image(@sha256:[0-9a-f]+)?#\1\2 $image@${digest#*@}#" "$file" > "$file.new"
        mv "$file.new" "$file"
    done
    echo "→ $image@${digest#*@}"
done
