#!/usr/bin/env python3
"""Writes databases with `geo build` and reads them as others do.

    python3 Tests/Conformance/writer.py --geo .build/release/geo [--networks 2000] [--databases DIRECTORY]

What is written is read with the Python reader (`pip install maxminddb`) and with libmaxminddb (`mmdblookup`, of Debian's
mmdb-bin), and held against what was put in. With --databases, every database in that directory that the Python reader
reads is taken apart, written again, and compared network by network. Exits with 0 if all agree, with 1 if not, and with
2 if something that is needed is not there.
"""

import argparse
import csv
import ipaddress
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import maxminddb
except ImportError:
    print("writer.py: the Python reader is not there: pip install maxminddb", file=sys.stderr)
    sys.exit(2)

failures = []


def check(condition, message):
    if not condition:
        failures.append(message)
        print("FAILED:", message)


def build(geo, source, target):
    done = subprocess.run([geo, "build", source, "-o", target], capture_output=True, text=True)
    check(done.returncode == 0, f"geo build {source}: {done.stderr.strip() or done.stdout.strip()}")
    return done.returncode == 0


def write_lines(path, entries):
    with open(path, "w", encoding="utf-8") as lines:
        for network, record in entries:
            lines.write(json.dumps({"network": str(network), "record": record}) + "\n")


# What mmdblookup prints -----------------------------------------------------------------------------------------------

TOKEN = re.compile(
    r"""\s*(?:(?P<open>[{\[])|(?P<close>[}\]])|"(?P<text>[^"]*)"\s*(?P<utf8><utf8_string>)?"""
    r"""|(?P<value>[^\s<>{}\[\]"]+)\s*<(?P<type>[a-z0-9_]+)>)""")


def parse_lookup(text):
    """The value that mmdblookup prints, or None where it found none."""
    position = 0

    def token():
        nonlocal position
        match = TOKEN.match(text, position)
        if not match:
            raise ValueError(f"cannot read mmdblookup's output at {text[position:position + 40]!r}")
        position = match.end()
        return match

    def value(match):
        if match["open"] == "{":
            result = {}
            while not (key := token())["close"]:
                # A colon stands behind a key.
                skip_colon()
                result[key["text"]] = value(token())
            return result
        if match["open"] == "[":
            result = []
            while not (element := token())["close"]:
                result.append(value(element))
            return result
        if match["text"] is not None:
            return match["text"]
        kind, spelled = match["type"], match["value"]
        if kind == "boolean":
            return spelled == "true"
        if kind in ("double", "float"):
            return float(spelled)
        if kind == "uint128":
            return int(spelled, 16)
        return int(spelled)

    def skip_colon():
        nonlocal position
        while text[position] in ": \n":
            position += 1

    return value(token())


def lookup(database, address):
    done = subprocess.run(["mmdblookup", "--file", database, "--ip", str(address)], capture_output=True, text=True)
    if "Could not find an entry" in done.stderr + done.stdout:
        return None
    if done.returncode != 0:
        raise ValueError(f"mmdblookup {address}: {done.stderr.strip()}")
    return parse_lookup(done.stdout)


