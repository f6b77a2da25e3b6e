#!/bin/sh
# Fuzzes the packet codecs, the text of strangers and the readers of databases and of requests: run.sh SECONDS [TARGET…]
# Each target runs for SECONDS on a scratch copy of its corpus. On a crash the exit status is
# not zero and the file that crashes is named; copy it into Corpus/ once fixed, and the tests replay it.
set -eu

seconds=${1:?"usage: run.sh SECONDS [TARGET…]"}
shift
[ $# -gt 0 ] || set -- FuzzIPv4 FuzzIPv6 FuzzExtensions FuzzText FuzzMMDB FuzzHTTP

here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/fuzz.XXXXXX")
export SWIFT_BACKTRACE=enable=no # the backtracer would take the crash from the fuzzer
export TRACECORE_LIBRARIES_ONLY=1 # HTTPKit, which a program of the package uses, is built here once more

failed=0
for target in "$@"; do
    swift build --package-path "$here" -c release --sanitize=fuzzer --product "$target" \
        > "$scratch/$target.build" 2>&1 || { cat "$scratch/$target.build"; exit 1; }
done
binaries=$(swift build --package-path "$here" -c release --sanitize=fuzzer --show-bin-path)

fuzz() {
    target=$1
    corpus=$scratch/$target
    cp -R "$here/Corpus/${target#Fuzz}" "$corpus"
    log=$scratch/$target.log
    if "$binaries/$target" "$corpus" -max_total_time="$seconds" -max_len=1500 -print_final_stats=1 \
        -artifact_prefix="$scratch/$target-" > "$log" 2>&1; then
        runs=$(awk '/stat::number_of_executed_units/ { print $2 }' "$log")
        rate=$(awk '/stat::average_exec_per_sec/ { print $2 }' "$log")
        echo "$target: $runs runs, $rate a second"
    else
        grep -E 'Fatal error|ERROR|SUMMARY' "$log" || tail -n 20 "$log"
        echo "$target: crashed on $(ls "$scratch/$target-"* 2> /dev/null || echo "no file; see $log")"
        return 1
    fi
}

# Three at a time: each has one thread, and now and then waits.
while [ $# -gt 0 ]; do
    running=
    for target in "$@"; do
        [ "$(echo $running | wc -w)" -lt 3 ] || break
        fuzz "$target" & running="$running $!"
        shift
    done
    for process in $running; do wait "$process" || failed=1; done
done
[ "$failed" -ne 0 ] || rm -rf "$scratch"
exit "$failed"
