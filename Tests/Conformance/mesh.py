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
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from laboratory import bridge, check, enter, finish, folder, run, until

AGENTS = (1, 2, 3)


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


def mesh(program, folder):
    bridge("10.91.8", AGENTS)
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
        stranger.bind(("10.91.8.254", 0))
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
    enter(arguments)
    with folder("mesh") as place:
        mesh(os.path.abspath(arguments[0]), place)
    finish()


main(sys.argv[1:])
