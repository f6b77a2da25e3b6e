#!/usr/bin/env python3
"""What many `pathwatch` send to real servers of ClickHouse, and what these are asked.

    sudo Tests/Conformance/clickhouse.py .build/debug/pathwatch [kills TIMES] [replicas] [faults] [causes] [today]

kills   Three agents in namespaces watch each other and more, and send to two servers that are the shards of one table. All five are
        killed (SIGKILL) at random moments, TIMES times (30). Then the tables have what the stores have, row for row.
replicas  The same with two servers that are replicas of each other by ZooKeeper: each has all rows then.
faults  Between an agent and a server is one who is slow, answers with errors, and cuts connections after the server took
        what was sent; then the server's disk is full. Nothing is lost, nothing is twice, and the agent does not grow.
causes  Twenty agents see paths fail behind one router. The query and the page name it, from the store and from the server. The statements
        of Documentation/Fleet.md are asked, too.
today   The same with the newest engine instead of Debian's: PyPI's chdb, which is the engine without a server, behind a few lines of HTTP.

Without a word, all of them. It makes a network namespace for itself, so it runs as root. Needs Debian's clickhouse-server, for `replicas`
its zookeeper, and for `today` a Python that has chdb.
"""

import asyncio
import collections
import contextlib
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from laboratory import bridge, check, enter, finish, folder, until

HUB = "10.91.7.254"


