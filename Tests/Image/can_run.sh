#!/bin/sh
# Whether podman can run a container here, tried with one that holds nothing but `true`; if not, says why.
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if ! command -v podman >/dev/null; then
    echo "test-image: skipped, there is no podman"
    exit 1
fi
.ci/image-root /bin/true "$folder/root" >/dev/null
if ! podman run --rm --network=host --rootfs "$folder/root" /usr/bin/martlet >"$folder/log" 2>&1; then
    echo "test-image: skipped, containers can't run here: $(tail -n 1 "$folder/log")"
    exit 1
fi
