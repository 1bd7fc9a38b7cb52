"""The disk's own limit: real fsyncs counted, slowed on request, and the rate of a bare loop of them."""

from __future__ import annotations

import os
import struct
import subprocess
import time
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("slow_fsync.c")
BLOCK = 4096


class Fsyncs:
    """The shim built from ``slow_fsync.c`` in ``folder``, and the numbers it shares with every process it is in."""

    def __init__(self, folder: Path) -> None:
        self.library = folder / "slow_fsync.so"
        self.numbers = folder / "fsyncs"
        build = ["gcc", "-O2", "-Wall", "-shared", "-fPIC", "-o", str(self.library), str(SOURCE), "-ldl"]
        subprocess.run(build, check=True)
        self.numbers.write_bytes(struct.pack("=3Q", 0, 0, 0))
        self.numbers.chmod(0o666)  # the server runs as another user

    @property
    def environment(self) -> dict[str, str]:
        """What makes a process count its fsyncs here."""
        return {"LD_PRELOAD": str(self.library), "BENCH_FSYNC": str(self.numbers)}

    def make_last(self, microseconds: int) -> None:
        """From now on every fsync lasts at least so long, in processes already running too; 0: as long as it takes."""
        with self.numbers.open("r+b") as file:
            file.write(struct.pack("=Q", microseconds))


def counted() -> int:
    """Fsyncs and fdatasyncs so far, of all processes that share this process's numbers."""
    with open(os.environ["BENCH_FSYNC"], "rb") as file:
        _, whole, data = struct.unpack("=3Q", file.read(24))
    return int(whole + data)


def loop(*, folder: str, seconds: float) -> dict[str, Any]:
    """Write 4 KiB and fdatasync, over and over, in a file written before: what SQLite and PostgreSQL do per commit."""
    path = Path(folder) / "fsync-loop"
    block = os.urandom(BLOCK)
    path.write_bytes(block * 256)
    file = os.open(path, os.O_WRONLY)
    os.fsync(file)
    used, begun, count = time.process_time(), time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        os.pwrite(file, block, count % 256 * BLOCK)
        os.fdatasync(file)
        count += 1
    wall = time.perf_counter() - begun
    os.close(file)
    path.unlink()
    return {"done": count, "wall": wall, "cpu": time.process_time() - used}
