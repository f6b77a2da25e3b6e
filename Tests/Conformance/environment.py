"""Gives the scripts beside it the packages that they need."""

import importlib
import os
import subprocess
import sys
import tempfile
import venv


def require(*packages):
    """Returns if packages can be imported, by the names that they are also installed by.

    Otherwise they are installed into a virtual environment of the script under the temporary folder, and the script begins
    anew there.
    """
    try:
        for package in packages:
            importlib.import_module(package)
        return
    except ImportError:
        pass
    script = os.path.splitext(os.path.basename(sys.argv[0]))[0]
    home = os.path.join(tempfile.gettempdir(), f"{script}-conformance")
    if sys.prefix == home:
        sys.exit(f"{' or '.join(packages)} cannot be installed")
    venv.create(home, with_pip=True)
    python = os.path.join(home, "bin", "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    os.execv(python, [python, *sys.argv])
