#!/usr/bin/env python3
"""The looking glass behind real proxies, with the configurations of Documentation/Deploy: nginx and Caddy, over TCP and a Unix socket.

    proxies.py PROGRAM

Lines of a run come as they happen, a client that leaves ends its run, and forged forwarding headers change nothing. The sockets
come from systemd's own systemd-socket-activate once, where that is installed.
"""
import http.client, json, os, pathlib, re, shutil, signal, socket, subprocess, sys, tempfile, time

program = os.path.abspath(sys.argv[1])
deploy = pathlib.Path(__file__).parent.parent.parent / "Documentation" / "Deploy"
folder = pathlib.Path(tempfile.mkdtemp(prefix="proxies-"))
started = []
failed = 0
seen = {}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(command, **options):
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=open(folder / f"{len(started)}.err", "wb"), **options)
    started.append(process)
    return process


def wait_for(connect):
    for _ in range(600):
        try:
            connect().close()
            return
        except OSError:
            time.sleep(0.02)
    sys.exit("a server did not start: " + "\n".join((folder / f"{i}.err").read_text(errors="replace") for i in range(len(started))))


def unix(path):
    s = socket.socket(socket.AF_UNIX)
    s.connect(str(path))
    return s


def check(name, holds, detail=""):
    global failed
    failed += not holds
    print(f"{'ok     ' if holds else 'FAILED '} {name}{'' if holds else ': ' + str(detail)}", flush=True)


def exercise(name, port, log, metrics):
    # From an address of its own, which is not the proxy's.
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=("127.0.0.2", 0))
    forged = {"X-Forwarded-For": "198.51.100.66", "Forwarded": "for=198.51.100.67", "X-Real-IP": "198.51.100.68", "Host": "lg.example.net"}
    connection.request("GET", "/api/v1/run?verb=ping&target=tokyo.example&count=4&interval=0.4", headers=forged)
    answer = connection.getresponse()
    began, times, kinds = time.monotonic(), [], []
    for line in answer:
        event = json.loads(line)
        kinds.append(event["event"])
        if event["event"] == "reply":
            times.append(time.monotonic() - began)
    check(f"{name}: a run is whole", answer.status == 200 and kinds[-1] == "ended", kinds)
    # 0.8 s lie between a line and the next but one; on a machine that does much else one may be late.
    gaps = [after - before for before, after in zip(times, times[2:])]
    check(f"{name}: its lines come as they happen", len(gaps) == 2 and min(gaps) > 0.3, times)
    # The proxy may have the end before the line is written.
    count, entries = seen.get("runs", 0), []
    while len(entries) <= count:
        entries = [line for line in log.read_text().splitlines() if "count=4" in line and line[0] != "#"]
    seen["runs"], entry = len(entries), entries[-1]
    check(f"{name}: the client is who it is, whatever it says", entry.startswith("127.0.0.2 - "), entry)
    # A client that leaves in the middle.
    before = cancelled(metrics)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/api/v1/run?verb=ping&target=tokyo.example&count=100&interval=0.4", headers={"Host": "lg.example.net"})
    answer = connection.getresponse()
    answer.readline()
    left = time.monotonic()
    answer.close()
    connection.close()
    while cancelled(metrics) == before and time.monotonic() - left < 10:
        time.sleep(0.02)
    check(f"{name}: a client that leaves ends its run", cancelled(metrics) == before + 1 and time.monotonic() - left < 2, time.monotonic() - left)


def cancelled(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    found = re.search(r'tracecore_runs_total\{verb="ping",end="cancelled"\} (\d+)', text)
    return int(found.group(1)) if found else 0


def nginx(port, upstream):
    text = (deploy / "nginx.conf").read_text().replace("listen 80;", f"listen 127.0.0.1:{port};").replace("http://127.0.0.1:8080", upstream)
    path = folder / f"nginx-{port}.conf"
    path.write_text(f"""
daemon off; master_process off; pid {folder}/nginx-{port}.pid; error_log stderr;
events {{}}
http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{text} }}""")
    return ["nginx", "-c", str(path), "-e", "stderr"]


def caddy(port, upstream):
    text = (deploy / "Caddyfile").read_text().replace("lg.example.net {", f"http://lg.example.net:{port} {{").replace("127.0.0.1:8080", upstream)
    path = folder / f"Caddyfile-{port}"
    path.write_text("{\n\tadmin off\n\tauto_https off\n}\n" + text)
    return ["caddy", "run", "--config", str(path), "--adapter", "caddyfile"]


def main():
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    os.environ["HOME"] = str(folder)
    os.environ["XDG_DATA_HOME"] = os.environ["XDG_CONFIG_HOME"] = str(folder)
    for tool in ("nginx", "caddy"):
        if not shutil.which(tool):
            sys.exit(f"proxies.py: {tool} is missing: apt-get install {tool}")
    port, metrics, path, log = free_port(), free_port(), folder / "http.sock", folder / "log"
    start([program, "--network", "demo", "-l", f"127.0.0.1:{port}", "--socket", str(path), "--proxy", "127.0.0.1", "--metrics",
           f"127.0.0.1:{metrics}", "--log", str(log), "--ratelimit", "1000/minute"])
    wait_for(lambda: socket.create_connection(("127.0.0.1", port)))
    for make, over_tcp, over_path in [(nginx, f"http://127.0.0.1:{port}", f"http://unix:{path}"), (caddy, f"127.0.0.1:{port}", f"unix/{path}")]:
        for way, upstream in [("TCP", over_tcp), ("a Unix socket", over_path)]:
            front = free_port()
            start(make(front, upstream), cwd=folder)
            wait_for(lambda: socket.create_connection(("127.0.0.1", front)))
            exercise(f"{make.__name__} over {way}", front, log, metrics)
    activate = shutil.which("systemd-socket-activate")
    if activate:
        port = free_port()
        process = start([activate, "-l", f"127.0.0.1:{port}", program, "--network", "demo"])
        wait_for(lambda: socket.create_connection(("127.0.0.1", port)))
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/-/healthy")
        check("systemd hands its socket over", connection.getresponse().status == 200)
        process.send_signal(signal.SIGTERM)
        check("and it ends in order", process.wait(30) == 0, process.returncode)
    analyze = shutil.which("systemd-analyze")
    if analyze:
        text = subprocess.run([analyze, "security", "--offline=yes", str(deploy / "lookingglass.service")], capture_output=True, text=True).stdout
        found = re.search(r"exposure level.*: ([\d.]+)", text)
        check(f"systemd counts the exposure of the unit as {found.group(1) if found else '?'}, of 10", found and float(found.group(1)) <= 2, text[-400:])
    return 1 if failed else 0


try:
    code = main()
finally:
    for process in reversed(started):
        if process.poll() is None:
            process.terminate()
    for process in started:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
    shutil.rmtree(folder, ignore_errors=True)
print("proxies: all passed" if code == 0 else f"proxies: {failed} failed")
sys.exit(code)
