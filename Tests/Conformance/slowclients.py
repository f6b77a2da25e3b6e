#!/usr/bin/env python3
"""Attacks a server with Debian's slowhttptest, and measures what another client has of it.

    Tests/Conformance/slowclients.py [--seconds N] URL
    Tests/Conformance/slowclients.py [--seconds N] .build/release/lookingglass --network demo --listen 127.0.0.1:PORT

A command is started with a free port in the place of PORT, and ended by SIGTERM. 2,000 connections each send their heads
slowly, then their bodies, then read slowly; each for 30 s, or as long as is said. All the while a client at 127.0.0.2, which is another one for limits that
count clients, asks for the page every 20 ms, with a new connection each time. Exits 1 if the 99th percentile of an attack is over
100 ms, if an answer is not that of before, or if the server does not end by itself. Needs `apt-get install slowhttptest`.
"""

import http.client
import multiprocessing
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

CONNECTIONS, SECONDS, LIMIT_MS, EVERY = 2_000, 30, 100, 0.020
ATTACKS = {
    "slow headers": ["-H", "-i", "5", "-x", "24"],
    "slow body": ["-B", "-i", "5", "-s", "8192", "-x", "10"],
    # A window of some bytes, five of which are read each second.
    "slow read": ["-X", "-w", "10", "-y", "20", "-n", "1", "-z", "5", "-k", "3"],
}


def get(url):
    """The status of the page, or what went wrong; and how long it took."""
    start = time.monotonic()
    try:
        connection = http.client.HTTPConnection(url.hostname, url.port or 80, 10, ("127.0.0.2", 0))
        connection.request("GET", url.path or "/", headers={"Connection": "close"})
        answer = connection.getresponse()
        answer.read()
        outcome = answer.status
        connection.close()
    except (OSError, http.client.HTTPException) as error:
        outcome = repr(error)
    return outcome, time.monotonic() - start


def ask(url, is_over, results):
    """In a process of its own, so that nothing here delays it."""
    outcomes = []
    due = time.monotonic()
    while not is_over.is_set():
        outcomes.append(get(url))
        due = max(due + EVERY, time.monotonic() - EVERY)
        time.sleep(max(0, due - time.monotonic()))
    results.put(outcomes)


def measured(url, attack):
    """What the other client has while something goes on."""
    is_over, results = multiprocessing.Event(), multiprocessing.Queue()
    process = multiprocessing.Process(target=ask, args=(url, is_over, results))
    process.start()
    said = attack()
    is_over.set()
    outcomes = results.get()
    process.join()
    return outcomes, said


def slowhttptest(url, options):
    command = ["slowhttptest", *options, "-c", str(CONNECTIONS), "-r", "500", "-l", str(SECONDS), "-p", "5", "-v", "1",
               "-u", url.geturl()]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout


def most(said, word):
    numbers = re.findall(word + r":\s+(\d+)", re.sub(r"\x1b\[[0-9;]*m", "", said))
    return max(map(int, numbers), default=0)


def show(name, outcomes, more=""):
    times = sorted(time * 1_000 for _, time in outcomes)
    p50, p99 = times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)]
    print(f"{name:13} {len(times):5} answers, p50 {p50:6.1f} ms, p99 {p99:6.1f} ms, most {times[-1]:6.1f} ms{more}", flush=True)
    return p99


def main(arguments):
    if arguments[:1] == ["--seconds"]:
        global SECONDS
        SECONDS, arguments = int(arguments[1]), arguments[2:]
    if not arguments:
        sys.exit(__doc__)
    if not shutil.which("slowhttptest"):
        sys.exit("slowhttptest is missing: apt-get install slowhttptest")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    server = None
    if re.match("https?://", arguments[0]):
        url = urllib.parse.urlsplit(arguments[0])
    else:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        server = subprocess.Popen([word.replace("PORT", port) for word in arguments], stdout=subprocess.DEVNULL)
        url = urllib.parse.urlsplit(f"http://127.0.0.1:{port}/")
    try:
        return attacked(url, server)
    finally:
        if server and server.poll() is None:
            server.kill()


def attacked(url, server):
    start = time.monotonic()
    while not isinstance(get(url)[0], int):
        if time.monotonic() - start > 30 or server and server.poll() is not None:
            sys.exit(f"there is no server at {url.geturl()}: {get(url)[0]}")
        time.sleep(0.1)
    before, _ = measured(url, lambda: time.sleep(3))
    show("nobody else", before)
    usual, bad = before[0][0], []
    for name, options in ATTACKS.items():
        outcomes, said = measured(url, lambda: slowhttptest(url, options))
        connected = most(said, "connected")
        p99 = show(name, outcomes, f"; {connected} slow connections at once")
        if p99 > LIMIT_MS:
            bad.append(f"{name}: p99 is {p99:.1f} ms, and {LIMIT_MS} may be")
        other = {outcome for outcome, _ in outcomes} - {usual}
        if other:
            bad.append(f"{name}: other answers than {usual}: {sorted(map(str, other))[:5]}")
        if connected == 0:
            bad.append(f"{name}: slowhttptest had no connection:\n{said[-1_000:]}")
    if server:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            bad.append("the server did not end within 30 s of SIGTERM")
    print("\n".join(bad) if bad else "ok", flush=True)
    return 1 if bad else 0


sys.exit(main(sys.argv[1:]))
