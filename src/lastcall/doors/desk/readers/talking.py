"""How a program talks with the desk: JSON both ways, a token instead of a sign-in, refusals as problems, bodies within bounds."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from lastcall.core.errors import BadInput, Conflict, ElementTrouble, LastcallError, NotFound, Refused

P = ParamSpec("P")
T = TypeVar("T", str, int)
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

MOST_JSON: Final = 4096
_LONGEST_TOKEN: Final = 200
_STATUSES: Final = {
    "reader_ended": 401, "too_big": 413, "bad_media_type": 415, "bad_method": 405, "not_asked": 409, "not_read": 409,
    "not_saved": 409, "saved_already": 409,
}  # fmt: skip
_KINDS: Final = ((BadInput, 400), (NotFound, 404), (Conflict, 409), (Refused, 403), (ElementTrouble, 503))


def machine(method: str) -> Callable[[View[P]], View[P]]:
    """An address for programs, asked with ``method``. No cookie means anything here, so none can be abused by another site."""

    def decorate(view: View[P]) -> View[P]:
        def told(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return _asked(view, method, request, *args, **kwargs)
            except LastcallError as trouble:
                return problem(trouble)
            except (OperationalError, InterfaceError):
                return problem(ElementTrouble("this cannot be done now", permanent=False, remedy="Try again soon."))

        made: Any = csrf_exempt(wraps(view)(told))
        made.machine = True
        return made  # type: ignore[no-any-return]

    return decorate


def _asked(view: View[P], method: str, request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
    if request.method != method:
        raise BadInput("this is asked otherwise", code="bad_method", remedy=f"Use {method}.")
    return view(request, *args, **kwargs)


def problem(trouble: LastcallError) -> HttpResponse:
    """A refusal: ``{"error": {"code", "message", "remedy"}}`` with the fitting status."""
    status = _STATUSES.get(trouble.code) or next((code for kind, code in _KINDS if isinstance(trouble, kind)), 500)
    said = {"code": trouble.code, "message": trouble.message, "remedy": trouble.remedy}
    response = JsonResponse({"error": said}, status=status)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def token_of(request: HttpRequest) -> str:
    """The token that the request shows (RFC 6750, 2.1), or an empty text, which is nobody's."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" and len(given) <= _LONGEST_TOKEN else ""


def body_of(request: HttpRequest, *, media_type: str, most: int) -> bytes:
    """The body. Raises ``BadInput``: ``bad_media_type``, ``too_big``; of what is too big no more is read than shows that it is."""
    if request.content_type != media_type:
        raise BadInput("the body is of another kind", code="bad_media_type", remedy=f"Send {media_type}.")
    body = request.read(most + 1)
    if len(body) > most:
        raise BadInput("the body is too big", code="too_big", remedy=f"Send at most {most} bytes.")
    return body


def document_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of the body. Raises ``BadInput``: ``bad_json``, and as :func:`body_of`."""
    try:
        document = json.loads(body_of(request, media_type="application/json", most=MOST_JSON))
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise BadInput("the body is no JSON object", code="bad_json", remedy="Send one object, in UTF-8.")
    return document


def field(document: dict[str, Any], name: str, kind: type[T]) -> T:
    """One value of the object. Raises ``BadInput`` (``bad_field``)."""
    value = document.get(name)
    # A truth value is an int to Python.
    if type(value) is not kind:
        raise BadInput(
            f"{name} is missing or of another kind", code="bad_field", remedy=f"Send {name} as {kind.__name__}."
        )
    return value
