#!/bin/sh
# Builds the fuzz target and lets libFuzzer loose on one reader, or on all of them one after another.
#
#     Tests/Fuzz/fuzz.sh [READER] [SECONDS]
#
# What it finds lies in .build-fuzz/crashes; FUZZ_READER=READER .build-fuzz/release/Fuzz FILE repeats it.
set -eu
cd "$(dirname "$0")/../.."

readers=${1:-lightgbm xgboost-json xgboost-ubj onnx tokenizer package archive verify configuration record head}
seconds=${2:-30}
folder=.build-fuzz

export MARTLET_FUZZ=1
swift build --configuration release --scratch-path "$folder" --product Fuzz \
    -Xswiftc -enable-testing -Xswiftc -sanitize=fuzzer,address -Xswiftc -parse-as-library

# The backtracer would stop a crash before libFuzzer has written its input.
export SWIFT_BACKTRACE=enable=no
# LeakSanitizer does not see what a Swift global holds behind tagged pointers; growth shows at the limit of memory.
export ASAN_OPTIONS=detect_leaks=0
mkdir -p "$folder/crashes"
status=0
for reader in $readers; do
    corpus=$folder/corpus/$reader
    python3 Tests/Fuzz/seeds.py "$reader" "$corpus"
    log=$folder/$reader.log
    echo "fuzz: $reader for $seconds s"
    if FUZZ_READER=$reader "$folder/release/Fuzz" "$corpus" \
        -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=3072 \
        -print_final_stats=1 -artifact_prefix="$folder/crashes/$reader-" 2>"$log"; then
        grep -E 'number_of_executed_units|peak_rss_mb' "$log"
    else
        echo "fuzz: $reader failed; the whole log is $log" >&2
        grep -E 'ERROR|SUMMARY|Fatal error|Test unit written' "$log" >&2 || tail -n 20 "$log" >&2
        status=1
    fi
done
exit $status
