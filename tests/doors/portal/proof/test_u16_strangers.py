"""Strangers learn nothing: the same body, the same status, the same time, whatever is wrong (U16).

Asked over HTTP of the server that is shipped, in a process of its own, in random order.
"""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import fmean
from typing import Final
from urllib.parse import urlencode

import pytest

from lastcall.core.closing.notices import stop_word
from tests.cast import LI_WEI_MSISDN, PASSPORT
from tests.doors.portal.proof.stage import World
from tests.doors.portal.proof.visitor import Visitor

Visit = Callable[..., Visitor]
Fields = dict[str, str]

TRIES: Final = 200
FEWER: Final = 60
MOST_APART: Final = 0.020
WARM_UP: Final = 20
_TOKEN: Final = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
_TYPED: Final = re.compile(rb'(name="(?:reference|secret|number|word)"[^>]*?value=")[^"]*')


@dataclass
class Server:
    """The server in its own process; one connection a request, as strangers come."""

    port: int
    cookie: str = ""
    token: str = ""

    def greet(self, path: str) -> None:
        """Get a token against forged requests, as a browser does."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"Accept-Language": "en"})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', body)
        assert found, f"{answer.status} at {path}"
        self.token = found[1]
        given = [cookie.partition(";")[0] for cookie in answer.headers.get_all("Set-Cookie") or []]
        self.cookie = next(cookie for cookie in given if cookie.startswith("csrftoken="))

    def post(self, path: str, fields: Fields) -> tuple[float, int, bytes]:
        """How long it took in seconds, the status, and the body without what differs in every answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        body = urlencode(fields | {"csrfmiddlewaretoken": self.token})
        kind = "application/x-www-form-urlencoded"
        connection.connect()
        before = time.perf_counter()
        connection.request("POST", path, body, {"Cookie": self.cookie, "Content-Type": kind, "Accept-Language": "en"})
        answer = connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - before
        connection.close()
        return took, answer.status, _TYPED.sub(rb"\1", _TOKEN.sub(b"", content))


@contextmanager
def running(database_url: str, folder: Path) -> Iterator[Server]:
    """``lastcall serve --no-worker`` until the end of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder.mkdir(exist_ok=True)
    environment = os.environ | {"LASTCALL_DATABASE_URL": database_url, "LASTCALL_HOME": str(folder)}
    command = [
        sys.executable,
        "-c",
        "from lastcall.site.main import main; main()",
        "serve",
        "--no-worker",
        "--port",
        str(port),
    ]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait(port, process, folder / "server.log")
        yield Server(port)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # its children too, which are of its session
            process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(log.read_text(errors="replace"))


@pytest.fixture
def server(world: World, tmp_path: Path) -> Iterator[Server]:
    """The server on the copy of the stage."""
    with running(f"sqlite:///{tmp_path / 'world' / 'lastcall.sqlite3'}", tmp_path / "home") as server:
        yield server


def compare(server: Server, path: str, kinds: dict[str, Callable[[], Fields]], tries: int) -> None:
    """Ask ``tries`` times in each way, mixed at random: one body, one status, means that are close together."""
    server.greet(path)
    for make in list(kinds.values()) * (WARM_UP // len(kinds)):
        server.post(path, make())
    asked = [name for name in kinds for _ in range(tries)]
    random.Random(5).shuffle(asked)
    took: dict[str, list[float]] = {name: [] for name in kinds}
    answers = set()
    for name in asked:
        seconds, status, body = server.post(path, kinds[name]())
        took[name].append(seconds)
        answers.add((status, body))
    means = {name: fmean(seconds) for name, seconds in took.items()}
    told = ", ".join(f"{name} {mean * 1000:.2f} ms" for name, mean in means.items())
    apart = max(means.values()) - min(means.values())
    print(f"{path}: {told}; apart {apart * 1000:.2f} ms over {tries} tries each")  # noqa: T201
    assert len(answers) == 1, [body[:2000] for _, body in answers]
    assert answers.pop()[0] == 200
    assert apart <= MOST_APART, told


def word() -> str:
    """A word as a receipt has them, which is nobody's."""
    return "-".join("".join(random.choices("ABCDEFGHJKMNPQRSTVWXYZ23456789", k=4)) for _ in range(4))


def test_unknown_wrong_and_foreign_references(server: Server, world: World) -> None:
    own, foreign = world.receipts["received"], world.receipts["closed"]
    compare(
        server,
        "/case/",
        {
            "unknown reference": lambda: {"reference": word(), "secret": word()},
            "wrong secret": lambda: {"reference": own.reference, "secret": word()},
            "somebody else's": lambda: {"reference": foreign.reference, "secret": own.secret},
            "ended long ago": lambda: {"reference": world.receipts["quarantined"].reference, "secret": word()},
        },
        TRIES,
    )


def test_the_word_that_stops_a_closing(server: Server, world: World) -> None:
    case = world.cast.case(world.receipts["on-hold"])
    right = stop_word(world.cast.case(world.receipts["frozen"]))
    compare(
        server,
        "/stop/",
        {
            "no such line": lambda: {"number": "+7 900 000-99-99", "word": word()[:14]},
            "no closing": lambda: {"number": f"+{LI_WEI_MSISDN}", "word": word()[:14]},
            "wrong word": lambda: {"number": f"+{case.claimed_msisdn}", "word": word()[:14]},
            "another's word": lambda: {"number": f"+{case.claimed_msisdn}", "word": right},
        },
        FEWER,
    )


def test_the_status_of_a_number(server: Server, world: World) -> None:
    quarantined = world.cast.case(world.receipts["quarantined"]).claimed_msisdn
    server.greet("/number/")
    bodies = set()
    for number in (LI_WEI_MSISDN, quarantined, 79000009999):
        _, status, body = server.post("/number/", {"number": f"+{number}"})
        assert status == 200
        bodies.add(re.sub(rb"\+7[ \xc2\xa0\d\-]{10,24}", b"NUMBER", body))
    assert len(bodies) == 1


def test_the_questions_about_identity(visit: Visit, world: World) -> None:
    """A line of ours, one of somebody else and one that there is not: what is shown up to the refusal of a code is one."""
    shown: dict[str, list[str]] = {}
    documents = {"holder's": PASSPORT, "nobody's": (PASSPORT[0], PASSPORT[1], "E76543210")}
    for number in (f"+{LI_WEI_MSISDN}", "+79000009998"):
        for name, document in documents.items():
            visitor = visit("en", scripts=False)
            visitor.declare(number)
            visitor.press("a[href='/receipt/case/']")
            visitor.identify(document, "mail")
            said = [visitor.said()]
            visitor.give_code("000000")
            said.append(visitor.said())
            shown[f"{number} {name}"] = [re.sub(r"\+7 900 \d{3}-\d\d-\d\d", "NUMBER", text) for text in said]
    assert len({tuple(texts) for texts in shown.values()}) == 1
