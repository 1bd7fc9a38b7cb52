"""Filling the forms of a case as a browser does: open the page, keep its hidden fields, send."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client

from lastcall.core.closing import codes
from lastcall.core.closing.receipts import Receipt
from lastcall.core.policies.policy import Policy
from tests.cast import Cast, Holder
from tests.doors.portal.scenes import Answer, open_case

HIDDEN = re.compile(r'<input type="hidden" name="(?P<name>\w+)" value="(?P<value>[^"]*)"')


def hidden(answer: Answer) -> dict[str, str]:
    """The hidden fields of a page, less the token against forged requests and what a refused form says of itself."""
    found = {match["name"]: unescape(match["value"]) for match in HIDDEN.finditer(answer.content.decode())}
    return {name: value for name, value in found.items() if name not in {"csrfmiddlewaretoken", "sent"}}


def send(browser: Client, path: str, follow: bool = True, **fields: Any) -> Any:
    """Open the page at ``path`` and send its form."""
    return browser.post(path, hidden(browser.get(path)) | fields, follow=follow)


def answer_all(browser: Client, *, document: tuple[str, str, str], channel: str = "mail", follow: bool = True) -> Any:
    """From the first question to the document's number."""
    kind, issuer, number = document
    send(browser, "/case/identity/", answer=kind)
    if kind != "ru_passport":
        send(browser, "/case/identity/country/", country=issuer)
    send(browser, "/case/identity/where/", answer=channel)
    return send(browser, "/case/identity/number/", follow=follow, document=number)


def code_of(cast: Cast, receipt: Receipt) -> str:
    """The code that is on its way, as its owner reads it."""
    case = cast.case(receipt)
    newest = cast.base.transact(lambda rows: codes.latest(rows, case.id, codes.proving(case)))
    assert newest is not None
    return codes.digits_of(newest, Policy.from_json(case.policy))


def prove(browser: Client, cast: Cast, receipt: Receipt, holder: Holder) -> Any:
    """The whole way on the web, with the holder's own document and mail."""
    open_case(browser, receipt)
    answer_all(browser, document=holder.document)
    return send(browser, "/case/identity/code/", code=code_of(cast, receipt))


def proved(browser: Client, cast: Cast) -> Receipt:
    """Declared for Li Wei's line, proved on the web, checked: open on this device."""
    receipt = cast.declare()
    prove(browser, cast, receipt, cast.li_wei)
    cast.work()
    return receipt