class Server:
    """A server of ClickHouse with a folder of its own."""

    def __init__(self, folder, number=1, host="127.0.0.1", shards=(), keeper=None):
        self.folder, self.host, self.number = folder, host, number
        self.http, self.tcp = 18120 + number, 19120 + number
        os.makedirs(folder, exist_ok=True)
        replicas = [f"<replica><host>{h}</host><port>{p}</port></replica>" for h, p in shards]
        shard = "<shard><internal_replication>{}</internal_replication>{}</shard>"
        cluster = shard.format("true", "".join(replicas)) if keeper else "".join(shard.format("false", one) for one in replicas)
        replication = f"""<zookeeper><node><host>{host}</host><port>{keeper}</port></node></zookeeper>
<macros><shard>1</shard><replica>server-{number}</replica></macros><distributed_ddl><path>/clickhouse/ddl</path></distributed_ddl>
<interserver_http_host>{host}</interserver_http_host>""" if keeper else ""
        with open(f"{folder}/config.xml", "w") as file:
            file.write(f"""<yandex><logger><level>warning</level><log>{folder}/log</log><errorlog>{folder}/errors</errorlog></logger>
<http_port>{self.http}</http_port><tcp_port>{self.tcp}</tcp_port><interserver_http_port>{19520 + number}</interserver_http_port>
<listen_host>{host}</listen_host><path>{folder}/data/</path><tmp_path>{folder}/tmp/</tmp_path><users_config>{folder}/users.xml</users_config>
<default_profile>default</default_profile><default_database>default</default_database><mark_cache_size>67108864</mark_cache_size>
<max_concurrent_queries>100</max_concurrent_queries><uncompressed_cache_size>0</uncompressed_cache_size><timezone>UTC</timezone>
<remote_servers><fleet>{cluster}</fleet></remote_servers>{replication}</yandex>""")
        with open(f"{folder}/users.xml", "w") as file:
            file.write("""<yandex><profiles><default><max_memory_usage>2000000000</max_memory_usage></default></profiles>
<users><default><password></password><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></default></users>
<quotas><default></default></quotas></yandex>""")
        self.url = f"http://{host}:{self.http}"
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["clickhouse-server", f"--config-file={self.folder}/config.xml"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ready(self):
        return until(self.answers, 180, f"server {self.number} answers")

    def answers(self):
        try:
            return self.ask("SELECT 1", database="default") == "1\n"
        except OSError:
            return False

    def ask(self, query, database="pathwatch"):
        request = urllib.request.Request(
            f"{self.url}/?database={database}&output_format_json_quote_64bit_integers=0", query.encode())
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{query}: {error.read().decode()}") from None

    def rows(self, query):
        return [json.loads(line) for line in self.ask(query + " FORMAT JSONEachRow").splitlines()]

    def make(self, program, *options):
        schema = subprocess.run([program, "schema", "clickhouse", *options], capture_output=True, text=True, check=True)
        for statement in schema.stdout.split(";"):
            if statement.strip():
                self.ask(statement, database="default")

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(60)


class Today(Server):
    """The newest engine, which has no server: a few lines of HTTP before it."""

    def __init__(self, folder):
        from chdb import session
        import http.server
        self.engine, self.lock = session.Session(folder), threading.Lock()
        today = self

        class Front(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                query = dict(urllib.parse.parse_qsl(self.path.split("?", 1)[1]))
                statement = query.pop("query", "")
                body = f"{statement}\n{self.rfile.read(int(self.headers['Content-Length'])).decode()}"
                try:
                    status, answer = 200, today.run(query, body)
                except Exception as error:
                    status, answer = 500, str(error)
                answer = answer.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.front = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Front)
        self.url = f"http://127.0.0.1:{self.front.server_port}"
        threading.Thread(target=self.front.serve_forever, daemon=True).start()

    def run(self, query, body):
        with self.lock:
            self.engine.query("CREATE DATABASE IF NOT EXISTS " + query["database"])
            self.engine.query("USE " + query.pop("database"))
            for name, value in query.items():
                # A setting that there is not any more is an error here, as it is there.
                self.engine.query(f"SET {name} = {value}")
            return str(self.engine.query(body, "TabSeparated"))

    def ready(self):
        return True

    def end(self, how=None):
        self.front.shutdown()
        self.engine.close()


class Agent:
    """A daemon."""

    def __init__(self, program, settings, name, folder, port, space=None):
        self.name, self.store, self.port, self.space = name, f"{folder}/{name}.db", port, space
        self.log = open(f"{folder}/{name}.log", "ab")
        self.command = [program, "run", settings, "--name", name, "--store", self.store, "-l", f"127.0.0.1:{port}"]
        if space:
            self.command = ["ip", "netns", "exec", space] + self.command
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def get(self, path):
        command = ["curl", "-s", "-m", "30", f"http://127.0.0.1:{self.port}{path}"]
        if self.space:
            command = ["ip", "netns", "exec", self.space] + command
        return subprocess.run(command, capture_output=True, text=True).stdout

    def waiting(self):
        """How much waits to be sent; None if it does not answer."""
        lines = [line for line in self.get("/metrics").splitlines() if line.startswith("tracecore_ship_waiting{")]
        return sum(int(float(line.split()[-1])) for line in lines) if lines else None

    def rows(self):
        lines = [line for line in self.get("/metrics").splitlines() if line.startswith("tracecore_shipped_rows_total ")]
        return int(float(lines[0].split()[-1])) if lines else 0

    def memory(self, what="VmHWM"):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(what)) / 1024

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(60)


