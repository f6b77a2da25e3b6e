#!/usr/bin/env python3
"""The looking glass's OpenAPI document against the looking glass, by schemathesis (PyPI).

    openapi.py PROGRAM [SCHEMATHESIS]

No answer may be outside the document, and none may be an error of the server. That all which fits the document is accepted is
left out: whether a text is a host, or a field goes with a verb, no query's schema can say. Runs are short: they last two seconds at most.
"""
import os, shutil, subprocess, sys, tempfile

program = os.path.abspath(sys.argv[1])
tool = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else shutil.which("schemathesis")
if not tool:
    sys.exit("openapi.py: schemathesis is missing: pip install schemathesis")
# It leaves files where it is started.
folder = tempfile.mkdtemp(prefix="openapi-")
server = subprocess.Popen(
    [program, "--network", "demo", "-l", "127.0.0.1:0", "--ratelimit", "100000/second", "--runs-per-client", "1000",
     "--runs-per-target", "1000", "--most-rounds", "3", "--mtrcount", "2", "--pingcount", "2", "--timeout", "2"],
    stderr=subprocess.PIPE, text=True)
try:
    url = next(line.split()[-1] for line in server.stderr if "listening on " in line)
    result = subprocess.run(
        [tool, "run", url + "openapi.json", "--checks", "all", "--exclude-checks", "positive_data_acceptance",
         "--max-examples", "120", "--workers", "6", "--seed", "13",
         "--request-timeout", "60", "--no-color"], timeout=900, cwd=folder)
    alive = server.poll() is None
finally:
    server.terminate()
    server.wait(30)
    shutil.rmtree(folder, ignore_errors=True)
if not alive:
    sys.exit("openapi.py: the server ended")
sys.exit(result.returncode)
