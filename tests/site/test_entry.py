"""The key to pages of this computer alone: once for each browser, and nothing at all without it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from lastcall.site.entry import Entry
from lastcall.site.local import OnlyHere


@dataclass
class Asked:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass
class Program:
    """A program with its keys. ``said``: the addresses that it printed after the first."""

    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.entry = Entry(used=self.said.append)
        self.inner = OnlyHere(self.entry.guard(lambda _environ, start: _inside(start), port=7816), port=7816)

    def ask(self, path: str, *, cookie: str = "", host: str = "127.0.0.1:7816") -> Asked:
        answer = Asked()

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
            answer.status, answer.headers = int(status[:3]), dict(headers)

        body = self.inner({"PATH_INFO": path, "HTTP_HOST": host, "HTTP_COOKIE": cookie}, start)
        answer.body = b"".join(body).decode()
        return answer


def _inside(start: Any) -> Iterable[bytes]:
    start("200 OK", [])
    return [b"inside"]


@pytest.fixture
def program() -> Program:
    return Program()


def _cookie(answer: Asked) -> str:
    return answer.headers["Set-Cookie"].partition(";")[0]


@pytest.mark.parametrize("path", ["/", "/static/reader/reader.css", "/open/", "/open/nonsense/", "/open/ж/", ""])
@pytest.mark.parametrize("cookie", ["", "opened7816=", "opened7816=nonsense", "opened7816=ж", ';;="{'])
def test_without_the_key_nothing_is_shown_but_how_to_get_in(program: Program, path: str, cookie: str) -> None:
    answer = program.ask(path, cookie=cookie)
    assert answer.status == 403 and "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "no-store"
    assert "Open the address that the program printed" in answer.body and len(answer.body.splitlines()) == 3
    assert program.said == []


def test_the_key_leaves_a_cookie_that_lets_in(program: Program) -> None:
    opened = program.ask(program.entry.path)
    assert (opened.status, opened.headers["Location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(opened.headers["Set-Cookie"].split("; "))
    assert program.ask("/", cookie=f'other={{"a": 1}}; {_cookie(opened)}; alone=x').body == "inside"


def test_a_key_works_once_and_the_next_one_is_printed(program: Program) -> None:
    first = program.entry.path
    opened = program.ask(first)
    assert program.ask(first).status == 403
    assert program.said == [f"http://127.0.0.1:7816{program.entry.path}"] and program.entry.path != first
    assert program.ask(first, cookie=_cookie(opened)).status == 303, "who is in already only goes on"
    assert program.ask(program.entry.path).status == 303 and len(program.said) == 2


def test_neither_another_program_nor_another_name_gets_in_with_it(program: Program) -> None:
    opened = program.ask(program.entry.path)
    assert Program().ask("/", cookie=_cookie(opened)).status == 403
    assert program.ask("/", cookie=_cookie(opened), host="evil.example:7816").status == 421
    assert program.ask(program.entry.path, host="evil.example:7816").status == 421 and len(program.said) == 1


def test_the_cookie_tells_nothing_of_the_key(program: Program) -> None:
    first = program.entry.path
    assert _cookie(program.ask(first)).partition("=")[2] not in first + program.entry.path
