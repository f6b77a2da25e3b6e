#!/usr/bin/env python3
"""Compares the records of databases with those that the Python reader finds, network by network.

    Tests/Conformance/mmdb.py FOLDER [DUMP…]

FOLDER holds .mmdb files: those of https://github.com/maxmind/MaxMind-DB, test-data. DUMP is the command that is given
each file as its last argument, ".build/release/geo dump" if there is none, and prints a line of JSON for each network,
{"network": …, "record": …}, with byte arrays as base64. The package maxminddb is installed into a virtual environment
under the temporary folder where it is missing. Exits 1 if anything differs.
"""

import base64
import ipaddress
import json
import math
import os
import struct
import subprocess
import sys

import environment

environment.require("maxminddb")
import maxminddb

# Made to be broken, and what is wrong with each shows in its name.
BROKEN = {
    "GeoIP2-City-Test-Broken-Double-Format.mmdb",
    "GeoIP2-City-Test-Invalid-Node-Count.mmdb",
    "MaxMind-DB-test-broken-pointers-24.mmdb",
    "MaxMind-DB-test-broken-search-tree-24.mmdb",
}


def is_same(ours, theirs):
    """Whether a value of JSON is what a value of Python would be there."""
    if isinstance(theirs, (bytes, bytearray)):
        return ours == base64.b64encode(theirs).decode()
    if isinstance(theirs, dict):
        # As pairs: a dictionary is equal in any order, and the order of the file is to be kept.
        return isinstance(ours, dict) and list(ours) == list(theirs) and all(
            is_same(ours[key], theirs[key]) for key in theirs)
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(is_same, ours, theirs))
    if isinstance(theirs, float):
        if not math.isfinite(theirs):
            # JSON has no such numbers: they are printed as text.
            return ours == str(theirs)
        if isinstance(ours, bool) or not isinstance(ours, (int, float)):
            return False
        # A float of 32 bits may be printed by fewer digits than the double that Python makes of it.
        return ours == theirs or struct.unpack("f", struct.pack("f", theirs))[0] == theirs and struct.pack(
            "f", ours) == struct.pack("f", theirs)
    return type(ours) is type(theirs) and ours == theirs


def compare(path, dump):
    """The differences of one file, and how many networks were compared."""
    run = subprocess.run([*dump, path], capture_output=True)
    if os.path.basename(path) in BROKEN:
        said = run.stderr.decode(errors="replace").strip()
        return ([] if run.returncode > 0 and said else [f"no error: exit status {run.returncode}"]), 0
    if run.returncode != 0:
        return [f"exit status {run.returncode}: {run.stderr.decode(errors='replace').strip()}"], 0
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    ours = {line["network"]: line["record"] for line in lines}
    wrong = [] if len(ours) == len(lines) else ["a network came twice"]
    # In Python alone, for the C library's reader lists other networks where the tree has no IPv4 part.
    with maxminddb.open_database(path, maxminddb.MODE_FILE) as reader:
        for name, record in ours.items():
            network = ipaddress.ip_network(name)
            theirs, length = reader.get_with_prefix_len(network.network_address)
            if not is_same(record, theirs):
                wrong.append(f"{name}: {record} here, {theirs} there")
            # A short network of zeros is one of IPv6, and the same address asked for is one too.
            if length != network.prefixlen:
                wrong.append(f"{name}: the other's prefix is {length} bits long")
        try:
            theirs = {str(network) for network, _ in reader}
        except ValueError as error:
            # It takes networks that begin within ::/96 and are larger than that for IPv4 ones.
            print(f"{os.path.basename(path)}: the other cannot list it ({error}); compared by address")
            return wrong, len(ours)
    wrong += [f"{name}: not here" for name in theirs - ours.keys()]
    wrong += [f"{name}: not there" for name in ours.keys() - theirs]
    return wrong, len(ours)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder, dump = sys.argv[1], sys.argv[2:] or [".build/release/geo", "dump"]
    files = sorted(name for name in os.listdir(folder) if name.endswith(".mmdb"))
    failed = 0
    networks = 0
    for name in files:
        wrong, count = compare(os.path.join(folder, name), dump)
        networks += count
        failed += bool(wrong)
        for line in wrong[:10]:
            print(f"{name}: {line}")
    print(f"{len(files)} files, {networks} networks, {failed} files differ")
    return 1 if failed or not files else 0


if __name__ == "__main__":
    sys.exit(main())
