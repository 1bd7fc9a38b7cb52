"""Cases as a browser finds them: how to open one, how to read a page."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any, Protocol

from django.test import Client

from lastcall.core.closing import freeze, withdraw
from lastcall.core.closing.receipts import Receipt
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.numbers.sweep import sweep
from tests.cast import ON_THE_WEB, SOMEBODY, Cast

LANGUAGES = {"zh-hans": "zh-Hans", "ru": "ru", "en": "en"}


class Answer(Protocol):
    """What the test client gives back."""

    status_code: int
    content: bytes
    headers: Any


def waiting(cast: Cast) -> Receipt:
    """Identity is proved; nobody has said what becomes of the SIM."""
    receipt = cast.declare()
    cast.prove_in_person(receipt, cast.li_wei)
    cast.work()
    assert cast.case(receipt).state == "waiting"
    return receipt


def unproved(cast: Cast) -> Receipt:
    """Declared, and nothing else."""
    receipt = cast.declare()
    cast.work()
    return receipt


def frozen(cast: Cast) -> Receipt:
    """On hold, then "this was not me"."""
    receipt = cast.on_hold()
    freeze.freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    cast.work()
    return receipt


def withdrawn(cast: Cast) -> Receipt:
    """Taken back while on hold."""
    receipt = cast.on_hold()
    withdraw.withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    return receipt


def quarantined(cast: Cast) -> Receipt:
    """Closed so long ago that the number rests for nobody."""
    receipt = cast.closed()
    cast.time.advance(timedelta(days=61))
    sweep(cast.base)
    return receipt


def words(receipt: Receipt) -> dict[str, str]:
    """What the form asks for."""
    return {"reference": receipt.reference, "secret": receipt.secret}


def open_case(browser: Client, receipt: Receipt, *, language: str = "en") -> str:
    """The page of a case, as text."""
    speak(browser, language)
    answer = browser.post("/case/", words(receipt), follow=True)
    assert answer.status_code == 200
    return text(answer)


def speak(browser: Client, language: str) -> None:
    """Choose a language as the switch on every page does."""
    browser.get("/", {"lang": language})


def text(answer: Answer) -> str:
    """What a page says, without its markup."""
    body = answer.content.decode()
    main = body[body.index("<body>") :]
    return " ".join(unescape(re.sub("<[^>]*>", " ", main)).split())


def without_token(answer: Answer, *, msisdn: int = 0) -> bytes:
    """The body without what differs in every answer and every case: the token against forged requests, the mark of the case, and
    the number ``msisdn``."""
    body = re.sub(rb'name="(?:csrfmiddlewaretoken|of)" value="[^"]*"', b"", answer.content)
    return body.replace(format_msisdn(msisdn).encode(), b"NUMBER") if msisdn else body
