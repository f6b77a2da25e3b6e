#!/usr/bin/env python3
"""Holds what HTTPKit takes for requests against h11 and llhttp (httptools), which others' servers read requests with.

    Tests/Conformance/requests.py [COUNT]

COUNT requests, 100,000 if there is none: the vectors of `Tests/HTTPKitTests`, and mutations of them. What h11 and llhttp make of
each is written to a file that the Swift test reads, by `TRACECORE_REQUEST_TABLE`. Nothing may be taken that both refuse; and
where something is taken, whoever else takes it must have seen the same methods and bodies. Needs `pip install h11 httptools`.
"""

import os
import random
import re
import subprocess
import sys
import tempfile

import h11
import httptools

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


def unescaped(text):
    """The bytes of a vector."""
    def many(match):
        return match[2] * int(match[1])
    while True:
        shorter = re.sub(r"\{(\d+)\*([^{}]*)\}", many, text)
        if shorter == text:
            break
        text = shorter
    letters = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\"}
    parts = re.split(r"\\(x[0-9a-fA-F]{2}|.)", text)
    return b"".join(
        part.encode() if index % 2 == 0 else bytes([int(part[1:], 16)]) if part[0] == "x" else letters[part]
        for index, part in enumerate(parts))


def vectors():
    with open(os.path.join(ROOT, "Tests", "HTTPKitTests", "RequestVectors.txt"), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                data = unescaped(line.rstrip("\n").split("\t")[3])
                if len(data) < 2_000:
                    yield data


TOKENS = [
    b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b"\0", b"chunked", b"Transfer-Encoding: chunked\r\n", b"Content-Length: 3\r\n",
    b"Content-Length: 0\r\n", b"0\r\n\r\n", b"1\r\nx\r\n", b"Host: a\r\n", b";", b",", b"+", b"0x", b"%2e", b"HTTP/1.1", b"HTTP/1.0",
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"Connection: close\r\n", b"\x0b", b"\x7f", b"\x80", b"\xff", b"-", b"_", b"9", b"a",
]


def mutated(data, others):
    data = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        position = random.randrange(len(data) + 1)
        kind = random.randrange(7)
        if kind == 0:
            data[position:position] = random.choice(TOKENS)
        elif kind == 1:
            del data[position:position + random.randrange(1, 4)]
        elif kind == 2 and position < len(data):
            data[position] = random.choice((random.randrange(256), data[position] ^ 0x20, data[position] ^ 1))
        elif kind == 3:
            other = random.choice(others)
            data[position:] = other[random.randrange(len(other)):]
        elif kind > 4:
            # A letter or a digit for another: many of these are requests.
            places = [index for index, byte in enumerate(data) if chr(byte).isalnum()]
            if places:
                data[random.choice(places)] = random.choice(b"abcXYZ019")
        else:
            start = random.randrange(len(data) + 1)
            data[position:position] = data[start:start + random.randrange(1, 30)]
    return bytes(data)


def closes(headers):
    return any(name.lower() == b"connection" and b"close" in value.lower() for name, value in headers)


def by_h11(data):
    """The methods and bodies that h11 sees, or None where it refuses, or has not seen the end of the last one."""
    connection = h11.Connection(h11.SERVER)
    methods, body = [], b""
    try:
        connection.receive_data(data)
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Request):
                methods.append(event.method)
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                connection.send(h11.Response(status_code=200, headers=[("content-length", "0")]))
                connection.send(h11.EndOfMessage())
                if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                    break
                connection.start_next_cycle()
            else:
                break
    except (h11.ProtocolError, ValueError):
        return None
    return methods, body


class Seen:
    def __init__(self):
        self.methods, self.body, self.parser, self.last = [], b"", None, False

    def on_message_begin(self):
        self.headers = []

    def on_header(self, name, value):
        self.headers.append((name, value))

    def on_headers_complete(self):
        if not self.last:
            self.methods.append(self.parser.get_method())

    def on_body(self, data):
        if not self.last:
            self.body += data

    def on_message_complete(self):
        if not self.parser.should_keep_alive():
            self.last = True


def by_llhttp(data):
    seen = Seen()
    seen.parser = httptools.HttpRequestParser(seen)
    try:
        seen.parser.feed_data(data)
    except httptools.HttpParserUpgrade:
        # It reads no further, whether the server wants another protocol or not.
        return None
    except (httptools.HttpParserError, ValueError):
        # What follows a close is another's business.
        return (seen.methods, seen.body) if seen.last else None
    return seen.methods, seen.body


def text(result):
    if result is None:
        return "-"
    return ",".join(method.decode("latin-1") for method in result[0]) + ":" + result[1].hex()


random.seed(13)
originals = list(vectors())
good = [data for data in originals if by_h11(data) or by_llhttp(data)]
with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as table:
    for index in range(COUNT):
        data = originals[index] if index < len(originals) else mutated(random.choice(random.choice((good, originals))), originals)
        print(data.hex(), text(by_h11(data)), text(by_llhttp(data)), file=table)

environment = dict(os.environ, TRACECORE_REQUEST_TABLE=table.name)
command = ["swift", "test", "--skip-build", "--filter", "beside what other readers"]
run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
os.unlink(table.name)
if run.returncode != 0 or "with 0 tests" in run.stdout or "cancelled" in run.stdout:
    print(run.stdout[-6000:] + run.stderr[-2000:])
    sys.exit(1)
print(f"ok  {COUNT} requests: nothing is taken that h11 {h11.__version__} and llhttp (httptools {httptools.__version__}) "
      "both refuse, and none is seen otherwise")
