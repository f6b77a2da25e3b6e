#!/usr/bin/env python3
"""Agents of a mesh, each in a network of its own, and what they know of loss in one direction.

    sudo Tests/Conformance/mesh.py .build/debug/pathwatch

Three agents watch each other and count each other's packets. From a1 to a2, and in no other direction, each fifth packet is
dropped between them (nftables). After 90 s the metrics of both say so, and nobody else's say that anything was lost; round trips lose as much
from either end, and could not have told. a2 is killed and started again: that is no loss. Then a3's port is closed by a firewall: the
page of a1 says so. A stranger who sends to the port gets no answer. It makes a network namespace for itself, so it runs as root.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

BAD = []
HUB = "10.91.8.254"
AGENTS = (1, 2, 3)


def check(isTrue, what):
    print(("ok: " if isTrue else "FAILED: ") + what, flush=True)
    if not isTrue:
        BAD.append(what)


def until(isDone, seconds, what):
    end = time.monotonic() + seconds
    while not isDone():
        if time.monotonic() > end:
            check(False, f"{what} within {seconds} s")
            return
        time.sleep(0.5)
    check(True, what)


def run(command):
    subprocess.run(command if isinstance(command, list) else command.split(), check=True)


class Agent:
    """A daemon, whose pages are at its address."""

    def __init__(self, program, folder, number):
        self.name, self.number, self.host = f"a{number}", number, f"10.91.8.{number}"
        self.log = open(f"{folder}/{self.name}.log", "ab")
        self.command = ["ip", "netns", "exec", self.name, program, "run", f"{folder}/watch.json", "--name", self.name,
                        "--store", f"{folder}/{self.name}.db", "-l", f"{self.host}:8081"]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def get(self, path):
        with urllib.request.urlopen(f"http://{self.host}:8081{path}", timeout=10) as answer:
            return answer.read().decode()

    def counts(self):
        """What was sent and received in each direction, as this agent knows it."""
        found = {}
        for name, sender, receiver, value in re.findall(
                r'tracecore_mesh_(sent|received)_total\{from="(\w+)",to="(\w+)"\} (\d+)', self.get("/metrics")):
            found.setdefault((sender, receiver), {})[name] = int(value)
        return found


def lost(count):
    return count["sent"] - count["received"]


def network():
    run("ip link set lo up")
    run("ip link add br0 type bridge")
    run(f"ip addr add {HUB}/24 dev br0")
    run("ip link set br0 up")
    for number in AGENTS:
        for command in (f"netns add a{number}", f"link add v{number} type veth peer name eth0 netns a{number}",
                        f"link set v{number} master br0", f"link set v{number} up",
                        f"-n a{number} addr add 10.91.8.{number}/24 dev eth0", f"-n a{number} link set eth0 up",
                        f"-n a{number} link set lo up"):
            run(f"ip {command}")


def mesh(program, folder):
    network()
    with open(f"{folder}/key", "w") as file:
        file.write("a key that the three of them share\n")
    with open(f"{folder}/watch.json", "w") as file:
        json.dump({
            "defaults": {"interval": "0.5s", "timeout": "0.4s", "names": False, "method": "icmp"}, "mesh": True,
            "mesh-key-file": f"{folder}/key",
            "agents": [{"name": f"a{number}", "host": f"10.91.8.{number}"} for number in AGENTS],
        }, file)
    run(["nft", "add table bridge mesh"])
    run(["nft", "add chain bridge mesh way { type filter hook forward priority 0; }"])
    # Counted for the packets of the mesh alone: with all that goes by each second, always the same kind would be the fifth.
    for kind in ("udp dport 8620 numgen inc mod 5 == 0", "ip protocol icmp numgen random mod 5 == 0"):
        run(["nft", f'add rule bridge mesh way iifname "v1" oifname "v2" {kind} drop'])
    agents = [Agent(program, folder, number) for number in AGENTS]
    time.sleep(90)
    known = [agent.counts() for agent in agents]
    for agent, counts in zip(agents, known):
        check(len(counts) == 4, f"{agent.name} counts in four directions")
        for (sender, receiver), count in sorted(counts.items()):
            share = lost(count) / max(1, count["sent"])
            print(f"    {agent.name}: {sender} to {receiver}: {lost(count)} of {count['sent']} lost", flush=True)
            check(count["sent"] >= 60, f"{agent.name}: {sender} to {receiver} is counted")
            if (sender, receiver) == ("a1", "a2"):
                check(0.12 <= share <= 0.28, f"{agent.name} says that a fifth is lost from a1 to a2")
            else:
                check(lost(count) == 0, f"{agent.name}: from {sender} to {receiver} nothing is lost")
    one, two = known[0][("a1", "a2")], known[1][("a1", "a2")]
    check(abs(one["sent"] - two["sent"]) <= 7 and abs(lost(one) - lost(two)) <= 3, "both ends say the same")
    for agent, other in ((agents[0], "a2"), (agents[1], "a1")):
        pings = json.loads(agent.get(f"/targets/{other}/history.json?last=10m"))
        # Behind it is a hop where it was looked for once, when it was silent.
        share = max(pings["hops"], key=lambda hop: hop["sent"])["lossPercent"]
        check(5 <= share <= 40, f"of the round trips from {agent.name} to {other}, {share:.0f} % are lost: they name no direction")
    page = agents[0].get("/targets/a2")
    check("Both directions" in page and re.search(r"a2 received \d+ of \d+ packets of the last \d+ min; of its own \d+ all arrived here", page)
          is not None, "the page of a1 says what it rests on")

    # One who sends and is no agent.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind((HUB, 0))
        stranger.settimeout(2)
        stranger.sendto(b"TCmh" + bytes([1]) + bytes(59), (agents[0].host, 8620))
        try:
            check(not stranger.recvfrom(2000), "a stranger gets no answer")
        except TimeoutError:
            check(True, "a stranger gets no answer")
    check("tracecore_mesh_refused_total 1\n" in agents[0].get("/metrics"), "and counts as nothing")

    # One that dies and comes again.
    agents[1].process.send_signal(signal.SIGKILL)
    agents[1].process.wait()
    before = agents[0].counts()[("a2", "a1")]
    time.sleep(5)
    agents[1].start()
    until(lambda: agents[0].counts()[("a2", "a1")]["received"] > before["received"] + 10, 60, "a2 is counted again after a kill")
    counts = agents[0].counts()
    check(lost(counts[("a2", "a1")]) == 0, "from a2 to a1 nothing was lost for it")
    check(lost(agents[2].counts()[("a3", "a2")]) <= 1, "and from a3 to a2 neither")

    # A firewall before one port.
    run(["ip", "netns", "exec", "a3", "nft", "add table inet wall"])
    run(["ip", "netns", "exec", "a3", "nft", "add chain inet wall in { type filter hook input priority 0; }"])
    run(["ip", "netns", "exec", "a3", "nft", "add rule inet wall in udp dport 8620 drop"])
    run(["ip", "netns", "exec", "a3", "nft", "add chain inet wall out { type filter hook output priority 0; }"])
    run(["ip", "netns", "exec", "a3", "nft", "add rule inet wall out udp dport 8620 drop"])
    until(lambda: 'tracecore_mesh_silent{from="a3",to="a1"} 1' in agents[0].get("/metrics"), 60, "nothing arrives from a3")
    page = agents[0].get("/targets/a3")
    check("Nothing has arrived from a3 for" in page and "a firewall may close UDP port 8620" in page,
          "the page of a1 says that a firewall may close the port")
    check('href="/fleet/targets/a1"' in page, "and has a link to what the others see of it")
    page = agents[2].get("/targets/a1")
    check("Nothing can be sent to a1" in page, "the page of a3 says that its own firewall forbids it")
    for agent in agents:
        agent.process.terminate()
        agent.process.wait(30)
        with open(f"{folder}/{agent.name}.log", errors="replace") as log:
            text = log.read()
        check("Fatal" not in text and "not counted" not in text, f"{agent.name} had no trouble{text[-500:] if 'not counted' in text else ''}")
    for agent in agents:
        agent.log.close()


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    if "TRACECORE_INSIDE" not in os.environ:
        os.environ["TRACECORE_INSIDE"] = "1"
        os.environ["PATH"] += ":/usr/sbin:/sbin"
        os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, os.path.abspath(__file__)] + arguments)
    # Names of network namespaces are files there, and those of others are not ours.
    os.makedirs("/run/netns", exist_ok=True)
    run("mount -t tmpfs tmpfs /run/netns")
    folder = tempfile.mkdtemp(prefix="mesh-")
    started, made = [], subprocess.Popen.__init__

    def remember(self, *args, **kwargs):
        made(self, *args, **kwargs)
        started.append(self)

    subprocess.Popen.__init__ = remember
    try:
        mesh(os.path.abspath(arguments[0]), folder)
    finally:
        subprocess.Popen.__init__ = made
        for process in started:
            if process.poll() is None:
                process.kill()
                process.wait()
        if not BAD:
            shutil.rmtree(folder, ignore_errors=True)
    for bad in BAD:
        print(f"FAILED: {bad}")
    sys.exit(1 if BAD else 0)


main(sys.argv[1:])
