#!/usr/bin/env python3
"""Starts the programs under the filters of system calls that their units of systemd have, where a wrong call ends a program.

    Tests/Conformance/units.py .build/debug

The filters are put together from the units in Documentation/Deploy by `systemd-analyze` and libseccomp, which systemd needs, too. Each program
works for some seconds, and has to end well by SIGTERM.
"""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
KILL, ALLOW = 0x80000000, 0x7FFF0000


def members(name):
    """The calls of a group."""
    if not name.startswith("@"):
        return {name}
    lines = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager", name], capture_output=True, text=True, check=True).stdout
    words = [line.strip() for line in lines.splitlines()[1:]]
    return set().union(*(members(word) for word in words if word and not word.startswith("#")))


def allowed(unit):
    """The calls that a unit allows."""
    calls = members("@default")
    with open(f"{ROOT}/Documentation/Deploy/{unit}") as file:
        for value in re.findall(r"^SystemCallFilter=(.*)$", file.read(), re.M):
            for word in value.lstrip("~").split():
                calls = calls - members(word) if value.startswith("~") else calls | members(word)
    return calls


def confined(calls):
    """What a child does before it becomes the program."""
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    filter = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(KILL)))
    for call in calls:
        number = library.seccomp_syscall_resolve_name(call.encode())
        if number >= 0:
            library.seccomp_rule_add(filter, ctypes.c_uint32(ALLOW), number, 0)

    def load():
        # Units have users of their own, and SQLite does more as root.
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        if library.seccomp_load(filter) != 0:
            os._exit(99)

    return load


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    programs, bad = os.path.abspath(arguments[0]), 0
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        # Where the programs are, that user may not come.
        for name in ("pathwatch", "lookingglass"):
            shutil.copy(f"{programs}/{name}", folder)
        with open(f"{folder}/watch.json", "w") as file:
            # It sends to where nobody is: the threads for that are there.
            file.write('{"network": "demo", "history": "10m", "targets": [{"host": "tokyo.example"}], "store": "%s/paths.db", '
                       '"ship": {"clickhouse": {"url": "http://127.0.0.1:9"}}}' % folder)
        cases = [
            ("pathwatch.service", ["pathwatch", "run", f"{folder}/watch.json", "--name", "a", "-l", "127.0.0.1:0"], 0),
            ("pathwatch.service", ["pathwatch", "backup", f"{folder}/paths.db", f"{folder}/copy.db"], 0),
            ("pathwatch-once.service", ["pathwatch", "once", "--network", "demo", "tokyo.example", "--store", f"{folder}/once.db"], 0),
            ("lookingglass.service", ["lookingglass", "--network", "demo", "-l", "127.0.0.1:0"], 0),
            # The filter does bite.
            ("pathwatch.service", ["ionice", "-c", "3", "true"], -signal.SIGSYS),
        ]
        for unit, command, status in cases:
            path = f"{folder}/{command[0]}"
            process = subprocess.Popen(
                [path if os.path.exists(path) else command[0]] + command[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, preexec_fn=confined(allowed(unit)))
            try:
                output = process.communicate(timeout=8)[0]
            except subprocess.TimeoutExpired:
                process.terminate()
                output = process.communicate(timeout=30)[0]
            isRight = process.returncode == status
            bad += not isRight
            print(f"{'ok' if isRight else 'WRONG'}  {unit}: {' '.join(command[:2])} ends with {process.returncode}", flush=True)
            if not isRight:
                print(output.decode(errors="replace")[-800:])
    sys.exit(1 if bad else 0)


main(sys.argv[1:])
