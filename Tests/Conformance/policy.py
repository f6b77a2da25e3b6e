#!/usr/bin/env python3
"""Compares which addresses `TargetPolicy.publicOnly` allows with what Python's `ipaddress` calls global.

    Tests/Conformance/policy.py [COUNT]

COUNT addresses, 100,000 if there is none: some at random, some at the edges of every special range and within it, some that
carry an IPv4 address. What Python says is not taken as it is: `DIFFERENCES` lists where the policy is to differ and why.
The expected verdicts are written to a file that the Swift test reads, by `TRACECORE_POLICY_TABLE`. Exits 1 if a verdict
differs, or if a listed difference is none.
"""

import collections
import ipaddress
import os
import random
import subprocess
import sys
import tempfile

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


def network(text):
    return ipaddress.ip_network(text)


# Where the policy differs from `is_global`, whichever version of Python this is: the networks, the policy's verdict, why.
DIFFERENCES = [
    ("192.0.0.0/24", "refused", "only services of the own network are in it; Python makes exceptions, older ones more"),
    ("192.88.99.0/24", "refused", "6to4 relays were withdrawn (RFC 7526)"),
    ("224.0.0.0/4", "refused", "a group is not a host"),
    ("64:ff9b::/96", "refused", "a translator of the own network may carry it inside"),
    ("64:ff9b:1::/48", "refused", "older versions of Python do not know it (RFC 8215)"),
    ("2002::/16", "refused", "a relay of the own network may carry it inside; older versions of Python do not know it"),
    ("100:0:0:1::/64", "refused", "a stand-in that no packet should carry (RFC 9780)"),
    ("3fff::/20", "refused", "documentation (RFC 9637); older versions of Python do not know it"),
    ("5f00::/16", "refused", "segments of paths are no hosts (RFC 9602)"),
    ("2001:1::1/128", "refused", "Port Control Protocol: a service of the own network"),
    ("2001:1::2/128", "refused", "TURN: a service of the own network"),
    ("2001:1::3/128", "refused", "DNS-SD: a service of the own network"),
    ("2001:3::/32", "allowed", "multicast relays are hosts (RFC 7450); older versions of Python do not know it"),
    ("2001:4:112::/48", "allowed", "AS112 sinks are hosts (RFC 7535); older versions of Python do not know it"),
    ("2001:20::/28", "refused", "an identifier is not an address (RFC 7343)"),
    ("2001:30::/28", "refused", "an identifier is not an address (RFC 9374)"),
    ("fec0::/10", "refused", "site-local addresses were withdrawn (RFC 3879)"),
    ("ff00::/8", "refused", "a group is not a host"),
]
DIFFERENCES = [(network(text), verdict, why) for text, verdict, why in DIFFERENCES]
OPENED = network("2000::/3")

# Every range that one of the two knows, so that edges and insides of all are looked at.
RANGES = [entry[0] for entry in DIFFERENCES] + [OPENED] + [
    network(text) for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/29",
        "192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32", "192.0.0.170/31", "192.0.2.0/24", "192.31.196.0/24",
        "192.52.193.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "240.0.0.0/4", "255.255.255.255/32", "::/128", "::1/128", "::/96", "::ffff:0:0/96", "100::/64", "2001::/23",
        "2001::/32", "2001:2::/48", "2001:10::/28", "2001:db8::/32", "2620:4f:8000::/48", "fc00::/7", "fe80::/10",
    )
]


def isatap(address):
    """The IPv4 address of an ISATAP identifier, which Python does not know."""
    if address.version == 4 or (int(address) >> 32) & 0xFDFFFFFF != 0x00005EFE:
        return None
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def verdict(address):
    """What the policy is to say, and which of the listed differences it is by."""
    python = "allowed" if address.is_global else "refused"
    # The longest of the networks that fit says it, as in a routing table.
    fits = [entry for entry in DIFFERENCES if address in entry[0]]
    if fits:
        entry = max(fits, key=lambda entry: entry[0].prefixlen)
        return entry[1], str(entry[0]) if entry[1] != python else None
    if address.version == 6 and address not in OPENED:
        return "refused", "outside 2000::/3" if python == "allowed" else None
    carried = isatap(address)
    if python == "allowed" and carried is not None and verdict(carried)[0] == "refused":
        return "refused", "ISATAP"
    return python, None


def addresses():
    """First all edges, then addresses within the ranges, anywhere, and with an IPv4 address inside."""
    for net in RANGES:
        kind = type(net.network_address)
        width = net.max_prefixlen
        for number in (int(net[0]) - 1, int(net[0]), int(net[0]) + 1, int(net[-1]) - 1, int(net[-1]), int(net[-1]) + 1):
            if 0 <= number < 1 << width:
                yield kind(number)
    while True:
        yield ipaddress.IPv4Address(random.getrandbits(32))
        yield ipaddress.IPv6Address(0x2 << 124 | random.getrandbits(125))
        yield ipaddress.IPv6Address(random.getrandbits(128))
        net = random.choice(RANGES)
        yield net[random.randrange(net.num_addresses)]
        inside = random.choice([net for net in RANGES if net.version == 4])
        v4 = int(inside[random.randrange(inside.num_addresses)]) if random.random() < 0.7 else random.getrandbits(32)
        yield ipaddress.IPv6Address(
            random.choice((
                0xFFFF << 32 | v4, v4, 0x64FF9B << 96 | v4, 0x2002 << 112 | v4 << 80 | random.getrandbits(80),
                0x20010000 << 96 | random.getrandbits(64) << 32 | v4 ^ 0xFFFFFFFF,
                0x2A00 << 112 | random.getrandbits(48) << 64 | random.choice((0x5EFE, 0x2005EFE)) << 32 | v4,
            )))


random.seed(11)
used = collections.Counter()
with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as table:
    for _, address in zip(range(COUNT), addresses()):
        result, difference = verdict(address)
        if difference:
            used[difference] += 1
        print(address, result, file=table)

print(f"{COUNT} addresses; the policy is to differ from Python {sys.version.split()[0]} in {sum(used.values())}:")
reasons = {str(net): why for net, _, why in DIFFERENCES}
reasons["outside 2000::/3"] = "IPv6 has opened 2000::/3 only (RFC 4291)"
reasons["ISATAP"] = "the interface identifier carries an IPv4 address that is refused (RFC 5214)"
for name, count in used.most_common():
    print(f"  {count:6}  {name}: {reasons[name]}")
for name in reasons:
    if name not in used:
        print(f"       -  {name}: no difference to this version of Python")

environment = dict(os.environ, TRACECORE_POLICY_TABLE=table.name)
command = ["swift", "test", "--skip-build", "--filter", "TargetPolicyTests"]
run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
os.unlink(table.name)
if run.returncode != 0 or "with 0 tests" in run.stdout or "cancelled" in run.stdout:
    print(run.stdout + run.stderr)
    sys.exit(1)
print("ok  the policy agrees, or differs as listed")
