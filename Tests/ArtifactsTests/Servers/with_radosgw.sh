#!/bin/sh
# Usage: with_radosgw.sh COMMAND...
# Runs COMMAND beside Ceph's S3 gateway: one monitor, one store that lives in memory, one gateway, all on free ports
# of the loopback interface and in a folder of their own, which goes with them. COMMAND finds in MARTLET_TEST_S3
# `ENDPOINT ACCESS_KEY SECRET_KEY`; there are the buckets `models`, empty, and `many`, with 1005 objects.
set -eu

folder=$(mktemp -d /tmp/martlet-radosgw-XXXXXX)
stop() {
    for name in rgw osd mon; do
        if [ -f "$folder/$name.number" ]; then kill "$(cat "$folder/$name.number")" 2>/dev/null || true; fi
    done
    wait
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

fail() {
    echo "with_radosgw: $1" >&2
    tail -n 20 "$folder"/*.out >&2 || true
    exit 1
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Starts a daemon in the foreground of a job, so that its number is known.
start() {
    name=$1
    shift
    "$@" >"$folder/$name.out" 2>&1 &
    echo $! >"$folder/$name.number"
}

# Tries a command until it succeeds, for a minute.
await() {
    what=$1
    shift
    for _ in $(seq 120); do
        if "$@" >/dev/null 2>&1; then return; fi
        sleep 0.5
    done
    fail "$what does not come up"
}

uuid() { cat /proc/sys/kernel/random/uuid; }

monitor=$(free_port)
port=$(free_port)
id=$(uuid)
access=MARTLETTESTKEY000001
secret=$(uuid)$(uuid)
mkdir -p "$folder/mon" "$folder/osd" "$folder/run"
export CEPH_CONF="$folder/ceph.conf"
cat >"$CEPH_CONF" <<CONF
[global]
fsid = $id
mon host = v1:127.0.0.1:$monitor
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
# What a memory store offers for names, instead of a file system's.
osd max object name len = 2048
run dir = $folder/run
admin socket = $folder/run/\$name.asok
pid file = $folder/run/\$name.pid
log file = $folder/run/\$name.log
keyring = $folder/keyring
[mon]
mon data = $folder/mon
mon data avail crit = 1
mon data avail warn = 2
[osd]
osd data = $folder/osd
osd objectstore = memstore
memstore device bytes = 2147483648
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$port
CONF

ceph-authtool --create-keyring "$folder/keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
for name in client.admin client.rgw; do
    ceph-authtool "$folder/keyring" --gen-key -n "$name" --cap mon 'allow *' --cap osd 'allow *' >/dev/null
done
ceph-authtool "$folder/keyring" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *' >/dev/null
monmaptool --create --fsid "$id" --addv a "[v1:127.0.0.1:$monitor]" "$folder/monmap" >/dev/null
ceph-mon --mkfs -i a --monmap "$folder/monmap" --keyring "$folder/keyring" >"$folder/mkfs.out" 2>&1 || fail "no monitor"
start mon ceph-mon -i a -f
await "the monitor" timeout 5 ceph status
store=$(uuid)
ceph osd new "$store" >/dev/null
ceph-osd -i 0 --mkfs --osd-uuid "$store" >"$folder/mkfs.out" 2>&1 || fail "no object store"
start osd ceph-osd -i 0 -f
await "the object store" sh -c 'timeout 5 ceph osd stat | grep -q "1 up"'
radosgw-admin -n client.rgw user create --uid=martlet --display-name=martlet --access-key="$access" \
    --secret-key="$secret" >"$folder/user.out" 2>&1 || fail "no user"
start rgw radosgw -n client.rgw -f
endpoint="http://127.0.0.1:$port"
await "the gateway" curl -s -o /dev/null "$endpoint/"

put() {
    digest=$(sha256sum <"$1" | cut -d ' ' -f 1)
    curl -sS --fail -o /dev/null --aws-sigv4 aws:amz:us-east-1:s3 --user "$access:$secret" \
        -H "x-amz-content-sha256: $digest" -T "$1" "$2" || fail "cannot put $2"
}
: >"$folder/empty"
printf x >"$folder/x"
put "$folder/empty" "$endpoint/models"
put "$folder/empty" "$endpoint/many"
put "$folder/x" "$endpoint/many/object-[0000-1004]"

MARTLET_TEST_S3="$endpoint $access $secret" "$@"
