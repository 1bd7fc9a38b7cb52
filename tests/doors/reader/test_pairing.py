"""The program and the desk get to know each other by a code, and part again."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.simcard import readers
from lastcall.core.simcard.reader import Reader
from lastcall.doors.reader.desk import Desk, desk_address
from tests.core.tools import only
from tests.doors.reader.counter import Beside
from tests.elements.webhook.receiver import certificate, receiving, saying


def _state(beside: Beside) -> str:
    return only(beside.visit.base, Reader, name="Window 3", token_key__gt="", id__gt=beside.visit.reader.id).state


def test_the_code_from_the_desk_pairs_it(fresh: Beside) -> None:
    page = fresh.page()
    assert "Pair this computer with the desk" in page and "http://localhost" in page
    page = fresh.press("pair", code=fresh.code())
    assert "Waiting for the desk" in page and "Centre" in page and "a card is in it" in page
    assert _state(fresh) == "paired"


def test_a_code_is_taken_as_people_type_it(fresh: Beside) -> None:
    code = fresh.code().lower()
    assert "Waiting for the desk" in fresh.press("pair", code=f" {code[:4]}-{code[4:]} ")


@pytest.mark.parametrize("typed", ["", "AAAA AAAA", "<b>", "ЖЖЖЖ"])
def test_a_wrong_code_is_said_and_not_repeated(fresh: Beside, typed: str) -> None:
    page = fresh.press("pair", code=typed)
    assert 'aria-invalid="true"' in page and fresh.agent.stage.name == "unpaired"
    assert not typed or typed not in page


def test_a_code_works_once_and_for_its_minutes(fresh: Beside) -> None:
    late = fresh.code()
    fresh.visit.cast.time.advance(timedelta(minutes=fresh.visit.cast.policy.sim_pairing_minutes))
    assert "The desk does not know this code" in fresh.press("pair", code=late)
    once = fresh.code()
    fresh.press("pair", code=once)
    fresh.press("leave")
    assert "The desk does not know this code" in fresh.press("pair", code=once)


def test_a_desk_that_is_away_is_said(fresh: Beside) -> None:
    fresh.wire.down = True
    assert "The desk does not answer" in fresh.press("pair", code="AAAAAAAA")


def test_the_pairing_is_ended_from_here(beside: Beside) -> None:
    token = beside.visit.token
    assert "The pairing has ended." in beside.press("leave")
    with pytest.raises(Exception, match="not paired"):
        readers.by_token(beside.visit.base, token)


def test_it_is_ended_from_here_even_if_the_desk_cannot_be_told(beside: Beside) -> None:
    beside.wire.down = True
    assert "Pair this computer" in beside.press("leave") and not beside.agent.desk.paired


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://lastcall.example", "https://lastcall.example"),
        ("https://lastcall.example:8443/desk/", "https://lastcall.example:8443"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_desks_address_may_be_copied_as_it_stands(typed: str, meant: str) -> None:
    assert desk_address(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "", "lastcall.example", "http://lastcall.example", "ftp://localhost", "https://who:what@lastcall.example",
        "https://lastcall.example/elsewhere", "https://lastcall.example?x=1", "http://127.0.0.1.example", "https://[bad",
        "https://lastcall.example:port",
    ],
)  # fmt: skip
def test_plain_http_is_for_this_computer_alone_and_nonsense_for_nobody(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        desk_address(typed)
    assert refused.value.code == "bad_desk"


_BODY = '{"token": "T", "until": "2026-01-12T21:00:00+00:00", "shop": "Centre"}'
PAIRED = saying(f"HTTP/1.1 200 OK\nConnection: close\nContent-Length: {len(_BODY)}\n\n{_BODY}")


def _pairs(port: int, *, scheme: str = "https", authorities: Path | None = None) -> bool:
    with closing(Desk(f"{scheme}://127.0.0.1:{port}", authorities=authorities)) as desk:
        return desk.pair(code="AAAAAAAA", name="Window 3").shop == "Centre"


def test_a_desk_of_ones_own_authority_is_believed_where_that_is_named(tmp_path: Path) -> None:
    tls, authority = certificate(tmp_path, "127.0.0.1")
    with receiving(PAIRED, tls=tls) as there:
        assert _pairs(there.port, authorities=authority)
        assert there.seen[0].startswith(b"POST /desk/readers/pair ")


@pytest.mark.parametrize("fault", ["unknown authority", "run out", "another host's"])
def test_nothing_is_said_to_a_desk_that_cannot_show_who_it_is(tmp_path: Path, fault: str) -> None:
    name, days = ("elsewhere.example" if "host" in fault else "127.0.0.1"), (-1 if fault == "run out" else 1)
    tls, authority = certificate(tmp_path, name, days=days)
    with receiving(PAIRED, tls=tls) as there:
        with pytest.raises(ElementTrouble) as trouble:
            _pairs(there.port, authorities=None if "authority" in fault else authority)
        assert (trouble.value.code, trouble.value.permanent, there.seen) == ("desk_untrusted", True, [])


def test_a_proxy_sees_nothing_of_a_desk_on_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(PAIRED) as there, receiving(PAIRED) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert _pairs(there.port, scheme="http") and proxy.seen == []


def test_a_file_without_certificates_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing\n", encoding="ascii")
    with pytest.raises(BadInput) as refused:
        Desk("https://lastcall.example", authorities=tmp_path / "empty.pem")
    assert refused.value.code == "bad_ca"
