"""Errors as relying parties get them: CAMARA's ErrorInfo, ``status``, ``code`` and ``message``.

Codes are those of CAMARA's Design Guide (Commonalities, section on error responses), so a wrong media type is 415
``UNSUPPORTED_MEDIA_TYPE`` and a body that is no JSON object is 400 ``INVALID_ARGUMENT``. A message never repeats what was sent.
"""

from __future__ import annotations

from typing import Final

from lastcall.core.errors import BadInput, Conflict, ElementTrouble, LastcallError, NotFound, Refused
from lastcall.doors.lookup.answer import Answer, json_answer

Headers = tuple[tuple[str, str], ...]


class ApiError(Exception):
    """An answer that is an error. ``code``: one of CAMARA's, or a specific one in capitals."""

    def __init__(self, status: int, code: str, message: str, headers: Headers = ()) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers

    def answer(self) -> Answer:
        """As ErrorInfo."""
        document = {"status": self.status, "code": self.code, "message": self.message}
        return json_answer(document, status=self.status, headers=self.headers)


_CODES: Final[dict[str, tuple[int, str]]] = {
    "unauthenticated": (401, "UNAUTHENTICATED"),
    "too_many_requests": (429, "TOO_MANY_REQUESTS"),
    "quota_exceeded": (429, "QUOTA_EXCEEDED"),
    "no_agreement": (403, "PERMISSION_DENIED"),
}
_KINDS: Final[tuple[tuple[type[LastcallError], int, str], ...]] = (
    (BadInput, 400, "INVALID_ARGUMENT"),
    (NotFound, 404, "NOT_FOUND"),
    (Conflict, 409, "CONFLICT"),
    (Refused, 403, "PERMISSION_DENIED"),
    (ElementTrouble, 503, "UNAVAILABLE"),
)


def as_api_error(trouble: LastcallError) -> ApiError:
    """What a relying party gets for an error of the core."""
    status, code = _CODES.get(trouble.code, (0, ""))
    if not status:
        status, code = next(
            ((status, code) for kind, status, code in _KINDS if isinstance(trouble, kind)), (500, "INTERNAL")
        )
    message = _sentence(trouble) if status != 500 else INTERNAL_MESSAGE
    return ApiError(status, code, message, _headers(status, trouble))


INTERNAL_MESSAGE: Final = "Something went wrong here; nothing was changed. Try again later."
CHALLENGE: Final = 'Bearer error="invalid_token"'


def _sentence(trouble: LastcallError) -> str:
    text = f"{trouble.message[:1].upper()}{trouble.message[1:]}"
    text = text if text.endswith((".", "!", "?")) else f"{text}."
    return f"{text} {trouble.remedy}".strip()


def _headers(status: int, trouble: LastcallError) -> Headers:
    if status == 401:
        return (("www-authenticate", CHALLENGE),)
    if status == 429:
        return (("retry-after", str(getattr(trouble, "retry_after", 1))),)
    return ()


def internal() -> ApiError:
    """500, without any detail."""
    return ApiError(500, "INTERNAL", INTERNAL_MESSAGE)


def unauthenticated() -> ApiError:
    """401: the token is missing, not valid or expired; always in the same words."""
    message = "The access token is missing, not valid, or expired. Get a new one."
    return ApiError(401, "UNAUTHENTICATED", message, (("www-authenticate", CHALLENGE),))
