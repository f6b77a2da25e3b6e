"""A network of its own for the scripts beside it, with agents in namespaces, and what they find wrong there."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time

BAD = []


def check(isTrue, what):
    print(("ok: " if isTrue else "FAILED: ") + what, flush=True)
    if not isTrue:
        BAD.append(what)


def until(isDone, seconds, what):
    """Waits until something is so, for what is watched takes its time."""
    end = time.monotonic() + seconds
    while not isDone():
        if time.monotonic() > end:
            check(False, f"{what} within {seconds} s")
            return False
        time.sleep(0.2)
    check(True, what)
    return True


def run(command):
    subprocess.run(command.split() if isinstance(command, str) else command, check=True)


def enter(arguments):
    """Begins the script anew in a namespace of its own, as root, unless it is there."""
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    if "TRACECORE_INSIDE" not in os.environ:
        os.environ["TRACECORE_INSIDE"] = "1"
        os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, os.path.abspath(sys.argv[0])] + arguments)
    run("ip link set lo up")
    # Names of network namespaces are files there, and those of others are not ours.
    os.makedirs("/run/netns", exist_ok=True)
    run("mount -t tmpfs tmpfs /run/netns")


def bridge(network, agents):
    """The agents a1, a2, … as namespaces, with the addresses .1, .2, … of a network of 24 bits, and this machine as .254."""
    if subprocess.run(["ip", "link", "show", "br0"], capture_output=True).returncode == 0:
        return
    run("ip link add br0 type bridge")
    run(f"ip addr add {network}.254/24 dev br0")
    run("ip link set br0 up")
    for number in agents:
        for command in (f"netns add a{number}", f"link add v{number} type veth peer name eth0 netns a{number}",
                        f"link set v{number} master br0", f"link set v{number} up",
                        f"-n a{number} addr add {network}.{number}/24 dev eth0", f"-n a{number} link set eth0 up",
                        f"-n a{number} link set lo up"):
            run(f"ip {command}")


@contextlib.contextmanager
def folder(name):
    """A folder for some work, behind which no process is left. It stays where something was wrong."""
    path, started, made = tempfile.mkdtemp(prefix=f"{name}-"), [], subprocess.Popen.__init__

    def remember(self, *args, **kwargs):
        made(self, *args, **kwargs)
        started.append(self)

    subprocess.Popen.__init__ = remember
    try:
        yield path
    finally:
        subprocess.Popen.__init__ = made
        for process in started:
            if process.poll() is None:
                process.kill()
                process.wait()
        subprocess.run(["umount", f"{path}/disk"], stderr=subprocess.DEVNULL)
        if not BAD:
            shutil.rmtree(path, ignore_errors=True)


def finish():
    for bad in BAD:
        print(f"FAILED: {bad}")
    sys.exit(1 if BAD else 0)
