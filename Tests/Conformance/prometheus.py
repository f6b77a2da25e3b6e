#!/usr/bin/env python3
"""Lets a real Prometheus scrape `pathwatch demo`, and asks it every query of the dashboards.

    Tests/Conformance/prometheus.py .build/debug/pathwatch

`promtool check metrics` has to be silent in both formats' names and helps, and each query of Documentation/Grafana has to have an answer. Needs
Debian's package prometheus. It takes half a minute.
"""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def wait(url, limit=30):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        try:
            return get(url)
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{url} does not answer")


def queries():
    for path in sorted((ROOT / "Documentation/Grafana").glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel["targets"]:
                yield f"{path.name}, {panel['title']}", target["expr"].replace("$target", ".*")


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    bad, started, port, own = [], [], free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        try:
            started.append(subprocess.Popen([arguments[0], "demo", "-l", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL))
            wait(f"http://127.0.0.1:{port}/-/ready")
            config = os.path.join(folder, "prometheus.yml")
            with open(config, "w") as file:
                file.write(f"scrape_configs: [{{job_name: watch, scrape_interval: 1s, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}]\n")
            started.append(subprocess.Popen(
                ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{own}"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            wait(f"http://127.0.0.1:{own}/-/ready")
            time.sleep(12)
            said = subprocess.run(
                ["promtool", "check", "metrics"], input=get(f"http://127.0.0.1:{port}/metrics"), capture_output=True)
            if said.returncode or said.stdout or said.stderr:
                bad.append(f"promtool: {(said.stdout + said.stderr).decode()}")
            count = 0
            for name, query in queries():
                count += 1
                answer = json.loads(get(f"http://127.0.0.1:{own}/api/v1/query?" + urllib.parse.urlencode({"query": query})))
                if not answer["data"]["result"]:
                    bad.append(f"{name}: nothing for {query}")
            if not count:
                bad.append("there are no queries")
        finally:
            for process in started:
                process.send_signal(signal.SIGTERM)
                process.wait(30)
    print("\n".join(bad) if bad else f"ok: {count} queries")
    return 1 if bad else 0


sys.exit(main(sys.argv[1:]))
