"""The address that Kannel calls: a secret in it, from where it may be called, and in what codings texts come."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.test import Client, override_settings

from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import BadInput
from lastcall.core.provided import provide
from lastcall.core.texting.gateway import Gateway
from lastcall.core.texting.text import Text
from lastcall.doors.text import kannel as door
from lastcall.site.channels import make_gateway
from tests.doors.text.stage import ON_SQLITE, PHONE

FROM = "from=%2B79000001001&to=0000"


@pytest.fixture
def here(base: DjangoDatabase, token: str) -> Iterator[str]:
    """The address for texts, with its secret."""
    with override_settings(LASTCALL_TEXT_NUMBER="0000"):
        provide(Gateway, make_gateway)
        yield f"/text/kannel/{token}"


def client(*, address: str = "127.0.0.1") -> Client:
    """Somebody who calls from that address."""
    return Client(SERVER_NAME="127.0.0.1", REMOTE_ADDR=address)


def texts(base: DjangoDatabase) -> list[Text]:
    return base.transact(lambda rows: rows.some(Text, {}, order="received_at"))


@ON_SQLITE
@pytest.mark.parametrize("path", ["text", "report"])
@pytest.mark.parametrize("token", ["a-token-of-the-tests-012345678X", "x", "%00"])
def test_without_the_secret_there_is_nothing_here(base: DjangoDatabase, here: str, path: str, token: str) -> None:
    answer = client().get(f"/text/kannel/{token}/{path}?{FROM}&text=close&name=a&state=1")
    assert (answer.status_code, answer.content) == (404, b"")
    assert not texts(base)


@ON_SQLITE
def test_from_elsewhere_there_is_nothing_here(base: DjangoDatabase, here: str) -> None:
    answer = client(address="192.0.2.1").get(f"{here}/text?{FROM}&text=close")
    assert answer.status_code == 404 and not texts(base)


@ON_SQLITE
def test_without_a_token_of_ours_nobody_is_let_in(base: DjangoDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LASTCALL_KANNEL_TOKEN", raising=False)
    provide(Gateway, make_gateway)
    assert client().get(f"/text/kannel/-/text?{FROM}&text=close").status_code == 404
    assert not make_gateway().lets_in("", "127.0.0.1")


@pytest.mark.parametrize("token", ["short", "with a space and so on", "ключ-который-слишком-мал"])
def test_a_token_that_is_none_is_refused_and_not_shown(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LASTCALL_KANNEL_TOKEN", token)
    with pytest.raises(BadInput, match=r"^LASTCALL_KANNEL_TOKEN") as caught:
        make_gateway()
    assert token not in str(caught.value)


@ON_SQLITE
@pytest.mark.parametrize("coding", ["utf-8", "utf-16-be", "iso8859-5"])
def test_a_text_in_the_address_is_read_in_its_coding(base: DjangoDatabase, here: str, coding: str) -> None:
    told = quote("Закрыть b7 +".encode(coding), safe="b7").replace("%20", "+")
    assert client().get(f"{here}/text?{FROM}&id=1&text={told}&charset={coding}").status_code == 200
    assert (
        client().get(f"{here}/text?{FROM}&id=2&text={quote('закрыть'.encode(coding))}&charset={coding}").status_code
        == 200
    )
    assert [(text.keyword, text.language) for text in texts(base)] == [("other", "ru"), ("close", "ru")]


@ON_SQLITE
@pytest.mark.parametrize("coding", ["UTF-16BE", "utf-8", "no-such-coding"])
def test_a_text_in_a_body_is_read_in_its_coding(base: DjangoDatabase, here: str, coding: str) -> None:
    body = "销户".encode("utf-8" if coding == "no-such-coding" else coding)
    answer = client().post(f"{here}/text?{FROM}&id=1", body, content_type=f'text/plain; charset="{coding}"')
    assert answer.status_code == 200
    assert [text.keyword for text in texts(base)] == ["close"]


@ON_SQLITE
def test_another_way_of_asking_is_refused(here: str) -> None:
    assert client().delete(f"{here}/text?{FROM}&text=close").status_code == 405


@ON_SQLITE
def test_nothing_of_a_call_is_logged(
    base: DjangoDatabase, here: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("DEBUG")
    client().get(f"{here}/text?{FROM}&text=secretword")

    def away(*args: object, **kwargs: object) -> None:
        raise OSError(f"cannot keep {PHONE}")

    monkeypatch.setattr(door, "take", away)
    answer = client().get(f"{here}/text?{FROM}&text=secretword")
    assert (answer.status_code, answer.content) == (503, b"")
    told = [record.getMessage() for record in caplog.records if record.name.startswith("lastcall")]
    assert told == ["what Kannel brought could not be kept: OSError"]
