"""Unpacks each line's MessagePack, compares it with the line's JSON, and prints what it packs the same into."""
import json
import sys

import msgpack

for line in open(sys.argv[1], encoding="utf-8"):
    packed, text = line.rstrip("\n").split(" ", 1)
    value = msgpack.unpackb(bytes.fromhex(packed))
    if value != json.loads(text):
        sys.exit(f"{value} is not {text}")
    # Python has no shorter form for anything that we write.
    if msgpack.packb(value).hex() != packed:
        sys.exit(f"{text} is packed as {msgpack.packb(value).hex()}, not {packed}")
    print(packed)
