"""One look-up over HTTP: Lastcall's door against a constant answer, Redis behind a bare application, and Django's ORM."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from bench import indexing
from bench.grounds import CHECKOUT, call, opened
from bench.harness import OUT, Candidate, Numbers, Report, Target, alternate, machine, publish, teller, workshop
from bench.lookup_questions import freshen, prepare
from bench.lookup_servers import CONSTANT

CONNECTIONS: Final = 16
_TICK: Final = os.sysconf("SC_CLK_TCK")
_SERVER_CORE, _LOAD_CORE = "0", "1"
_WHY_PYTHON: Final = (
    "what a request goes through here (token, quota, journal, strict JSON) is Python like the bare server itself"
)


@click.command()
@click.option("--numbers", default=1_000_003, show_default=True, help="Numbers in the index and in the database.")
@click.option("--seconds", default=3.0, show_default=True, help="How long each measurement lasts.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="Where the files are made.")
@click.option("--quick", is_flag=True, help="Small and short: for tests.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def main(numbers: int, seconds: float, rounds: int, folder: Path | None, quick: bool, as_json: bool) -> None:
    """Measure requests per second of the server's processor, every answer compared with what it must be."""
    if quick:
        numbers, seconds, rounds = 20_011, 0.3, 1
    say = teller(as_json)
    with workshop(folder) as (place, shim), opened(("sqlite",), place, shim) as grounds:
        say(f"filling SQLite with the histories of {numbers:,} numbers, and building the index")
        grounds["sqlite"].fill("histories", indexing.fill, numbers=numbers)
        bench = Bench(place, numbers, seconds)
        with bench.redis():
            rows = list(_rows(alternate(list(bench.candidates()), rounds=rounds, say=say)))
    targets = list(_targets(rows))
    finding = _finding(rows)
    publish(Report("lookup", finding, rows, targets, _plot(rows, finding), machine()), as_json=as_json)


class Bench:
    """Makes the candidates."""

    def __init__(self, folder: Path, numbers: int, seconds: float) -> None:
        self._folder, self._numbers, self._seconds = folder, numbers, seconds
        self._questions = folder / "questions"
        self._environment = {
            "LASTCALL_DATABASE_URL": f"sqlite:///{folder / 'histories.sqlite3'}", "LASTCALL_HOME": str(folder / "home"),
            "LASTCALL_INDEX": str(folder / "lookup.index"), "BENCH_REDIS": str(folder / "redis.sock"),
        }  # fmt: skip
        call(prepare, self._environment, questions=str(self._questions), numbers=numbers)
        self._built = {name: _compiled(name, folder) for name in ("lookup_floor", "lookup_load")}
        self._redis: int | None = None

    @contextmanager
    def redis(self) -> Iterator[None]:
        """A Redis server on the servers' core with the day of each held number, where one is installed."""
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        if program is None:
            yield
            return
        where = self._environment["BENCH_REDIS"]
        command = [
            "taskset",
            "-c",
            _SERVER_CORE,
            program,
            "--port",
            "0",
            "--unixsocket",
            where,
            "--save",
            "",
            "--daemonize",
            "no",
        ]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=self._folder)
        try:
            _until(lambda: Path(where).exists())
            _fill_redis(where, self._numbers)
            self._redis = server.pid
            yield
        finally:
            server.terminate()
            server.wait()
            self._redis = None

    def candidates(self) -> Iterator[Candidate]:
        """What can be measured on this machine."""
        plain = {"asked": "constant", "server": "granian"}
        yield Candidate({"by": "C, epoll", **plain, "server": "own"}, partial(self._measure_floor))
        yield Candidate({"by": "bare ASGI", **plain}, partial(self._measure, "constant", constant=True))
        other = {**plain, "server": "uvicorn"}
        yield Candidate({"by": "bare ASGI", **other}, partial(self._measure, "constant@uvicorn", constant=True))
        ours = {"by": "Lastcall", "asked": "index"}
        yield Candidate({**ours, "server": "uvicorn"}, partial(self._measure, "lastcall@uvicorn"))
        yield Candidate({**ours, "server": "granian"}, partial(self._measure, "lastcall"))
        if self._redis is not None:
            yield Candidate({"by": "bare ASGI", "asked": "Redis", "server": "granian"}, partial(self._measure, "redis"))
            yield Candidate(
                {"by": "bare ASGI", "asked": "Redis", "server": "uvicorn"}, partial(self._measure, "redis@uvicorn")
            )
        orm = {"by": "Django WSGI", "asked": "ORM, SQLite", "server": "granian"}
        yield Candidate(orm, partial(self._measure, "django"))

    def _measure_floor(self) -> Numbers:
        port, answer = _free_port(), self._folder / "answer"
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-correlator: c\r\ncontent-length: {len(CONSTANT)}\r\n\r\n"
        answer.write_bytes(head.encode() + CONSTANT)
        return self._load([str(self._built["lookup_floor"]), str(port), str(answer)], port, constant=True)

    def _measure(self, name: str, *, constant: bool = False) -> Numbers:
        port = _free_port()
        call(freshen, self._environment)
        return self._load([sys.executable, "-m", "bench.lookup_servers", name, str(port)], port, constant=constant)

    def _load(self, command: list[str], port: int, *, constant: bool) -> Numbers:
        """Start the server on its core, warm it up, and count what it answers and what that costs."""
        environment = os.environ | {"LASTCALL_SECRET_KEY": "a secret for measurements only"} | self._environment
        server = subprocess.Popen(["taskset", "-c", _SERVER_CORE, *command], cwd=CHECKOUT, env=environment)
        try:
            _until(lambda: _listens(port))
            self._drive(port, min(1.0, self._seconds), constant)
            before = self._cpu(server.pid)
            answered = self._drive(port, self._seconds, constant)
            cpu = self._cpu(server.pid) - before
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
        return {
            "done": answered["answered"],
            "wall": answered["wall"],
            "cpu": cpu,
            "proved": not answered["wrong"],
            "left": answered,
        }

    def _drive(self, port: int, seconds: float, constant: bool) -> dict[str, Any]:
        questions = f"{self._questions}.constant" if constant else str(self._questions)
        command = ["taskset", "-c", _LOAD_CORE, str(self._built["lookup_load"]), str(port), questions, str(CONNECTIONS)]
        done = subprocess.run([*command, str(seconds)], check=True, capture_output=True, text=True)
        print(done.stderr, end="", file=sys.stderr)
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def _cpu(self, pid: int) -> float:
        """Processor seconds of the server and of Redis beside it."""
        return _cpu_of_tree(pid) + (_cpu_of_tree(self._redis) if self._redis is not None else 0.0)


