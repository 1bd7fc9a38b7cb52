"""What Kannel calls: for a text that came in (``get-url`` or ``post-url`` of a sms-service), and for a report (``dlr-url``).

It answers 200 once the database has it, 503 when that could not be done, so that Kannel tries again; nothing else is ever said.
"""

from __future__ import annotations

import codecs
import logging
from collections.abc import Callable
from functools import wraps
from typing import Final
from urllib.parse import parse_qs

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lastcall.core.database import database
from lastcall.core.policies.present import present_policy
from lastcall.core.provided import provided
from lastcall.core.texting.arrived import Arrived, Reported
from lastcall.core.texting.gateway import Gateway
from lastcall.core.texting.inbox import take
from lastcall.core.texting.submission import DELIVERED, FAILED, ON_ITS_WAY

logger = logging.getLogger(__name__)

WAY: Final = "kannel"
_STATES: Final = {"1": (DELIVERED, ""), "2": (FAILED, "UNDELIV"), "16": (FAILED, "REJECTD")}
"""Kannel's delivery report values (User's Guide, "Delivery reports"); 4 and 8 are no end."""

_Reads = Callable[[HttpRequest], Arrived | Reported]
_View = Callable[..., HttpResponse]


def _keeps(read: _Reads) -> _View:
    """A view that keeps what ``read`` finds in a request of the gateway's; anybody else meets a page that is not there."""

    @csrf_exempt
    @require_http_methods(["GET", "POST"])
    @wraps(read)
    def view(request: HttpRequest, token: str) -> HttpResponse:
        if not provided(Gateway).lets_in(token, request.META.get("REMOTE_ADDR", "")):
            return HttpResponse(status=404)
        try:
            take(database(), came=read(request), way=WAY, policy=present_policy())
        except Exception as trouble:  # nothing may be acknowledged that is not kept
            logger.error("what Kannel brought could not be kept: %s", type(trouble).__name__)
            return HttpResponse(status=503)
        return HttpResponse(content_type="text/plain")

    return view


@_keeps
def text(request: HttpRequest) -> Arrived:
    """``from`` and ``to``; ``id``: Kannel's own id of the message (``%I``); ``text`` in the coding that ``charset`` names, or else
    the body of a POST in that of its content type."""
    return Arrived(
        sender=_field(request, "from"), recipient=_field(request, "to"), text=_text(request), hop=_field(request, "id")
    )  # fmt: skip


@_keeps
def report(request: HttpRequest) -> Reported:
    """``name``: what we called the message; ``state``: Kannel's ``%d``."""
    outcome, reason = _STATES.get(_field(request, "state"), (ON_ITS_WAY, ""))
    return Reported(name=_field(request, "name"), outcome=outcome, reason=reason)


def _field(request: HttpRequest, name: str, coding: str = "utf-8") -> str:
    # Not request.GET, which is in the coding of the body. Latin-1 gives back the octets that stand in the address.
    query: str = request.META.get("QUERY_STRING", "")
    return parse_qs(query, encoding="latin-1").get(name, [""])[0].encode("latin-1").decode(coding, "replace")


def _text(request: HttpRequest) -> str:
    if request.method == "GET":
        return _field(request, "text", _known(_field(request, "charset")))
    return request.body.decode(_known((request.content_params or {}).get("charset", "")), "replace")


def _known(coding: str) -> str:
    """The coding, or UTF-8 when Python knows none of that name or it is none of texts."""
    try:
        return codecs.lookup(coding).name if "".encode(coding) == b"" else "utf-8"
    except LookupError:
        return "utf-8"
