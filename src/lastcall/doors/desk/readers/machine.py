"""What the program beside a card reader asks and says, with the token that its pairing gave it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from lastcall.core.counter.ticket import Ticket
from lastcall.core.database import database
from lastcall.core.rows import Json
from lastcall.core.simcard import readers, reports
from lastcall.core.simcard.backup import MOST_BYTES
from lastcall.core.simcard.handling import Handling
from lastcall.doors.desk.readers.talking import body_of, document_of, field, machine, token_of


@machine("POST")
def pair(request: HttpRequest) -> HttpResponse:
    """``{"code", "name"}`` -> ``{"token", "until", "shop"}``; 404 for a code that is none."""
    document = document_of(request)
    found = readers.pair(database(), code=field(document, "code", str), name=field(document, "name", str))
    return JsonResponse({"token": found.token, "until": found.until.isoformat(), "shop": found.shop})


@machine("GET")
def order(request: HttpRequest) -> HttpResponse:
    """``{"order": null}``, or what is to be done now."""
    found = reports.next_of(database(), token=token_of(request))
    return JsonResponse({"order": _told(found) if found is not None else None})


def _told(handling: Handling) -> Json:
    ticket = database().transact(lambda rows: rows.one(Ticket, {"id": handling.ticket_id}))
    return {
        "id": str(handling.id), "ticket": ticket.label if ticket else "", "language": handling.language,
        "backup": handling.wants_backup, "pin_off": handling.wants_pin_off, "until": handling.until.isoformat(),
    }  # fmt: skip


@machine("POST")
def card(request: HttpRequest, handling_id: int) -> HttpResponse:
    """``{"iccid"}`` -> ``{"same"}``: whether it is the line's own card."""
    token = _paired(request)
    iccid = field(document_of(request), "iccid", str)
    same = reports.card(database(), token=token, handling_id=handling_id, iccid=iccid)
    return JsonResponse({"same": same})


@machine("POST")
def backup(request: HttpRequest, handling_id: int) -> HttpResponse:
    """The sealed file -> 201 with the ``address`` of the page where its secret opens it, and ``until`` when."""
    token = _paired(request)
    sealed = body_of(request, media_type="application/octet-stream", most=MOST_BYTES)
    kept = reports.saved(database(), token=token, handling_id=handling_id, ciphertext=sealed)
    return JsonResponse({"address": _address(request, kept.id), "until": kept.until.isoformat()}, status=201)


def _address(request: HttpRequest, backup_id: int) -> str:
    host, path = settings.LASTCALL_PUBLIC_HOST, f"/backup/{backup_id}/"
    return f"https://{host}{path}" if host else request.build_absolute_uri(path)


@machine("POST")
def done(request: HttpRequest, handling_id: int) -> HttpResponse:
    """``{"contacts", "messages", "partial", "pin"}``: all is done."""
    token, document = _paired(request), document_of(request)
    reports.done(
        database(), token=token, handling_id=handling_id, contacts=field(document, "contacts", int),
        messages=field(document, "messages", int), partial=field(document, "partial", str),
        pin=field(document, "pin", str),
    )  # fmt: skip
    return JsonResponse({})


@machine("POST")
def failed(request: HttpRequest, handling_id: int) -> HttpResponse:
    """``{"code"}``: it could not be done."""
    token = _paired(request)
    problem = field(document_of(request), "code", str)
    reports.fail(database(), token=token, handling_id=handling_id, problem=problem)
    return JsonResponse({})


@machine("POST")
def leave(request: HttpRequest) -> HttpResponse:
    """The pairing ends."""
    readers.leave(database(), token=token_of(request))
    return JsonResponse({})


def _paired(request: HttpRequest) -> str:
    """The token, once it is known to be a paired reader's: nobody else's body is read. Raises ``Refused`` (``reader_ended``)."""
    token = token_of(request)
    readers.by_token(database(), token)
    return token
