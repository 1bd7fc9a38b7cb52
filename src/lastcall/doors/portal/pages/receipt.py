"""The receipt of a declaration, for a day on the device that declared it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lastcall.core.closing.letters.letter import Letter
from lastcall.core.closing.letters.receipt import receipt as receipt_letter
from lastcall.core.closing.letters.statement import statement as statement_letter
from lastcall.core.closing.receipts import Receipted, read_receipt
from lastcall.core.database import database
from lastcall.core.errors import NotFound
from lastcall.core.ports import Printer
from lastcall.core.provided import provided
from lastcall.doors.portal.opened import keep_open
from lastcall.doors.portal.presenters.receipt import receipt_page
from lastcall.doors.portal.shell import page
from lastcall.doors.screens.reader import pack, spoken
from lastcall.doors.screens.sealed import Kept

HOURS: Final = 24
RECEIPT: Final = Kept("lastcall_receipt", "/receipt/", timedelta(hours=HOURS))
"""What a device keeps of a receipt; its value has ``kept``."""


@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt that this device keeps, or where to find it."""
    found = _kept(request)
    if found is None:
        return page(request, "no_receipt.html", {"hours": HOURS})
    shown = receipt_page(found, pack=pack(), language=spoken())
    return page(request, "receipt.html", {"shown": shown, "hours": HOURS})


@require_safe
def receipt_pdf(request: HttpRequest) -> HttpResponse:
    """The receipt to keep."""
    return _file(request, "receipt", lambda found: receipt_letter(
        receipt=found.receipt, case=found.case, pack=pack(), language=spoken(), contact=found.contact
    ))  # fmt: skip


@require_safe
def statement_pdf(request: HttpRequest) -> HttpResponse:
    """The termination statement to sign."""
    return _file(request, "statement", lambda found: statement_letter(case=found.case, pack=pack(), language=spoken()))


@require_safe
def open_case(request: HttpRequest, to: str) -> HttpResponse:
    """Open the case of the kept receipt on this device, and go on to its page named ``to``."""
    found = _kept(request)
    response = HttpResponseRedirect(reverse(f"portal:{to}"))
    if found is not None:
        keep_open(request, response, found.case.id)
    return response


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """This device keeps the receipt no longer."""
    response = HttpResponseRedirect(reverse("portal:receipt"))
    RECEIPT.forget(response)
    return response


def _kept(request: HttpRequest) -> Receipted | None:
    value = RECEIPT.read(request)
    if not value:
        return None
    try:
        return read_receipt(database(), kept=value["kept"])
    except NotFound:
        return None


def _file(request: HttpRequest, name: str, letter: Callable[[Receipted], Letter]) -> HttpResponse:
    found = _kept(request)
    if found is None:
        return HttpResponseRedirect(reverse("portal:receipt"))
    return pdf(provided(Printer).make(letter(found)), name)


def pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF to keep, as a file of that name."""
    return HttpResponse(
        content, content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="lastcall-{name}.pdf"'},
    )  # fmt: skip
