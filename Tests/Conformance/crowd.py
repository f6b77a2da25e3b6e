#!/usr/bin/env python3
"""Lets a crowd use a server that streams runs, and says what that cost the server and its other users.

    Tests/Conformance/crowd.py PORT PID STREAM OTHER [CLIENTS]

500 clients, if no number is given, come within a second and ask for the path STREAM of the server at 127.0.0.1:PORT; half of
them leave in the middle of their answer. All the while somebody else asks for the path OTHER, a hundred times a second. Prints how long that took, and the
descriptors, threads and memory of the process PID before and after, twice in a row: what stays behind shows in the second.
Exits 1 if other answers take more than 20 ms at the 99th percentile, a client gets no events, or descriptors stay behind.
"""

import asyncio
import multiprocessing
import os
import socket
import sys
import time

port, pid, stream, other = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
clients = int(sys.argv[5]) if len(sys.argv) > 5 else 500


def holds():
    with open(f"/proc/{pid}/status") as file:
        status = dict(line.split(":", 1) for line in file)
    return len(os.listdir(f"/proc/{pid}/fd")), int(status["Threads"]), int(status["VmRSS"].split()[0]) / 1024


def request(path):
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()


async def client(number):
    """Gives how many lines came; clients of odd numbers leave in the middle."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request(stream))
    lines = 0
    leaves = time.monotonic() + 1 + number % 100 / 100 if number % 2 else None
    try:
        while True:
            left = None if leaves is None else leaves - time.monotonic()
            if left is not None and left <= 0:
                break
            chunk = await asyncio.wait_for(reader.read(65536), left)
            if not chunk:
                break
            lines += chunk.count(b"\n{")
    except (asyncio.TimeoutError, ConnectionError):
        pass
    writer.transport.abort()
    return lines


def ask(isOver, result):
    """In a process of its own: the crowd's must not count for the server's."""
    times = []
    while not isOver.is_set():
        start = time.monotonic()
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(request(other))
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        if b" 200 " not in answer.split(b"\r\n", 1)[0]:
            times = None
            break
        times.append(time.monotonic() - start)
        time.sleep(0.01)
    result.put(times and sorted(times))


async def crowd():
    isOver, result = multiprocessing.Event(), multiprocessing.Queue()
    asking = multiprocessing.Process(target=ask, args=(isOver, result))
    asking.start()

    async def late(number):
        await asyncio.sleep(number / clients)
        return await client(number)

    lines = await asyncio.gather(*(late(number) for number in range(clients)))
    isOver.set()
    times = result.get()
    asking.join()
    if not times:
        sys.exit(f"{other} did not answer with status 200")
    return times, lines


async def main():
    wrong = 0
    # The first crowd fills pools and caches.
    await crowd()
    await asyncio.sleep(2)
    for number in (1, 2):
        before = holds()
        times, lines = await crowd()
        await asyncio.sleep(2)
        after = holds()
        p50, p99 = times[len(times) // 2] * 1000, times[len(times) * 99 // 100] * 1000
        print(
            f"crowd {number}: {clients} clients, {min(lines)} to {max(lines)} events each; {other}: {len(times)} times, "
            f"median {p50:.1f} ms, p99 {p99:.1f} ms, at most {times[-1] * 1000:.1f} ms; "
            f"descriptors {before[0]} to {after[0]}, threads {before[1]} to {after[1]}, "
            f"memory {before[2]:.1f} to {after[2]:.1f} MB")
        wrong += p99 > 20 or min(lines) < 2 or after[0] > before[0]
    return 1 if wrong else 0


sys.exit(asyncio.run(main()))
