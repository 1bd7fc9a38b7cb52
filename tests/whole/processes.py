"""Starting workers in processes of their own, from a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.whole.worker_process import Ending, Errand

ROOT = Path(__file__).resolve().parents[2]
_COMMAND = (sys.executable, "-W", "error", "-m", "tests.whole.worker_process")


def _start(*arguments: str, log: IO[bytes]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*_COMMAND, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT, env=os.environ.copy(),
    )  # fmt: skip


class Forks:
    """A warm process that does each errand in a fork of its own. ``log``: where all of them complain."""

    def __init__(self, log: Path) -> None:
        self._log = log
        with log.open("ab") as stream:
            self._process = _start(log=stream)

    def run(self, errand: Errand) -> Ending:
        """Do the errand to its end; an exception in it fails the test."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(errand.as_line())
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, self._complaints()
        ending = Ending(**json.loads(line))
        assert ending.code <= 0, self._complaints()
        return ending

    def close(self) -> None:
        """End the warm process."""
        self._process.communicate(timeout=30)

    def _complaints(self) -> str:
        return self._log.read_text(errors="replace")[-4000:]


class RunningWorker:
    """A worker that runs until it gets SIGTERM; :attr:`steps` is how many steps of ceases it did."""

    def __init__(self, errand: Errand, log: Path) -> None:
        self._log = log
        with log.open("ab") as stream:
            self._process = _start(errand.as_line(), log=stream)
        self.steps = 0

    def wait_until_ready(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n", self._log.read_text()

    def go(self) -> None:
        """Let it begin."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def terminate(self, *, timeout: float = 10.0) -> int:
        """SIGTERM, and wait: the exit code. A worker that does not stop in time raises."""
        self._process.terminate()
        said, _ = self._process.communicate(timeout=timeout)
        if self._process.returncode == 0:
            self.steps = int(said)
        return self._process.returncode

    def kill(self) -> None:
        """End it whatever it does; nothing to do when it has ended."""
        self._process.kill()
        self._process.communicate()

    @property
    def complaints(self) -> str:
        return self._log.read_text(errors="replace")


@contextmanager
def running(errands: list[Errand], folder: Path) -> Iterator[list[RunningWorker]]:
    """Workers at once, all let go at the same moment."""
    workers = [RunningWorker(errand, folder / f"worker-{place}.log") for place, errand in enumerate(errands)]
    try:
        for worker in workers:
            worker.wait_until_ready()
        for worker in workers:
            worker.go()
        yield workers
    finally:
        for worker in workers:
            worker.kill()
