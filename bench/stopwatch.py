"""Seconds of the clock and of the processors: this process, its children, and the PostgreSQL server it uses."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def own_cpu() -> float:
    """Processor seconds of this process and of its children that have ended."""
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime


def server_cpu() -> float:
    """Processor seconds of the PostgreSQL server so far, backends that have ended included; 0 without a server."""
    postmaster = os.environ.get("BENCH_POSTMASTER")
    if postmaster is None:
        return 0.0
    below = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return _ticks(postmaster, ended=True) + sum(_ticks(pid, ended=False) for pid in below)


def _ticks(pid: str, *, ended: bool) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11 : 15 if ended else 13])) / _TICK


@dataclass
class Stopwatch:
    """Begun when made."""

    def __post_init__(self) -> None:
        self._wall, self._own, self._server = time.perf_counter(), own_cpu(), server_cpu()

    def read(self) -> dict[str, float]:
        """``wall``, ``cpu`` (all of it) and ``server_cpu`` (the server's part), in seconds since the beginning."""
        wall, server = time.perf_counter() - self._wall, server_cpu() - self._server
        return {"wall": wall, "cpu": own_cpu() - self._own + server, "server_cpu": server}