def equal(left, right):
    """Equal, where mmdblookup prints six digits of a number and a boolean is not an integer."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, float) and isinstance(right, float):
        return abs(left - right) < 1e-6
    return type(left) is type(right) and left == right


# Networks and records of chance ---------------------------------------------------------------------------------------

def random_value(source, depth=0):
    kind = source.randrange(9 if depth < 3 else 7)
    if kind == 0:
        return source.choice([True, False])
    if kind == 1:
        return source.choice([0, 1, 255, 256, 2**32 - 1, 2**32, 2**64 - 1, 2**64, 2**128 - 1])
    if kind == 2:
        return source.choice([-1, -(2**31)])
    if kind == 3:
        return source.choice([0.5, -122.0312, 1e9, 51.25])
    if kind in (4, 5):
        return source.choice(["", "é", "東京", "a text that is longer than others", "x" * 29, "y" * 300]) + str(source.randrange(5))
    if kind == 6:
        return source.randrange(10000)
    if kind == 7:
        return [random_value(source, depth + 1) for _ in range(source.randrange(4))]
    return {f"key {source.randrange(8)}": random_value(source, depth + 1) for _ in range(source.randrange(5))}


def random_network(source):
    if source.randrange(2):
        return ipaddress.ip_network(
            (0x0A000000 | source.getrandbits(20), source.randrange(10, 33)), strict=False)
    return ipaddress.ip_network(
        ((0x20010DB8 << 96) | source.getrandbits(12) << 80 | source.getrandbits(2), source.randrange(33, 129)),
        strict=False)


def check_random(geo, directory, count):
    source = random.Random(4)
    entries = [(random_network(source), {"value": random_value(source)}) for _ in range(count)]
    lines, database = os.path.join(directory, "random.jsonl"), os.path.join(directory, "random.mmdb")
    write_lines(lines, entries)
    if not build(geo, lines, database):
        return

    def expected(address):
        for network, record in reversed(entries):
            if address in network:
                return record
        return None

    addresses = [network[choice] for network, _ in entries for choice in (0, -1)] + [
        random_network(source)[0] for _ in range(count)]
    source.shuffle(addresses)
    with maxminddb.open_database(database, maxminddb.MODE_MEMORY) as reader:
        for address in addresses:
            check(equal(reader.get(address), expected(address)), f"Python reader at {address}")
    for address in addresses[:300]:
        check(equal(lookup(database, address), expected(address)), f"mmdblookup at {address}")
    for address in [a for a in addresses if a.version == 4][:50]:
        number = int(address)
        for alias in (0xFFFF << 32 | number, 0x2002 << 112 | number << 80, 0x2001 << 112 | number << 64):
            found = lookup(database, ipaddress.IPv6Address(alias))
            check(equal(found, expected(address)), f"mmdblookup at an alias of {address}")
    print(f"{count} networks of chance: {len(addresses)} addresses looked up")


def check_table(geo, directory):
    table, database = os.path.join(directory, "table.csv"), os.path.join(directory, "table.mmdb")
    with open(table, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["start_ip", "end_ip", "country.iso_code", "location.latitude", "asn:uint32", "zip:string", "note"])
        writer.writerow(["192.0.2.1", "192.0.2.6", "NL", "52.5", "64500", "01234", 'a "quoted", note\nof two lines'])
        writer.writerow(["2001:db8::", "2001:db8::ffff", "", "-1.25", "", "99", "true"])
    if not build(geo, table, database):
        return
    first = {
        "country": {"iso_code": "NL"}, "location": {"latitude": 52.5}, "asn": 64500, "zip": "01234",
        "note": 'a "quoted", note\nof two lines'}
    second = {"location": {"latitude": -1.25}, "zip": "99", "note": True}
    with maxminddb.open_database(database) as reader:
        for address, record in [
            ("192.0.2.0", None), ("192.0.2.1", first), ("192.0.2.6", first), ("192.0.2.7", None),
            ("2001:db8::", second), ("2001:db8::ffff", second), ("2001:db8::1:0", None),
        ]:
            check(equal(reader.get(address), record), f"table at {address}")
    check(equal(lookup(database, "2001:db8::7"), second), "mmdblookup in the table")
    print("a table of ranges")


# Databases of others --------------------------------------------------------------------------------------------------

ALIASES = [ipaddress.ip_network(text) for text in ("::ffff:0:0/96", "2001::/32", "2002::/16")]


def walk(reader):
    """The networks of a database with their records, without the aliases of IPv4.

    Not by the reader's own iteration, which fails at some networks that lie across the border of IPv4.
    """
    version = reader.metadata().ip_version
    kind, width = (ipaddress.IPv4Address, 32) if version == 4 else (ipaddress.IPv6Address, 128)
    position = 0
    while position < 1 << width:
        address = kind(position)
        if alias := next((alias for alias in ALIASES if address in alias), None):
            position = int(alias[-1]) + 1
            continue
        record, length = reader.get_with_prefix_len(address)
        if record is not None:
            if version == 6 and length >= 96 and position < 1 << 32:
                yield ipaddress.ip_network((position, length - 96)), record
            else:
                yield ipaddress.ip_network((position, length)), record
        position += 1 << (width - length)


def as_json(value):
    """The value without what JSON has no form for."""
    def fits(element):
        return not isinstance(element, (bytes, bytearray)) and not (
            isinstance(element, float) and not math.isfinite(element))

    if isinstance(value, dict):
        return {key: as_json(element) for key, element in value.items() if fits(element)}
    if isinstance(value, list):
        return [as_json(element) for element in value if fits(element)]
    return value


def check_database(geo, directory, path):
    name = os.path.basename(path)
    try:
        with maxminddb.open_database(path, maxminddb.MODE_MEMORY) as reader:
            entries = [(network, as_json(record)) for network, record in walk(reader)]
    except Exception as error:  # Broken ones are among them; each breaks in its own way.
        print(f"  {name}: not read ({type(error).__name__}: {error})")
        return
    lines, database = os.path.join(directory, "copy.jsonl"), os.path.join(directory, "copy.mmdb")
    write_lines(lines, entries)
    if not build(geo, lines, database):
        return
    with maxminddb.open_database(database, maxminddb.MODE_MEMORY) as reader:
        copy = list(walk(reader))
    wrong = [network for (network, record), (other, found) in zip(entries, copy)
             if network != other or not equal(found, record)]
    check(not wrong and len(copy) == len(entries),
          f"{name}: {len(entries)} networks, {len(copy)} in the copy, which differ at {wrong[:3]}")
    print(f"  {name}: {len(entries)} networks")


def main():
    parser = argparse.ArgumentParser(description="Reads what geo build writes as others do.")
    parser.add_argument("--geo", required=True, help="the program")
    parser.add_argument("--networks", type=int, default=2000, help="how many networks of chance")
    parser.add_argument("--databases", help="a directory of databases to take apart and write again")
    options = parser.parse_args()
    if not shutil.which("mmdblookup"):
        print("writer.py: mmdblookup is not there: apt-get install mmdb-bin", file=sys.stderr)
        sys.exit(2)
    with tempfile.TemporaryDirectory() as directory:
        check_random(options.geo, directory, options.networks)
        check_table(options.geo, directory)
        if options.databases:
            print("databases of others:")
            for name in sorted(os.listdir(options.databases)):
                if name.endswith(".mmdb"):
                    check_database(options.geo, directory, os.path.join(options.databases, name))
    print(f"{len(failures)} failures" if failures else "all agree")
    sys.exit(1 if failures else 0)


main()
