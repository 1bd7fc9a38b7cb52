"""Make ``.venv`` and install the locked requirements and Lastcall itself into it, saying what is being done.

Needs nothing but Python 3.11 or later: where the system's Python comes without pip for new environments (Debian's
``python3-venv`` missing), pip is taken from the package index as a wheel and checked against its hash.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
import urllib.request
import venv
from pathlib import Path

PIP_VERSION = "25.3"
PIP_SHA256 = "9655943313a94722b7774661c21049070f6bbb0a1516bf02f7c8d5d9201514cd"
ROOT = Path(__file__).resolve().parent.parent


def say(text: str) -> None:
    """One line of progress."""
    print(f"· {text}", flush=True)


def main() -> None:
    """``make_env.py FOLDER REQUIREMENTS``."""
    if sys.version_info < (3, 11):
        sys.exit(
            f"Lastcall needs Python 3.11 or later; this is {sys.version.split()[0]}. Try: make PYTHON=python3.12 demo"
        )
    folder, requirements = ROOT / sys.argv[1], ROOT / sys.argv[2]
    started = time.monotonic()
    python = folder / "bin" / "python"
    if not python.exists():
        say(f"making the environment in {folder.name}/ with Python {sys.version.split()[0]}")
        venv.create(folder, with_pip=False, clear=False, symlinks=True)
    if not has_pip(python):
        give_pip(python, folder)
    count = len(re.findall(r"^[a-z0-9].*==", requirements.read_text(), flags=re.MULTILINE | re.IGNORECASE))
    say(f"installing {count} packages, locked by version and hash ({requirements.name}); about a minute")
    pip(python, "install", "--require-hashes", "-r", str(requirements))
    say("installing Lastcall itself")
    pip(python, "install", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    say(f"ready after {time.monotonic() - started:.0f} s: {folder.name}/bin/lastcall")


def has_pip(python: Path) -> bool:
    """Whether the environment has pip already."""
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def give_pip(python: Path, folder: Path) -> None:
    """Pip from Python's own bundle, or from the package index where the system leaves the bundle out."""
    if subprocess.run([python, "-m", "ensurepip", "--default-pip"], capture_output=True, check=False).returncode == 0:
        return
    say("this Python has no pip of its own: fetching it")
    wheel = folder / f"pip-{PIP_VERSION}-py3-none-any.whl"
    wheel.write_bytes(fetch_pip())
    subprocess.run([python, f"{wheel}/pip", "install", "--quiet", "--no-index", str(wheel)], check=True)
    wheel.unlink()


def fetch_pip() -> bytes:
    """The pip wheel from the package index (``PIP_INDEX_URL``, or PyPI), checked against its hash."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
    with urllib.request.urlopen(f"{index}/pip/", timeout=60) as page:
        links = re.findall(r'href="([^"]+)"', page.read().decode())
    link = next(link for link in links if f"pip-{PIP_VERSION}-py3-none-any.whl" in link)
    with urllib.request.urlopen(urllib.request.urljoin(f"{index}/pip/", link), timeout=60) as file:  # type: ignore[attr-defined]
        body: bytes = file.read()
    if hashlib.sha256(body).hexdigest() != PIP_SHA256:
        sys.exit("the pip that was fetched is not the one expected; nothing was installed")
    return body


def pip(python: Path, *arguments: str) -> None:
    """Run pip quietly; print what it said only when it fails."""
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(
            f"{done.stdout}\nThat did not work. Is the package index reachable? Try again: what is installed is kept."
        )


if __name__ == "__main__":
    main()
