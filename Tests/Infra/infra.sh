#!/bin/sh
# Checks infra/ without AWS: its format, its types, what it makes against a simulated provider, checkov.
#
# The provider comes from the folder TF_PLUGIN_DIR, laid out as `terraform providers mirror` does it, else from where terraform's
# own configuration finds it. What could not be checked is said.
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

sh -n infra/server/martlet-prepare

if command -v terraform >/dev/null; then
    terraform fmt -check -diff -recursive infra
    # A copy: neither a lock file nor a state of whoever applies it is read or written.
    mkdir "$folder/infra"
    cp -r infra/*.tf infra/server infra/tests "$folder/infra"
    export TF_DATA_DIR="$folder/data" TF_IN_AUTOMATION=1
    if terraform -chdir="$folder/infra" init -no-color -backend=false -input=false \
        ${TF_PLUGIN_DIR:+"-plugin-dir=$TF_PLUGIN_DIR"} >"$folder/log" 2>&1; then
        terraform -chdir="$folder/infra" validate
        terraform -chdir="$folder/infra" test
    elif [ -z "${TF_PLUGIN_DIR:-}" ] && grep -q 'Failed to query available provider packages' "$folder/log"; then
        echo "infra: terraform finds no provider hashicorp/aws; only the format is checked, not the types and what is made." \
            "TF_PLUGIN_DIR may name a folder with the provider"
    else
        cat "$folder/log" >&2
        exit 1
    fi
else
    echo "infra: no terraform on the PATH; format and types are not checked"
fi

if command -v systemd-analyze >/dev/null; then
    # The unit, with programs that are here in place of those of the server.
    sed -e 's,/usr/bin/docker,/bin/true,; s,/usr/local/bin/martlet-prepare,/bin/true,' infra/server/martlet.service |
        sed -e '/^Requires=/d; s/^After=docker.service /After=/' >"$folder/martlet.service"
    # A key that it does not know is only a warning.
    said=$(systemd-analyze verify "$folder/martlet.service" 2>&1) || true
    if [ -n "$said" ]; then
        echo "infra: infra/server/martlet.service: $said" >&2
        exit 1
    fi
else
    echo "infra: no systemd-analyze on the PATH; the unit is not checked"
fi

.venv-image/bin/checkov --config-file infra/checkov.yaml --directory infra