def expected(program, store, agent, last):
    """The rows that a store stands for: counted from its rounds, and not by the program."""
    hops, paths = {}, {}
    targets = subprocess.run([program, "list", "--json", store], capture_output=True, text=True, check=True).stdout
    for target in [target["name"] for target in json.loads(targets)]:
        lines = subprocess.run(
            [program, "export", store, target, "--from", "2020-01-01T00:00:00Z", "--to", stamp(last), "--ndjson"],
            capture_output=True, text=True, check=True).stdout.splitlines()
        for line in lines:
            round = json.loads(line)
            minute = int(second(round["time"]) // 60 * 60)
            path = paths.setdefault((target, minute), [0, 0])
            path[0] += 1
            path[1] += not any(hop.get("isTarget") for hop in round["hops"])
            for hop in round["hops"]:
                row = hops.setdefault((target, minute, hop["ttl"]), [0, 0, 0.0, collections.Counter()])
                row[0] += 1
                row[1] += "address" not in hop
                row[2] += hop.get("rttMs", 0) * 1000
                if "address" in hop:
                    row[3][hop["address"]] += 1
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    changes = sorted(connection.execute(
        "SELECT target.name, at / 1000000, at % 1000000, kind, hop FROM change JOIN target ON target.id = target"))
    alerts = sorted(connection.execute("SELECT key, since / 1000000, resolved IS NULL, ifnull(resolved / 1000000, 0) FROM alert"))
    connection.close()
    return paths, hops, changes, alerts


def second(text):
    import calendar
    whole = calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S"))
    return whole + float("0" + text[19:].rstrip("Z")) if len(text) > 20 else whole


def stamp(second):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


def compare(program, server, agent, last, what, suffix=""):
    """Whether the tables, or those of one server alone, have what a store has, up to a minute."""
    paths, hops, changes, alerts = expected(program, agent.store, agent.name, last)
    condition = f"WHERE agent = '{agent.name}'"
    found = {(r["target"], r["minute"]): [r["sent"], r["lost"]] for r in server.rows(
        f"SELECT target, toUInt32(minute) AS minute, sent, lost FROM paths{suffix} FINAL {condition} AND minute < toDateTime({last})")}
    check(found == paths, f"{what}: {len(paths)} rows of paths of {agent.name}{differing(found, paths)}")
    found = {(r["target"], r["minute"], r["hop"]): r for r in server.rows(
        "SELECT target, toUInt32(minute) AS minute, hop, sent, lost, rtt_sum_us, addresses, address_counts, rtt_counts "
        f"FROM hops{suffix} FINAL {condition} AND minute < toDateTime({last})")}
    wrong = []
    for key in set(found) | set(hops):
        row, own = found.get(key), hops.get(key)
        if not row or not own or [row["sent"], row["lost"]] != own[:2] \
                or dict(zip(row["addresses"], row["address_counts"])) != dict(own[3]) \
                or sum(row["rtt_counts"]) != own[0] - own[1] or abs(row["rtt_sum_us"] - own[2]) > 0.01 * own[2] + own[0]:
            wrong.append((key, row, own))
    check(not wrong, f"{what}: {len(hops)} rows of hops of {agent.name}{str(wrong[:2]) if wrong else ''}")
    found = sorted((r["target"], r["at"], r["at_us"], r["kind"], r["hop"]) for r in server.rows(
        f"SELECT target, toUInt32(at) AS at, at_us, kind, hop FROM changes{suffix} FINAL {condition}"))
    check(found == changes, f"{what}: {len(changes)} changes of {agent.name}{differing(found, changes)}")
    found = sorted((r["id"], r["since"], r["is_open"], r["until"]) for r in server.rows(
        f"SELECT id, toUInt32(since) AS since, is_open, toUInt32(until) AS until FROM alerts{suffix} FINAL {condition}"))
    check(found == alerts, f"{what}: {len(alerts)} alerts of {agent.name}{differing(found, alerts)}")
    return len(paths) + len(hops) + len(changes) + len(alerts)


def differing(found, wanted):
    if found == wanted:
        return ""
    one, other = (list(x.items()) if isinstance(x, dict) else x for x in (found, wanted))
    return f": too many {[x for x in one if x not in other][:3]}, missing {[x for x in other if x not in one][:3]}"


# What is killed

def keeper(folder):
    """Starts a ZooKeeper, and says at which port it is."""
    port = 19281
    os.makedirs(f"{folder}/keeper", exist_ok=True)
    with open(f"{folder}/keeper/zoo.cfg", "w") as file:
        file.write(f"tickTime=1000\ndataDir={folder}/keeper\nclientPort={port}\nadmin.enableServer=false\n")
    with open(f"{folder}/keeper/log", "ab") as log:
        subprocess.Popen(
            ["java", "-cp", "/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-simple.jar",
             "org.apache.zookeeper.server.quorum.QuorumPeerMain", f"{folder}/keeper/zoo.cfg"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def answers():
        with contextlib.suppress(OSError), socket.create_connection((HUB, port), 5) as line:
            line.sendall(b"srvr")
            return b"Mode: standalone" in line.recv(4096)

    until(answers, 60, "ZooKeeper answers")
    return port


def kills(program, folder, times, isReplicated=False):
    bridge("10.91.7", (1, 2, 3))
    shards = [(HUB, 19121), (HUB, 19122)]
    port = keeper(folder) if isReplicated else None
    servers = [Server(f"{folder}/ch{number}", number, HUB, shards, port) for number in (1, 2)]
    for server in servers:
        server.ready()
    # Replicated tables are made on all servers at once.
    for server in servers[:1] if isReplicated else servers:
        server.make(program, "--cluster", "fleet", *(["--replicated"] if isReplicated else []))
    agents = []
    for number in (1, 2, 3):
        settings = f"{folder}/watch{number}.json"
        with open(settings, "w") as file:
            json.dump({
                "defaults": {"interval": "0.2s", "timeout": "0.5s", "names": False}, "group-wait": 0.5, "mesh": True,
                "agents": [{"name": f"a{n}", "host": f"10.91.7.{n}"} for n in (1, 2, 3)],
                "targets": [{"name": "hub", "host": HUB}, {"name": "flaky", "host": "10.91.7.200"},
                            {"name": "dead", "host": "10.91.7.99", "agents": {"name": "a1"}}],
                "rules": [{"when": "lost", "failure-threshold": 3, "success-threshold": 2}],
                "ship": {"clickhouse": {"url": servers[number % 2].url, "interval": "1s", "batch": 100}},
            }, file)
        agents.append(Agent(program, settings, f"a{number}", folder, 18090 + number, f"a{number}"))
    chance, isThere = random.Random(11), False
    began = time.monotonic()
    for number in range(times):
        # A host that comes and goes, so that there are changes and alerts.
        if number % 4 == 0:
            isThere = not isThere
            subprocess.run(["ip", "addr", "add" if isThere else "del", "10.91.7.200/24", "dev", "br0"], check=True)
        time.sleep(chance.uniform(0.1, 3.5))
        victim = chance.choice(servers + agents)
        if victim.process.poll() is not None:
            check(False, f"{victim} ended by itself")
        victim.end(signal.SIGKILL)
        victim.start()
    for server in servers:
        server.ready()
    if isThere:
        subprocess.run(["ip", "addr", "del", "10.91.7.200/24", "dev", "br0"], check=True)
    # Of a minute at least there are rows.
    time.sleep(max(0, began + 75 - time.monotonic()))
    last = int(time.time()) // 60 * 60
    print(f"{times} kills in {time.monotonic() - began:.0f} s; waiting for the last minute to be whole", flush=True)
    # A minute is written up to 65 seconds after its end.
    while time.time() < last + 75:
        time.sleep(1)
    for agent in agents:
        until(lambda: agent.waiting() == 0, 300, f"{agent.name} has sent everything")
        check("not sent on: they" not in open(f"{folder}/{agent.name}.log").read(), f"{agent.name} dropped nothing")
    for agent in agents:
        agent.end()
    what = f"{times} kills of replicas" if isReplicated else f"{times} kills"
    rows = sum(compare(program, servers[0], agent, last, what) for agent in agents)
    if isReplicated:
        for server in servers:
            until(lambda: server.ask("SELECT count() FROM system.replication_queue") == "0\n", 120,
                  f"server {server.number} has fetched everything")
            rows += sum(compare(program, server, agent, last, f"server {server.number}", "_local") for agent in agents)
    else:
        counts = [[int(s.ask(f"SELECT count() FROM {t}_local")) for t in ("hops", "paths")] for s in servers]
        check(all(all(count) for count in counts), f"both shards have rows: {counts}")
    print(f"{rows} rows compared", flush=True)
    for server in servers:
        server.end()


# What goes wrong on the way

class Meddler:
    """Stands between an agent and a server, and does what it is told."""

    def __init__(self, server):
        self.server, self.mode, self.counts, self.port = server, "pass", collections.Counter(), None
        self.chance = random.Random(5)
        ready = threading.Event()

        def run():
            self.loop = asyncio.new_event_loop()
            listening = self.loop.run_until_complete(asyncio.start_server(self.meet, "127.0.0.1", 0, limit=1 << 26))
            self.port = listening.sockets[0].getsockname()[1]
            ready.set()
            self.loop.run_forever()

        threading.Thread(target=run, daemon=True).start()
        ready.wait()

    async def meet(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                               if line.lower().startswith(b"content-length:")), 0)
                if b"100-continue" in head.lower():
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                body = await reader.readexactly(length)
                mode = self.mode if self.mode != "all" else self.chance.choice(["pass", "slow", "error", "cut", "close"])
                self.counts[mode] += 1
                if mode == "close":
                    break
                if mode == "error":
                    text = b"Code: 252, e.displayText() = DB::Exception: Too many parts (300), e.what() = DB::Exception\n"
                    writer.write(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: %d\r\n\r\n" % len(text) + text)
                    await writer.drain()
                    continue
                if mode == "slow":
                    await asyncio.sleep(2)
                up, down = await asyncio.open_connection("127.0.0.1", self.server.http)
                down.write(head.replace(b"Expect: 100-continue\r\n", b"").replace(
                    b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + body)
                await down.drain()
                answer = await up.read()
                down.close()
                if mode == "cut":
                    break
                writer.write(answer)
                await writer.drain()
                break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()


def faults(program, folder):
    disk = f"{folder}/disk"
    os.makedirs(disk)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", disk], check=True)
    server = Server(f"{disk}/ch")
    server.ready()
    server.make(program)
    meddler = Meddler(server)
    with open(f"{folder}/net", "w") as file:
        file.write("router gw 192.0.2.1 delay=0.2ms\nrouter b 198.51.100.1 delay=3ms loss=2%\nvantage here 192.0.2.10\n"
                   "host all 203.0.113.0/24 delay=1ms loss=3%\npath all: gw b\n")
    settings = f"{folder}/faults.json"
    with open(settings, "w") as file:
        json.dump({
            "network": f"{folder}/net", "history": "40m", "defaults": {"interval": "5s", "names": False},
            "targets": [{"name": f"t{n}", "host": f"203.0.113.{n}"} for n in range(1, 31)],
            "rules": [{"when": "lost", "failure-threshold": 2, "success-threshold": 2}],
            "ship": {"clickhouse": {"url": f"http://127.0.0.1:{meddler.port}", "interval": "1s", "batch": 100}},
        }, file)
    meddler.mode = "all"
    agent = Agent(program, settings, "faulty", folder, 18080)
    until(lambda: agent.rows() > 300, 300, "the first rows are there")
    first = agent.memory("VmRSS")
    # Half of it through all of that; what is tried again waits longer and longer.
    end = time.monotonic() + 60
    while time.monotonic() < end and (agent.waiting() or 0) > 600:
        time.sleep(0.5)
    check(min(meddler.counts[mode] for mode in ("slow", "error", "cut", "close")) > 2, f"everything went wrong: {dict(meddler.counts)}")
    # The disk of the server is full.
    meddler.mode = "pass"
    until(lambda: agent.waiting() == 0, 300, "what waited is sent when nothing is in the way")
    with open(f"{disk}/filler", "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65536)
        except OSError:
            pass
    until(lambda: "Cannot write file" in log(agent) or "space" in log(agent), 300, "the agent says that the server's disk is full")
    os.remove(f"{disk}/filler")
    until(lambda: agent.waiting() == 0, 600, "everything is sent")
    check(agent.memory() < 200 and agent.memory("VmRSS") < first + 40, f"the agent does not grow: {first:.0f} to {agent.memory('VmRSS'):.0f} MB")
    agent.end()
    last = int(second(stamp(time.time()))) // 60 * 60 - 120
    compare(program, server, agent, last, "faults")
    check(log(agent).count("waits: ") < 100, "what is wrong is said once, and not for each try")
    server.end()
    subprocess.run(["umount", disk], check=True)


def log(agent):
    with open(agent.log.name, errors="replace") as file:
        return file.read()


# What twenty see

def causes(program, folder, server):
    server.ready()
    print("ClickHouse", server.ask("SELECT version()", database="default").strip(), flush=True)
    server.make(program)
    text = "router core 198.51.100.1 delay=2ms name=core1.fra1.example\nrouter other 198.51.100.2 delay=2ms\n"
    text += "".join(f"host web{n} 203.0.113.{n} delay=1ms name=web{n}.example\n" for n in range(1, 7))
    for v in range(1, 21):
        text += f"vantage v{v} 192.0.2.{v}\nrouter gw{v} 198.18.{v}.1 delay=1ms\nrouter isp{v} 198.18.{v}.2 delay={v}ms\n"
        text += "".join(f"path web{n} from v{v}: gw{v} isp{v} {'core' if n < 5 else 'other'}\n" for n in range(1, 7))
    with open(f"{folder}/fleet.net", "w") as file:
        file.write(text + "at 15m set core down\n")
    settings = f"{folder}/fleet.json"
    with open(settings, "w") as file:
        json.dump({
            "network": f"{folder}/fleet.net", "history": "20m", "defaults": {"interval": "10s"},
            "targets": [{"name": f"web{n}", "host": f"web{n}.example"} for n in range(1, 7)],
            "ship": {"clickhouse": {"url": server.url, "interval": "1s"}},
        }, file)
    agents = [Agent(program, settings, f"v{v}", folder, 18200 + v) for v in range(1, 21)]
    for agent in agents:
        until(lambda: (agent.rows() or 0) > 0 and agent.waiting() == 0, 300, f"{agent.name} has sent its past")
    answer = subprocess.run([program, "query", server.url, "causes"], capture_output=True, text=True)
    print(answer.stdout + answer.stderr, flush=True)
    check(answer.returncode == 1 and "80 of 120 paths fail" in answer.stdout and
          "80 paths that fail go through 198.51.100.1 (core1.fra1.example), and none that works" in answer.stdout,
          "the query names the router")
    page = agents[4].get("/fleet/causes")
    check("80 paths that fail go through 198.51.100.1 (core1.fra1.example), and none that works" in page, "so does the page")
    for question, word in (("matrix", "web6"), ("networks", "No network is known"), ("target", "v20")):
        options = ["--target", "web5"] if question == "target" else []
        answer = subprocess.run([program, "query", server.url, question, *options], capture_output=True, text=True)
        check(answer.returncode == 0 and word in answer.stdout, f"{question} is answered")
    for number, statement in enumerate(documented()):
        answer = server.ask(statement)
        check(len(answer.splitlines()) > 0, f"statement {number + 1} of the documentation has an answer")
        if "AS failing" in statement:
            check(answer.splitlines()[0].split("\t")[:3] == ["198.51.100.1", "80", "0"], "the one about failures names the router, too")
    own = subprocess.run([program, "query", agents[0].store, "causes", "--name", "v1"], capture_output=True, text=True)
    check("4 of 6 paths fail" in own.stdout and "198.51.100.1" in own.stdout, "one store says it of its own paths")
    if keep := os.environ.get("TRACECORE_KEEP_PICTURES"):
        input(f"pages at http://127.0.0.1:{agents[4].port}/fleet, until a line is read") if keep == "wait" else None
    for agent in agents:
        agent.end()
    both(program, folder, server)
    server.end()


def both(program, folder, server):
    """The store of one agent and the server say the same, of ways that come back and outages that come again."""
    server.ask("DROP DATABASE pathwatch", database="default")
    server.make(program)
    with open(f"{folder}/both.net", "w") as file:
        file.write("vantage here 192.0.2.1\nrouter gw 192.168.1.1 delay=1ms\n"
                   + "".join(f"router r{n} 198.51.{n}.1 delay={n}ms name=r{n}.example\n" for n in range(1, 6))
                   + "".join(f"host h{n} 203.0.113.{n} delay=1ms name=h{n}.example\n" for n in range(1, 7))
                   + "path h1: gw r1 r2\npath h2: gw r1 r3\npath h3: gw r1 r3\npath h4: gw r1 r4\npath h5: gw r1 r5\npath h6: gw r1 r5\n"
                   # Away and back, twice; for good; an outage that is over; one that is not, twice; one for all the time.
                   "at 1s set h6 down\nat 5m path h1: gw r1 r4\nat 7m path h1: gw r1 r2\nat 9m set h4 down\nat 11m set h4 up\n"
                   "at 12m set h5 down\nat 13m set h5 up\nat 20m path h2: gw r1 r4\nat 25m path h1: gw r1 r4\n"
                   "at 27m path h1: gw r1 r2\nat 30m set h3 loss=30%\nat 36m set h5 down\n")
    rows = "network,asn,as_name\n" + "".join(f"198.51.{n}.0/24,{64500 + n},Net {n}\n" for n in range(1, 6))
    with open(f"{folder}/both.csv", "w") as file:
        file.write(rows + "203.0.113.0/24,64510,Hosts\n")
    subprocess.run([os.path.join(os.path.dirname(program), "geo"), "build", f"{folder}/both.csv", "-o", f"{folder}/both.mmdb"], check=True)
    with open(f"{folder}/both.json", "w") as file:
        json.dump({
            "network": f"{folder}/both.net", "history": "40m", "databases": [f"{folder}/both.mmdb"],
            "defaults": {"interval": "10s"}, "targets": [{"name": f"h{n}", "host": f"h{n}.example"} for n in range(1, 7)],
            "ship": {"clickhouse": {"url": server.url, "interval": "1s"}},
        }, file)
    agent = Agent(program, f"{folder}/both.json", "both", folder, 18299)
    until(lambda: (agent.rows() or 0) > 0 and agent.waiting() == 0, 300, "the past of one is sent")
    agent.end()
    # Of the newest minute, not all has been sent.
    last = int(server.ask("SELECT toUInt32(max(minute)) FROM paths"))
    for question in (["causes"], ["networks"], ["matrix"], ["target", "--target", "h3"]):
        for minutes in (60, 20):
            options = question + ["--json", "--from", stamp(last - 60 * minutes), "--to", stamp(last)]
            ours, theirs = (json.loads(subprocess.run(
                [program, "query", source, *options, *more], capture_output=True, text=True).stdout or "null")
                for source, more in ((agent.store, ["--name", "both", "--geo", f"{folder}/both.mmdb"]), (server.url, [])))
            wrong = unequal(ours, theirs)
            check(not wrong, f"the store and the server say the same of {question[0]} in {minutes} minutes{': ' + str(wrong) if wrong else ''}")


def unequal(one, other, path=""):
    """Where two answers differ by more than a hundredth."""
    if isinstance(one, dict) and isinstance(other, dict):
        return next((found for key in sorted(set(one) | set(other))
                     if (found := unequal(one.get(key), other.get(key), f"{path}.{key}"))), None)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return next((found for n, pair in enumerate(zip(one, other)) if (found := unequal(*pair, f"{path}[{n}]"))), None)
    if isinstance(one, (int, float)) and isinstance(other, (int, float)) and not isinstance(one, bool):
        return None if abs(one - other) <= 0.015 * max(abs(one), abs(other)) else f"{path}: {one} and {other}"
    return None if one == other else f"{path}: {one} and {other}"


def documented():
    """The statements of the documentation."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Documentation/Fleet.md")
    with open(path) as file:
        blocks = file.read().split("```sql\n")[1:]
    return [block.split("```")[0] for block in blocks]


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    enter(arguments)
    program, words = os.path.abspath(arguments[0]), arguments[1:] or ["kills", "replicas", "faults", "causes", "today"]
    times = next((int(word) for word in words if word.isdigit()), 30)
    for name, work in (("kills", lambda place: kills(program, place, times)),
                       ("replicas", lambda place: kills(program, place, times, True)), ("faults", lambda place: faults(program, place)),
                       ("causes", lambda place: causes(program, place, Server(f"{place}/ch"))),
                       ("today", lambda place: causes(program, place, Today(f"{place}/chdb")))):
        if name in words:
            with folder(f"clickhouse-{name}") as place:
                work(place)
    finish()


main(sys.argv[1:])
