#!/usr/bin/env python3
"""Kills `pathwatch` again and again while it watches, decides and tells, and looks at what it kept and told.

    Tests/Conformance/kills.py .build/debug/pathwatch [TIMES]

Twenty hosts on a simulated internet answer half of the probes, ten times a second, so that there is always something wrong and something right
again. A server of this program takes the webhooks, and fails for every fourth. The daemon is killed (SIGKILL) at a random moment, TIMES
times (40). After each: the file is whole. At the end, when it was let alone for a while: every alert that was kept was told of, and
what is over as over; no decision has two ids; a message that came twice is the same; nothing that is kept goes back in time.
"""

import http.server
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

HOSTS = 20
TOPOLOGY = "\n".join(
    ["seed 7", "start 2026-01-01T00:00:00Z", "vantage here 192.0.2.10", "router gw 192.0.2.1 delay=0.2ms"]
    + ["host flaky 203.0.113.0/24 delay=0.2ms loss=50%", "path flaky: gw"]) + "\n"


class Taker(http.server.BaseHTTPRequestHandler):
    messages, lock, count = [], threading.Lock(), 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with Taker.lock:
            Taker.count += 1
            isTaken = Taker.count % 4 != 0
            if isTaken:
                Taker.messages.append((self.headers["webhook-id"], body))
        self.send_response(204 if isTaken else 503)
        self.send_header("Content-Length", "0")
        # Tried again soon: the daemon has a minute as its least for those who always say 0.
        self.end_headers()

    def log_message(self, *_):
        pass


def settings(folder, port, listen):
    path = os.path.join(folder, "watch.json")
    with open(os.path.join(folder, "net"), "w") as file:
        file.write(TOPOLOGY)
    with open(path, "w") as file:
        json.dump({
            "network": os.path.join(folder, "net"), "store": os.path.join(folder, "paths.db"), "group-wait": 0.2,
            "listen": [f"127.0.0.1:{listen}"],
            "defaults": {"interval": "0.1s", "timeout": "0.2s", "names": False},
            "targets": [{"name": f"t{number}", "host": f"203.0.113.{number + 1}"} for number in range(HOSTS)],
            "rules": [{"name": "lost", "when": "lost", "failure-threshold": 3, "success-threshold": 2}],
            "receivers": [{"name": "hook", "type": "webhook", "url": f"http://127.0.0.1:{port}/", "allow-private": True}],
        }, file)
    return path


def start(program, file, log):
    return subprocess.Popen([program, "run", file], stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    program, times = arguments[0], int(arguments[1]) if len(arguments) > 1 else 40
    folder = tempfile.mkdtemp(prefix="kills-")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = free.getsockname()[1]
    file, store = settings(folder, server.server_port, listen), os.path.join(folder, "paths.db")
    bad, chance, newest, process = [], random.Random(7), 0, None
    try:
        with open(os.path.join(folder, "log"), "ab") as log:
            for number in range(times):
                process = start(program, file, log)
                time.sleep(chance.uniform(0.1, 2.5))
                if process.poll() is not None:
                    bad.append(f"run {number}: it ended by itself with {process.returncode}")
                    break
                process.send_signal(signal.SIGKILL)
                process.wait()
                if not os.path.exists(store) or not os.path.getsize(store):
                    continue
                connection = sqlite3.connect(store)
                found = connection.execute("PRAGMA integrity_check").fetchall()
                if found != [("ok",)]:
                    bad.append(f"run {number}: {found[:3]}")
                last = connection.execute("SELECT max(at) FROM journal").fetchone()[0] or newest
                if last < newest:
                    bad.append(f"run {number}: the newest round is older than it was before")
                newest = last
                connection.close()
            # What waits is told, and the decisions of the last run with it.
            process = start(program, file, log)
            end = time.monotonic() + 30
            while time.monotonic() < end:
                time.sleep(0.5)
                connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
                waiting = connection.execute("SELECT count(*) FROM delivery WHERE state = 0 AND tries = 0").fetchone()[0]
                connection.close()
                if not waiting and time.monotonic() > end - 20:
                    break
            process.terminate()
            process.wait(30)
        bad += judge(store)
        with open(os.path.join(folder, "log"), errors="replace") as log:
            said = log.read()
        if "takes nothing" in said or "Fatal" in said:
            bad.append(said[-2000:])
    finally:
        if process and process.poll() is None:
            process.kill()
        server.shutdown()
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(bad) if bad else f"ok: {times} kills")
    return 1 if bad else 0


def judge(store):
    bad = []
    connection = sqlite3.connect(store)
    alerts = connection.execute("SELECT id, key, resolved FROM alert").fetchall()
    deliveries = connection.execute("SELECT id, alert, state, tries, body FROM delivery").fetchall()
    told = {}
    for name, alert, state, tries, body in deliveries:
        message = json.loads(json.loads(body)["body"])["data"]
        told.setdefault((message["id"], message["state"]), []).append(name)
    for number, key, resolved in alerts:
        for state in ["firing"] + (["resolved"] if resolved else []):
            names = told.get((key, state), [])
            if len(names) != 1:
                bad.append(f"alert {number} ({key}): {len(names)} messages say that it is {state}")
    taken = {name for name, _, state, _, _ in deliveries if state == 1}
    came = {}
    for name, body in Taker.messages:
        if came.setdefault(name, body) != body:
            bad.append(f"{name} came twice, and not as it was")
    kept = {name for name, *_ in deliveries}
    for name in taken - set(came):
        bad.append(f"{name} is kept as taken, and never came")
    for name in set(came) - kept:
        bad.append(f"{name} came, and was not kept")
    twice = len(Taker.messages) - len(came)
    print(f"{len(alerts)} alerts, {len(deliveries)} messages, {len(came)} came, {twice} of them again with the same id")
    if not alerts or not came:
        bad.append("nothing was wrong, so nothing was shown")
    return bad[:20]


sys.exit(main(sys.argv[1:]))
