#!/usr/bin/env python3
"""Makes databases that are built to be slow or large, and looks an address up in each with `geo`.

    python3 Tests/Conformance/slow.py .build/release/geo

Each look-up has to give an error within 10 ms of what the program takes for a small database, and to need no more than
16 MiB of memory beyond that. Exits 1 if one does not.
"""
import os
import struct
import subprocess
import sys
import tempfile
import time

LIMIT_MS, LIMIT_KIB, RUNS = 10, 16 * 1024, 15


def control(kind, size):
    first, more = (kind << 5, b"") if kind < 8 else (0, bytes([kind - 7]))
    if size < 29:
        return bytes([first | size]) + more
    if size < 285:
        return bytes([first | 29]) + more + bytes([size - 29])
    if size < 65821:
        return bytes([first | 30]) + more + struct.pack(">H", size - 285)
    return bytes([first | 31]) + more + (size - 65821).to_bytes(3, "big")


def text(value):
    return control(2, len(value)) + value.encode()


def number(kind, value):
    payload = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return control(kind, len(payload)) + payload


def pointer(place):
    return bytes([1 << 5 | 3 << 3]) + struct.pack(">I", place)


def array(values):
    return control(11, len(values)) + b"".join(values)


def table(pairs):
    return control(7, len(pairs)) + b"".join(key + value for key, value in pairs)


def database(data, record):
    """A database in which every IPv4 address leads to one record."""
    metadata = table([
        (text("node_count"), number(6, 1)), (text("record_size"), number(5, 32)), (text("ip_version"), number(5, 4)),
        (text("database_type"), text("slow")), (text("languages"), array([])),
        (text("binary_format_major_version"), number(5, 2)), (text("binary_format_minor_version"), number(5, 0)),
        (text("build_epoch"), number(9, 1)), (text("description"), table([])),
    ])
    tree = struct.pack(">II", 17 + record, 17 + record)
    return tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + metadata


def fan():
    """Arrays of pointers to the one before: a hundred to the power of forty values."""
    data, place = text("x" * 200), 0
    for _ in range(40):
        place, data = len(data), data + array([pointer(place)] * 100)
    return database(data, place)


def amplified():
    """15,000 pointers to one long text: 1.5 GB of it."""
    data = text("y" * 100_000)
    return database(data + array([pointer(0)] * 15_000), len(data))


def deep():
    """600 arrays in each other."""
    data = text("z")
    for _ in range(600):
        data = array([data])
    return database(data, 0)


def keys():
    """Maps in maps whose keys are pointers."""
    data = text("k" * 60)
    place, data = len(data), data + table([])
    for _ in range(30):
        place, data = len(data), data + table([(pointer(0), pointer(place))] * 50)
    return database(data, place)


def run(geo, path):
    """The shortest time of several runs in milliseconds, the memory in KiB, and what was said."""
    best, memory, said = float("inf"), 0, ""
    for _ in range(RUNS):
        start = time.perf_counter()
        # A shell between, because a process is told the memory of the one that started it too.
        child = subprocess.Popen(["sh", "-c", 'exec "$@"', "sh", geo, "--db", path, "192.0.2.1"],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        _, errors = child.stdout.read(), child.stderr.read()
        _, _, usage = os.wait4(child.pid, 0)
        best = min(best, (time.perf_counter() - start) * 1000)
        memory, said = max(memory, usage.ru_maxrss), errors.strip()
    return best, memory, said


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        def measure(name, content):
            path = os.path.join(folder, name)
            with open(path, "wb") as file:
                file.write(content)
            return run(sys.argv[1], path)

        usual_ms, usual_kib, _ = measure("small", database(text("here"), 0))
        print(f"a small database: {usual_ms:.1f} ms, {usual_kib} KiB")
        for make in (fan, amplified, deep, keys):
            content = make()
            ms, kib, said = measure(make.__name__, content)
            is_met = said != "" and ms - usual_ms <= LIMIT_MS and kib - usual_kib <= LIMIT_KIB
            failed = failed or not is_met
            print(f"{make.__name__}, {len(content)} bytes: {ms - usual_ms:.1f} ms and {max(0, kib - usual_kib)} KiB more, "
                  f"{'met' if is_met else 'MISSED'}: {said.split(': ', 2)[-1]}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
