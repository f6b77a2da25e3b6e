#!/usr/bin/env python3
"""Compares the documents that trace, ping and mtr write with what the formats' own readers and tools make of them.

    Tests/Conformance/formats.py [FOLDER]

FOLDER holds the programs, ".build/debug" if there is none. Three things are compared:

  atlas    Results of RIPE Atlas, read by the package ripe.atlas.sagan, with our own JSON of the same recorded run, field by
           field. The package is installed into a virtual environment under the temporary folder where it is missing.
  mtr      Our documents with those of `mtr -j` on the same simulated path.
  scamper  Our documents with those of `scamper -O json` on the same simulated path.

The last two need root, a TUN device and the tools, and say so where they are not there. Keys, structure and whatever the
path decides are compared exactly; times in kind and range. Exits 1 if anything differs, 2 if something could not be run.
"""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timezone

import environment

environment.require("ripe.atlas.sagan")
from ripe.atlas.sagan import PingResult, Result, TracerouteResult

FOLDER = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/debug")


class Differences:
    """What differs in one comparison, and how many values were compared."""

    def __init__(self, name):
        self.name, self.lines, self.count = name, [], 0

    def same(self, what, ours, theirs):
        self.count += 1
        if type(ours) is bool or type(theirs) is bool or isinstance(ours, str) != isinstance(theirs, str):
            equal = ours is theirs
        else:
            equal = ours == theirs
        if not equal:
            self.lines.append(f"{what}: {theirs!r}, and not {ours!r}")

    def near(self, what, ours, theirs, relative=0.25, absolute=12.0):
        """A time of another run over the same path."""
        self.count += 1
        for value in (ours, theirs):
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                self.lines.append(f"{what}: {value!r} is no number")
                return
        if not math.isclose(ours, theirs, rel_tol=relative, abs_tol=absolute):
            self.lines.append(f"{what}: {ours} is not near {theirs}")

    def report(self):
        print(f"{'ok' if not self.lines else 'DIFFERENT'}  {self.name}: {self.count} values")
        for line in self.lines:
            print(f"    {line}")
        return not self.lines and self.count > 0


def program(name, *arguments, stdin=None):
    """What one of our programs prints; that a host was not reached is no failure."""
    run = subprocess.run([os.path.join(FOLDER, name), *arguments], input=stdin, capture_output=True, timeout=120)
    if run.returncode > 1:
        raise RuntimeError(f"{name} {' '.join(arguments)}: {run.stderr.decode().strip()}")
    return run.stdout.decode()


# RIPE Atlas ---------------------------------------------------------------------------------------------------------------

# A router that refuses is an error to the reader, and the answer that was to be had: it is compared, and nothing else may be.
STRICT = {"on_error": Result.ACTION_IGNORE, "on_malformation": Result.ACTION_FAIL}

LETTERS = {
    4: {0: "N", 1: "H", 2: "P", 13: "A"},
    6: {0: "N", 1: "A", 2: "h", 3: "H"},
}


