#!/bin/sh
# Lets checkov read the Dockerfile and what kustomize renders; kubernetes/checkov.yaml says what it need not mind.
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cp Dockerfile "$folder"
if command -v kubectl >/dev/null; then
    for part in base overlays/policy overlays/signed overlays/cache overlays/kserve; do
        KUBECONFIG=/dev/null kubectl kustomize "kubernetes/$part" >"$folder/$(basename "$part").yaml"
    done
else
    echo "checkov: no kubectl on the PATH; the manifests are not read as kustomize renders them, only the Dockerfile is"
fi
.venv-image/bin/checkov --config-file kubernetes/checkov.yaml --directory "$folder"
echo "ok   checkov finds nothing in $(ls "$folder" | tr "\n" " ")"
