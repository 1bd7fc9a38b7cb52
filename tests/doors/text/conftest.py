from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from lastcall.elements.sms.smpp import SmppSms
from lastcall.site.channels import make_messengers, start_listening
from lastcall.site.wiring import provide_elements
from tests.cast import Cast
from tests.doors.text.settings import NUMBER
from tests.doors.text.settings import by_smpp as by_smpp_settings
from tests.doors.text.stage import Stage
from tests.kannel import SECRET, USER, Kannel, free_port
from tests.smsc import PASSWORD, Smsc

TOKEN = "a-token-of-the-tests-0123456789"


@pytest.fixture
def smsc() -> Iterator[Smsc]:
    """An SMSC of this test's own."""
    with Smsc() as running:
        yield running


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    """The secret in the address that Kannel calls."""
    monkeypatch.setenv("LASTCALL_KANNEL_TOKEN", TOKEN)
    return TOKEN


def through(cast: Cast, folder: Path, **chosen: Any) -> Iterator[None]:
    """The cast's SMS go by the way that these settings choose."""
    with override_settings(**chosen):
        cast.elements.messengers["sms"] = make_messengers(folder)["sms"]
        yield


@pytest.fixture
def by_smpp(cast: Cast, smsc: Smsc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Lastcall listens at the SMSC."""
    monkeypatch.setenv("LASTCALL_SMPP_PASSWORD", PASSWORD)
    stop, mark = threading.Event(), smsc.mark()
    for _ in through(cast, tmp_path, **by_smpp_settings(smsc.port)):
        listening = start_listening(cast.elements.messengers, stop)
        assert listening is not None and isinstance(cast.elements.messengers["sms"], SmppSms)
        smsc.wait("bind", after=mark)
        yield Stage(cast, smsc)
        stop.set()
        listening.join(10)


@pytest.fixture
def port() -> int:
    """Where Kannel looks for the web application."""
    return free_port()


@pytest.fixture
def kannel(smsc: Smsc, tmp_path: Path, port: int, token: str) -> Iterator[Kannel]:
    """A Kannel of this test's own in front of the SMSC."""
    mark = smsc.mark()
    (folder := tmp_path / "kannel").mkdir()
    with Kannel(folder, smsc.port, f"http://127.0.0.1:{port}/text/kannel/{token}") as running:
        smsc.wait("bind", after=mark)
        yield running


@pytest.fixture
def by_kannel(
    cast: Cast, kannel: Kannel, smsc: Smsc, tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    """Lastcall sends through Kannel. Whether it can be called, the test decides."""
    monkeypatch.setenv("LASTCALL_KANNEL_PASSWORD", SECRET)
    chosen = {
        "LASTCALL_SMS": "kannel", "LASTCALL_KANNEL_ADDRESS": f"127.0.0.1:{kannel.port}",
        "LASTCALL_KANNEL_USER": USER, "LASTCALL_KANNEL_CALLBACK": f"http://127.0.0.1:{port}",
        "LASTCALL_SMS_SENDER": "Lastcall", "LASTCALL_TEXT_NUMBER": NUMBER, "LASTCALL_PUBLIC_HOST": "lastcall.example",
    }  # fmt: skip
    provide_elements(cast.elements)
    for _ in through(cast, tmp_path, **chosen):
        yield Stage(cast, smsc)