def epoch(document, after=0):
    """The second that lies so many milliseconds after the start of a run."""
    start = datetime.strptime(document["startedAt"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    micros = round(start.timestamp() * 1e6) + int(after * 1000)
    return micros // 1_000_000


def payload(document):
    """The bytes behind the headers of the probes."""
    size = document["parameters"].get("packetSize")
    if size is None:
        return None
    header = 40 if ":" in document["target"]["address"] else 20
    return max(0, size - header - (24 if document["method"] == "tcp" else 8))


def head(check, result, document, events):
    """What results of both types have."""
    check.same("no error", False, result.is_error)
    check.same("no malformation", False, result.is_malformed)
    address = document["target"]["address"]
    check.same("created", epoch(document), result.created_timestamp)
    check.same("destination_address", address, result.destination_address)
    check.same("destination_name", document["target"].get("name", address), result.destination_name)
    check.same("source", document.get("source"), result.raw_data.get("src_addr"))
    check.same("af", 6 if ":" in address else 4, result.af)
    check.same("protocol", document["method"].upper(), result.protocol)
    check.same("firmware", 5000, result.firmware)
    check.same("measurement_id", 0, result.measurement_id)
    check.same("probe_id", 0, result.probe_id)
    check.same("seconds_since_sync", None, result.seconds_since_sync)


def in_order(replies, lost):
    """Answers in the order of their probes, with None for each silent one."""
    listed, number = [], 0
    for reply in sorted(replies, key=lambda reply: reply["sequence"]):
        while number < reply["sequence"] and lost > 0:
            listed.append(None)
            number, lost = number + 1, lost - 1
        listed.append(reply)
        number = max(number, reply["sequence"] + 1)
    return listed + [None] * lost


def fault(reply, method, family):
    """The letter or the number of an answer that is a refusal, as a reader has it."""
    if reply["kind"] == "portUnreachable":
        return "p" if method == "icmp" else None
    if reply["kind"] in ("timeExceeded", "echoReply", "open", "closed", "packetTooBig"):
        return None
    return LETTERS[family].get(reply["icmpCode"], str(reply["icmpCode"]))


def traceroute(check, line, document, events):
    result = Result.get(line, **STRICT)
    check.same("type", TracerouteResult, type(result))
    head(check, result, document, events)
    ended = [event["atMs"] for event in events if event["event"] == "ended"]
    check.same("end_time", epoch(document, ended[0]), result.end_time_timestamp)
    check.same("size", payload(document), result.size)
    check.same("total_hops", len(document["hops"]), result.total_hops)
    reached = document["end"]["reason"] == "reached"
    check.same("destination_ip_responded", reached, result.destination_ip_responded)
    family = result.af
    sent = [(event["ttl"], event["sequence"], event["atMs"]) for event in events if event["event"] == "sent"]
    for hop, theirs in zip(document["hops"], result.hops):
        name = f"hop {hop['ttl']}"
        check.same(name, hop["ttl"], theirs.index)
        check.same(f"{name}: no error", False, theirs.is_error)
        listed = in_order(hop["replies"], hop["lost"])
        check.same(f"{name}: packets", len(listed), len(theirs.packets))
        for index, (reply, packet) in enumerate(zip(listed, theirs.packets)):
            name = f"hop {hop['ttl']}, probe {index}"
            check.same(f"{name}: not malformed", False, packet.is_malformed)
            if reply is None:
                check.same(f"{name}: silent", ("*", None, None), (packet.raw_data.get("x"), packet.origin, packet.rtt))
                continue
            check.same(f"{name}: from", reply["from"], packet.origin)
            check.same(f"{name}: rtt", round(reply["rttMs"], 3), packet.rtt)
            check.same(f"{name}: raw rtt", reply["rttMs"], packet.raw_data["rtt"])
            check.same(f"{name}: ttl", reply.get("replyTTL"), packet.ttl)
            header = (40 if family == 6 else 20) + (8 if "icmpType" in reply else 20)
            size = reply.get("replySize")
            check.same(f"{name}: size", size and size - header, packet.size)
            check.same(f"{name}: mtu", reply.get("mtu"), packet.mtu)
            quote = reply.get("quote", {})
            check.same(f"{name}: ittl", quote.get("ttl", 1), packet.internal_ttl)
            check.same(f"{name}: itos", quote.get("trafficClass") or None, packet.raw_data.get("itos"))
            check.same(f"{name}: edst", quote.get("rewrittenTarget"), packet.raw_data.get("edst"))
            check.same(f"{name}: not late", 0, packet.arrived_late_by)
            letter = fault(reply, document["method"], family)
            check.same(f"{name}: err", letter and packet.ERROR_CONDITIONS.get(letter, letter), packet.error_message)
            flags = {"open": "SA", "closed": "RA"}.get(reply["kind"])
            check.same(f"{name}: flags", flags, packet.raw_data.get("flags"))
            extensions(check, name, reply, packet)
        late = [packet for packet in theirs.raw_data["result"] if "late" in packet]
        check.same(f"hop {hop['ttl']}: late", len(hop.get("late", [])), len(late))
        for reply, packet in zip(hop.get("late", []), late):
            position = [(ttl, number) for ttl, number, _ in sent].index((hop["ttl"], reply["sequence"]))
            arrival = sent[position][2] + reply["rttMs"]
            since = sum(1 for _, _, at in sent[position + 1:] if at <= arrival)
            check.same(f"hop {hop['ttl']}: late by", since, packet["late"])
            check.same(f"hop {hop['ttl']}: late from", reply["from"], packet["from"])
            check.same(f"hop {hop['ttl']}: late without rtt", None, packet.get("rtt"))


def extensions(check, name, reply, packet):
    labels, interface = reply.get("mpls", []), reply.get("interface")
    if not labels and not interface:
        check.same(f"{name}: no extensions", None, packet.icmp_header)
        return
    check.same(f"{name}: extensions", 2, packet.icmp_header and packet.icmp_header.version)
    objects = packet.icmp_header.objects if packet.icmp_header else []
    mpls = [label for thing in objects if thing["class"] == 1 for label in thing["mpls"]]
    check.same(
        f"{name}: labels", [(x["label"], x["exp"], int(x["bottom"]), x["ttl"]) for x in labels],
        [(x["label"], x["exp"], x["s"], x["ttl"]) for x in mpls])
    check.same(f"{name}: interfaces", 1 if interface else 0, sum(1 for thing in objects if thing["class"] == 2))


def ping(check, line, document, events):
    result = Result.get(line, **STRICT)
    check.same("type", PingResult, type(result))
    head(check, result, document, events)
    check.same("packets_sent", document["sent"], result.packets_sent)
    check.same("packets_received", document["received"], result.packets_received)
    check.same("duplicates", document["duplicates"], result.duplicates)
    check.same("packet_size", payload(document), result.packet_size)
    rtt = document.get("rtt") or {}
    check.same("rtt_min", rtt.get("minMs"), result.rtt_min)
    check.same("rtt_average", rtt.get("avgMs") and round(rtt["avgMs"], 3), result.rtt_average)
    check.same("rtt_max", rtt.get("maxMs"), result.rtt_max)
    interval = document["parameters"].get("intervalMs")
    check.same("step", interval is not None and int(interval // 1000), result.step)
    listed = in_order([reply for reply in document["replies"] if not reply.get("late")], document["lost"])
    check.same("packets", len(listed), len(result.packets))
    for index, (reply, packet) in enumerate(zip(listed, result.packets)):
        is_answer = reply is not None and reply["kind"] == "echoReply"
        check.same(f"packet {index}: rtt", round(reply["rttMs"], 3) if is_answer else None, packet.rtt)
        check.same(f"packet {index}: ttl", reply["replyTTL"] if is_answer else None, packet.ttl)
        check.same(f"packet {index}: dup", bool(reply and reply.get("duplicate")), packet.dup)


# A path whose routers rewrite, refuse large packets and answer twice, for what the demo has not.
ODD = """seed 5
start 2026-01-01T00:00:00Z
vantage here 192.0.2.10 2001:db8::10
router gw 192.0.2.1 2001:db8::1 delay=0.4ms
router nat 198.51.100.1 2001:db8:1::1 delay=3ms dnat=203.0.113.99,2001:db8:7::99 nat-quote=kept duplicate=50%
router dim 198.51.100.5 2001:db8:1::5 delay=2ms dscp=10 forward-zero
router lazy 198.51.100.9 2001:db8:1::9 delay=2ms jitter=30ms mtu=1400 mpls=24001/3/1,24002/0/9
host far 203.0.113.99 2001:db8:7::99 delay=4ms duplicate=50%
host near 203.0.113.7 2001:db8:7::7 delay=4ms name=near.example
path far: gw nat dim lazy
path near: gw nat dim lazy
"""

HOSTS = [
    "frankfurt.example", "newyork.example", "losangeles.example", "tokyo.example", "nairobi.example", "mumbai.example",
    "sydney.example", "chicago.example", "dead.example", "prohibited.example",
]


def atlas(folder):
    """Both formats from the same recorded run."""
    odd = os.path.join(folder, "odd.topology")
    with open(odd, "w") as file:
        file.write(ODD)
    runs = [("trace", ["--network", "demo", *way, host], traceroute) for host in HOSTS for way in WAYS]
    runs += [("trace", ["--network", odd, *way, "near.example"], traceroute) for way in WAYS]
    runs += [("trace", ["--network", odd, "-F", way, "near.example", "1480"], traceroute) for way in ("-4", "-6")]
    runs += [
        ("ping", ["--network", "demo", "-c", "60", "-i", "0.5", *way, host], ping) for host in HOSTS for way in ([], ["-6"])
    ]
    # A short wait makes late answers of those from afar.
    runs.append(("ping", ["--network", "demo", "-c", "20", "-W", "0.28", "tokyo.example"], ping))
    seen = dict.fromkeys(["late", "x", "err", "ittl", "itos", "edst", "flags", "mtu", "icmpext", "dup", "error"], 0)
    # The real probers see less or more than the simulated one, by how they ask.
    modes = ["--mode", "raw"], ["--mode", "unprivileged"]
    lives = [
        ("trace", [*mode, *way, host], traceroute) for mode in modes for way in (["-I"], ["-T"], ["-6"], ["-w", "0.3"])
        for host in ("mumbai.example", "frankfurt.example", "prohibited.example")
    ]
    lives += [("ping", [*mode, "-c", "10", "-i", "0.02", host], ping) for mode in modes for host in ("sydney.example",)]
    if obstacle("simnet"):
        lives = []
    fine = True
    for name, arguments, compare, is_live in [(*run, False) for run in runs] + [(*run, True) for run in lives]:
        check = Differences(f"atlas: {name} {' '.join(arguments).replace('--network ', '').replace(odd, 'odd')}")
        log = (ours if is_live else program)(name, *arguments, "--ndjson").encode()
        line = program(name, "--replay", "-", "--format", "atlas", stdin=log)
        if not is_live:
            check.same("live and replayed", program(name, *arguments, "--format", "atlas"), line)
        document = json.loads(program(name, "--replay", "-", "--json", stdin=log))
        try:
            compare(check, line, document, [json.loads(event) for event in log.splitlines()])
        except Exception as error:
            check.lines.append(f"not read: {type(error).__name__}: {error}")
        for key in seen:
            seen[key] += line.count('{"dup":1,' if key == "dup" else f'"{key}":')
        fine = check.report() and fine
    check = Differences("atlas: a line each of several")
    lines = program("trace", "--network", "demo", "--format", "atlas", *HOSTS[:3]).splitlines()
    check.same("names", HOSTS[:3], [Result.get(line).destination_name for line in lines])
    fine = check.report() and fine
    print("    seen: " + ", ".join(f"{key} {count}" for key, count in seen.items()))
    missing = [key for key, count in seen.items() if count == 0]
    if missing:
        print(f"DIFFERENT  nothing was seen of {', '.join(missing)}")
    return fine and not missing


WAYS = [["-w", "0.08"], ["-I"], ["-T"], ["-6"], ["-6", "-I"], ["-6", "-T"]]


# mtr and scamper on the same path -----------------------------------------------------------------------------------------

def laboratory(*command):
    """What a command prints in a network of its own, behind which the demo lies."""
    arguments = [os.path.join(FOLDER, "simnet"), "demo", "--hosts", "--ping-group-range", "open", "--", *command]
    run = subprocess.run(arguments, capture_output=True, timeout=180)
    if run.returncode > 1:
        raise RuntimeError(f"{' '.join(command)}: {run.stderr.decode().strip()}")
    return run.stdout.decode()


def obstacle(tool):
    """Why a tool cannot be run on the simulated path, or None."""
    if os.geteuid() != 0:
        return "root is needed"
    if not os.path.exists("/dev/net/tun"):
        return "there is no /dev/net/tun"
    is_there = os.path.exists(os.path.join(FOLDER, tool)) if tool == "simnet" else shutil.which(tool)
    return None if is_there else f"{tool} is not installed"


def ours(name, *arguments):
    return laboratory(os.path.join(FOLDER, name), *arguments)


def keys(check, what, ours, theirs, missing=()):
    """The keys in their order, apart from those that a run cannot know."""
    check.same(f"{what}: keys", list(ours), [key for key in theirs if key not in missing])


def mtr():
    fine = True
    for host in ["london.example", "saopaulo.example", "mumbai.example", "lisbon.example"]:
        theirs = json.loads(laboratory("mtr", "-j", "-4", "-n", "-c", "3", "-i", "0.3", host))["report"]
        documents = [
            ("mtr -j", ours("mtr", "-j", "-4", "-n", "-c", "3", "-i", "0.3", host), ()),
            # A trace does not know what its packets were filled with.
            ("trace --format mtr", ours("trace", "--format", "mtr", "-I", "-4", "-n", "-q", "3", "-z", "0.1", host, "64"),
             ("bitpattern",)),
        ]
        for name, text, missing in documents:
            check = Differences(f"mtr: {name} {host}")
            document = json.loads(text)
            keys(check, "document", document, {"report": None})
            document = document["report"]
            keys(check, "report", document, theirs)
            keys(check, "mtr", document["mtr"], theirs["mtr"], missing)
            for key, value in document["mtr"].items():
                # mtr calls the source by the name of the machine.
                if key != "src":
                    check.same(f"mtr: {key}", value, theirs["mtr"][key])
            check.same("hubs", len(document["hubs"]), len(theirs["hubs"]))
            for hub, other in zip(document["hubs"], theirs["hubs"]):
                hop = f"hub {other['count']}"
                keys(check, hop, hub, other)
                for key in ("count", "host", "Loss%", "Snt"):
                    check.same(f"{hop}: {key}", hub.get(key), other[key])
                for key in ("Last", "Avg", "Best", "Wrst"):
                    check.near(f"{hop}: {key}", hub.get(key), other[key])
                check.near(f"{hop}: StDev", hub.get("StDev"), other["StDev"], absolute=20)
            fine = check.report() and fine
    theirs = laboratory("mtr", "-C", "-4", "-n", "-c", "2", "-i", "0.3", "london.example").splitlines()
    lines = ours("trace", "--format", "mtr-csv", "-I", "-4", "-n", "-q", "2", "london.example").splitlines()
    check = Differences("mtr: trace --format mtr-csv london.example")
    # mtr's heading ends with a comma that its lines have not.
    check.same("heading", lines[0], theirs[0].rstrip(","))
    for line, other in zip(lines[1:], theirs[1:]):
        line, other = line.split(","), other.split(",")
        check.same("columns", len(line), len(other))
        for column in (2, 3, 4, 5, 6, 7, 8):
            check.same(f"hop {other[4]}: column {column}", line[column], other[column])
        for column in range(9, 13):
            check.near(f"hop {other[4]}: column {column}", float(line[column]), float(other[column]))
    check.same("lines", len(lines), len(theirs))
    return check.report() and fine


# What scamper knows of its own run and we do not of ours: ports, the time it waits, the checksum of probes,
# the identification of answers, and the total length in a quoted header.
UNKNOWN = ("sport", "dport", "icmp_sum", "wait", "wait_probe")
UNKNOWN_OF_HOP = ("reply_ipid", "icmp_q_ipl")


def scamper():
    fine = True
    paths = [
        ("203.0.113.20", "udp", []), ("203.0.113.20", "icmp", ["-I"]), ("203.0.113.90", "udp", []),
        ("203.0.113.60", "icmp", ["-I"]), ("2001:db8:200::14", "udp", []), ("2001:db8:200::5a", "icmp", ["-I"]),
        ("203.0.113.1", "udp", []),
    ]
    for host, method, way in paths:
        text = laboratory("scamper", "-O", "json", "-c", f"trace -P {method} -Q -q 2 -w 1 -m 30", "-i", host)
        theirs = [json.loads(line) for line in text.splitlines()]
        theirs = [line for line in theirs if line["type"] == "trace"][0]
        size = str(theirs["probe_size"])
        line = ours("trace", "--format", "scamper", "-n", "-q", "2", "-w", "1", *way, host, size)
        check = Differences(f"scamper: {method} {host}")
        check.same("lines", 1, len(line.splitlines()))
        document = json.loads(line)
        keys(check, "trace", document, theirs, UNKNOWN)
        for key, value in document.items():
            if key not in ("start", "hops", "probe_count"):
                check.same(key, value, theirs.get(key))
        keys(check, "start", document["start"], theirs["start"])
        for key, kind in (("sec", int), ("usec", int), ("ftime", str)):
            check.same(f"start: {key}", type(document["start"][key]), kind)
        check.near("start", document["start"]["sec"], theirs["start"]["sec"], relative=0, absolute=120)
        check.same("ftime", len(document["start"]["ftime"]), len(theirs["start"]["ftime"]))
        check.same("hops", len(document["hops"]), len(theirs["hops"]))
        for hop, other in zip(document["hops"], theirs["hops"]):
            name = f"hop {other['probe_ttl']}/{other['probe_id']}"
            keys(check, name, hop, other, UNKNOWN_OF_HOP)
            for key, value in hop.items():
                if key not in ("tx", "rtt"):
                    check.same(f"{name}: {key}", value, other.get(key))
            check.near(f"{name}: rtt", hop["rtt"], other["rtt"])
            keys(check, f"{name}: tx", hop.get("tx", {}), other["tx"])
            check.near(f"{name}: tx", hop["tx"]["sec"], other["tx"]["sec"], relative=0, absolute=120)
            check.same(f"{name}: usec", True, 0 <= hop["tx"]["usec"] < 1_000_000)
        fine = check.report() and fine
    return fine


def main():
    fine, complete = True, True
    with tempfile.TemporaryDirectory() as folder:
        fine = atlas(folder)
    for tool, compare in (("mtr", mtr), ("scamper", scamper)):
        if obstacle(tool):
            print(f"NOT RUN  {tool}: {obstacle(tool)}")
            complete = False
        else:
            fine = compare() and fine
    sys.exit(1 if not fine else 0 if complete else 2)


main()