def _compiled(name: str, folder: Path) -> Path:
    made = folder / name
    source = Path(__file__).with_name(f"{name}.c")
    subprocess.run(["cc", "-O2", "-o", str(made), str(source)], check=True)
    return made


def _fill_redis(where: str, numbers: int) -> None:
    msisdns, _, activations = indexing.expected(numbers)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(where)
        answers = connection.makefile("rb")
        for start in range(0, numbers, 10_000):
            commands = [
                b"*3\r\n$3\r\nSET\r\n$11\r\n%d\r\n$10\r\n%b\r\n" % (msisdn, _day(int(activation)))
                for msisdn, activation in zip(
                    msisdns[start : start + 10_000].tolist(), activations[start : start + 10_000], strict=True
                )
                if activation
            ]
            connection.sendall(b"".join(commands))
            for _ in commands:
                assert answers.readline() == b"+OK\r\n"


def _day(number: int) -> bytes:
    return (indexing._ORIGIN + timedelta(days=number)).strftime("%Y-%m-%d").encode()


def _cpu_of_tree(pid: int) -> float:
    """Processor seconds of a process and of its children."""
    found = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(map(int, found[11:13])) / _TICK + sum(_cpu_of_tree(int(child)) for child in below)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _until(holds: Any) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        if time.monotonic() > deadline:
            raise RuntimeError("a server did not start within a minute")
        time.sleep(0.05)


def _rows(medians: list[Numbers]) -> Iterator[Numbers]:
    rates = [row["done"] / row["cpu"] for row in medians]
    ours = next(rate for row, rate in zip(medians, rates, strict=True) if row["by"] == "Lastcall")
    for row, rate in zip(medians, rates, strict=True):
        yield {
            "by": row["by"], "asked": row["asked"], "server": row["server"], "requests_per_cpu_s": rate,
            "us_each": 1e6 / rate, "requests_per_s": row["done"] / row["wall"], "lastcall_to_this": ours / rate,
        }  # fmt: skip


def _targets(rows: Sequence[Numbers]) -> Iterator[Target]:
    ratio = {(row["by"], row["asked"], row["server"]): row["lastcall_to_this"] for row in rows}
    yield Target("of the C floor", ratio["C, epoll", "constant", "own"], 0.20, True, _WHY_PYTHON)
    yield Target(
        "of the same server with a constant answer", ratio["bare ASGI", "constant", "uvicorn"], 0.85, True, _WHY_PYTHON
    )
    if ("bare ASGI", "Redis", "uvicorn") in ratio:
        yield Target(
            "times a bare application with Redis", ratio["bare ASGI", "Redis", "uvicorn"], 2.5, True, _WHY_PYTHON
        )
    yield Target("times Django with its ORM", ratio["Django WSGI", "ORM, SQLite", "granian"], 15, True, _WHY_PYTHON)
    yield Target("times the same application on granian", ratio["Lastcall", "index", "granian"], 1, True)


def _finding(rows: Sequence[Numbers]) -> str:
    ours = next(row for row in rows if row["by"] == "Lastcall")
    others = ", ".join(
        f"{row['lastcall_to_this']:.2g} of {row['by']} ({row['asked']}, {row['server']})"
        for row in rows
        if row is not ours
    )
    return f"A look-up costs {ours['us_each']:.0f} us of the server's processor, token, quota and journal included: {others}."


def _plot(rows: Sequence[Numbers], finding: str) -> str:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    shown = sorted(rows, key=lambda row: row["requests_per_cpu_s"])
    figure, axes = pyplot.subplots(figsize=(9, 3.6), layout="constrained")
    bars = axes.barh(
        [f"{row['by']}, {row['asked']}\n{row['server']}" for row in shown], [row["requests_per_cpu_s"] for row in shown],
        color=["#0b6e4f" if row["by"] == "Lastcall" else "#9aa5b1" for row in shown],
    )  # fmt: skip
    axes.bar_label(bars, fmt="{:,.0f}", padding=3, fontsize=8)
    axes.set_xscale("log")
    axes.set_xlabel("requests per second of the server's processor")
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(finding, fontsize=8)
    path = OUT / "lookup.png"
    figure.savefig(path, dpi=120)
    return str(path.relative_to(OUT.parent.parent))


if __name__ == "__main__":
    main()
