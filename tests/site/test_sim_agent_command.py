"""``lastcall sim agent``: a program of its own on the clerk's computer, over real sockets, driven as a browser would."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time as steady
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from lastcall.core.closing.preparation import ticked
from lastcall.core.simcard import handlings, readers
from lastcall.core.simcard.handling import Handling
from lastcall.core.simcard.reader import Reader
from lastcall.doors.reader.desk import Desk
from lastcall.elements.simcard import make_readers
from lastcall.site.commands import sim_agent
from tests.core.counter.conftest import OLGA, counter
from tests.core.simcard.at_the_counter import Visit
from tests.core.simcard.conftest import visit
from tests.core.tools import only
from tests.doors import chromium
from tests.doors.reader.counter import PIN, secret_on
from tests.doors.sqlite_only import database_url
from tests.secrecy import stands_in
from tests.site.terminal import Terminal

__all__ = ["counter", "database_url", "visit"]

_PAGE = re.compile(r'name="page" value="([0-9A-Z]+)"')
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/open/[0-9A-Z]+/")
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Browser:
    """Keeps cookies and says where its forms come from. ``opened``: the address as it was printed."""

    def __init__(self, opened: str) -> None:
        address = opened.partition("/open/")[0]
        self.client = httpx.Client(base_url=address, headers={"Origin": address}, follow_redirects=True)
        self.client.headers["Accept-Language"] = "en"
        self.opened = self.client.get(opened)

    def close(self) -> None:
        """Close the window."""
        self.client.close()

    def until(self, words: str) -> str:
        """The page once it says so."""
        for _ in range(200):
            page = self.client.get("/").text
            if words in page:
                return page
            steady.sleep(0.05)
        raise AssertionError(page)

    def press(self, act: str, **typed: str) -> str:
        """Press a button of the page as it is now."""
        page = self.client.get("/").text
        word, token = _PAGE.search(page), _TOKEN.search(page)
        assert word is not None and token is not None, page
        sent = {"act": act, "page": word[1], "csrfmiddlewaretoken": token[1], **typed}
        return self.client.post("/", data=sent).raise_for_status().text


@contextmanager
def started(desk: str, folder: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program with a simulated card, at an address of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LASTCALL_", "DJANGO_"))}
    program = subprocess.Popen(
        [sys.executable, "-m", "lastcall.site.main", "sim", "agent", "--desk", desk, "--port", "0", "--name", "Window 7",
         *more],
        cwd=folder, env=kept | {"LASTCALL_SIM_READERS": "simulated:li_wei"}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert program.stderr is not None
    try:
        said = program.stderr.readline()
        found = _ADDRESS.search(said)
        assert found is not None, said + program.stderr.read()
        yield program, found[0]
    finally:
        if program.poll() is None:
            program.kill()
        program.wait()
        program.stderr.close()


def test_it_does_the_whole_of_it_as_a_program_of_its_own(visit: Visit, tmp_path: Path) -> None:
    folder, trace = tmp_path / "counter", tmp_path / "trace.txt"
    folder.mkdir()
    with (
        chromium.served() as desk, started(desk, folder, "--trace", str(trace)) as (program, address),
        closing(Browser(address)) as browser,
    ):  # fmt: skip
        assert browser.opened.status_code == 200 and browser.opened.url.path == "/"
        for other in ("/", "/static/reader/reader.css", address):
            assert httpx.get(urljoin(address, other)).status_code == 403, "another user of this computer"
        for host in ("evil.example", "127.0.0.1"):
            assert browser.client.get("/", headers={"Host": host}).status_code == 421
        assert browser.client.post("/", headers={"Origin": "https://evil.example"}).status_code == 403
        assert "access-control-allow-origin" not in browser.client.get("/static/reader/reader.css").headers
        browser.press("pair", code=_code(visit))
        reader = only(visit.base, Reader, name="Window 7")
        asked = _ask(visit, reader)
        browser.until('value="agree"')
        browser.press("speak", language="en")
        browser.press("agree")
        browser.until("3 tries are left.")
        browser.press("pin", pin=PIN)
        secret = secret_on(browser.until("Your files"))
        browser.press("finish")
        program.send_signal(signal.SIGTERM)
        assert program.wait(10) == 0
        assert program.stderr is not None
        rest = program.stderr.read()
    assert not stands_in(PIN, rest) and secret not in rest
    assert len(rest.splitlines()) == 1 and _ADDRESS.search(rest), "only how to open it again"
    traced = trace.read_text(encoding="utf-8")
    assert "VERIFY" in traced and "READ RECORD" in traced, "every exchange with the card"
    assert PIN.encode().hex(" ").upper() not in traced and stat.S_IMODE(trace.stat().st_mode) == 0o600
    done = only(visit.base, Handling, id=asked.id)
    assert (done.state, done.pin) == ("done", "removed")
    assert "pin_removed" in visit.base.transact(lambda rows: ticked(rows, done.case_id))
    assert only(visit.base, Reader, id=reader.id).state == "ended", "it takes its leave"
    assert list(folder.iterdir()) == [], "nothing is written anywhere"


def test_a_reader_that_hangs_does_not_keep_the_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sim_agent, "_LONGEST", 0.1)
    answered = threading.Event()

    def hang() -> None:
        answered.wait(60)

    readers = make_readers("simulated:li_wei")
    with sim_agent.running(desk=Desk("http://localhost:9"), readers=readers, name="Window 3") as made:
        made.working.soon(hang)
    answered.set()
    assert "what it did with the card is not known" in capsys.readouterr().err


def test_what_is_done_with_a_card_comes_to_its_end_first(capsys: pytest.CaptureFixture[str]) -> None:
    done: list[str] = []
    readers = make_readers("simulated:li_wei")
    with sim_agent.running(desk=Desk("http://localhost:9"), readers=readers, name="Window 3") as made:
        for act in ("read", "unlocked"):
            made.working.soon(lambda act=act: done.append(act))  # type: ignore[misc]
    assert done == ["read", "unlocked"] and capsys.readouterr().err == ""


def test_what_was_typed_is_let_go_when_its_act_is_done() -> None:
    class Typed:
        """A PIN, say."""

        def use(self) -> None:
            """Open the card."""

    readers, typed = make_readers("simulated:li_wei"), Typed()
    gone = threading.Event()
    weakref.finalize(typed, gone.set)
    with sim_agent.running(desk=Desk("http://localhost:9"), readers=readers, name="Window 3") as made:
        made.working.soon(typed.use)
        del typed
        assert gone.wait(10)


def _code(visit: Visit) -> str:
    return readers.offer(visit.base, actor=OLGA, shop_id=visit.counter.shop.id, policy=visit.cast.policy)


def _ask(visit: Visit, reader: Reader) -> Handling:
    return handlings.ask(
        visit.base, ticket_id=visit.ticket.id, reader_id=reader.id, backup=True, pin_off=True, actor=OLGA,
        language="zh-hans",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--desk", "http://lastcall.example"), "by HTTPS only"),
        (("--desk", "https://lastcall.example", "--readers", "nonsense"), "no card readers called"),
    ],
)
def test_it_says_what_is_wrong_before_it_starts(
    words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    left = Terminal(monkeypatch, capsys)("sim", "agent", *words)
    assert left.code == 2 and said in left.err
