#!/usr/bin/env python3
"""Receives webhooks as others do, and fails in every way while it does.

    Tests/Conformance/receivers.py [COUNT]

A server takes COUNT messages, 2,000 if there is none, from the Swift test that reads its address from
`TRACECORE_RECEIVERS_SERVER`. On the way to each it hangs, redirects, answers 429, 500 and 503, closes early, sends without
end. PyPI's `standardwebhooks` verifies each try, and `cloudevents` reads the events. Exits 1 if a signature is wrong, if a
message is missing or taken twice, or if a try says something else than the one before it.
"""

import asyncio
import json
import os
import subprocess
import sys
import zlib

from environment import require

require("standardwebhooks", "cloudevents")

from cloudevents.core.bindings.http import HTTPMessage, from_http_event  # noqa: E402
from standardwebhooks import Webhook  # noqa: E402

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
# The test has the same two.
SECRETS = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"]

FAILURES = {
    "hang": None,
    "close": b"",
    "half": b"HTTP/1.1 200 OK",
    "error": b"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno",
    "busy": b"HTTP/1.1 429 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n",
    "away": b"HTTP/1.1 503 Away\r\nRetry-After: Fri, 31 Dec 2038 23:59:59 GMT\r\nContent-Length: 0\r\n\r\n",
    "elsewhere": b"HTTP/1.1 307 There\r\nLocation: /taken\r\nContent-Length: 0\r\n\r\n",
    "endless": b"HTTP/1.1 500 Oh\r\nContent-Length: 1000000000\r\n\r\n" + b"x" * 100_000,
    "noise": b"SSH-2.0-none\r\n",
}
OKAY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

problems, bodies, tries, taken, events = [], {}, {}, {}, 0


def look(path, headers, body):
    """Verifies one try, whatever it is answered."""
    global events
    name = headers["webhook-id"]
    for secret in SECRETS:
        Webhook(secret).verify(body, headers)
    try:
        Webhook("whsec_" + "A" * 32).verify(body, headers)
        problems.append(f"{name}: a wrong key verifies it")
    except Exception:
        pass
    if bodies.setdefault(name, body) != body:
        problems.append(f"{name}: another body than before")
    if path.endswith("cloudevents"):
        event = from_http_event(HTTPMessage(headers, body))
        assert event.get_id() == name and event.get_type().startswith("tracecore.alert."), event
        assert event.get_data()["id"] == event.get_subject(), event
        events += 1
    else:
        assert json.loads(body), body
    return name


async def serve(reader, writer):
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
        headers = dict(line.lower().split(": ", 1)[:1] + line.split(": ", 1)[1:] for line in head[1:] if line)
        body = await reader.readexactly(int(headers["content-length"]))
        path = head[0].split(" ")[1]
        try:
            name = look(path, headers, body)
        except Exception as error:
            problems.append(f"{path}: {type(error).__name__} {error}")
            name = headers.get("webhook-id", "")
        number = tries[name] = tries.get(name, 0) + 1
        # Which failures come first is fixed by the id, and none has more than five.
        chance = zlib.crc32(f"{name} {number}".encode())
        kinds = list(FAILURES)
        kind = kinds[chance // 7 % len(kinds)] if number < 6 and chance % 7 < 3 else "okay"
        if kind == "okay":
            taken[name] = taken.get(name, 0) + 1
            writer.write(OKAY)
        elif kind == "hang":
            await reader.read()
        else:
            writer.write(FAILURES[kind])
        await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 22, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    environment = dict(
        os.environ, TRACECORE_RECEIVERS_SERVER=f"http://127.0.0.1:{port}", TRACECORE_RECEIVERS_COUNT=str(COUNT))
    command = ["swift", "test", "--skip-build", "--filter", "A receiver of others"]
    run = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = (await run.communicate())[0].decode("utf-8", "replace")
    if run.returncode != 0 or "with 0 tests" in output or "cancelled" in output:
        problems.append(output)
    twice = [name for name, count in taken.items() if count > 1]
    if twice:
        problems.append(f"{len(twice)} were sent again after they were taken")
    if set(taken) != set(bodies) or len(taken) != COUNT:
        problems.append(f"{len(taken)} of {COUNT} were taken, {len(bodies)} came")
    if COUNT >= 100 and not events:
        problems.append("no event came")
    print(f"{len(taken)} messages in {sum(tries.values())} tries, {events} of them with CloudEvents; all signatures verified"
          if not problems else "\n".join(problems[:20]))
    sys.exit(1 if problems else 0)


asyncio.run(main())
