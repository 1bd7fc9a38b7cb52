"""Who asks, under which policy, and how the core's refusals are told in this API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Final

from lastcall.core.errors import LastcallError
from lastcall.core.relying.access import Access
from lastcall.doors.lookup.answer import Answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.errors import ApiError, as_api_error

Handle = Callable[[Asked], Answer]

STATUSES: Final[Mapping[str, tuple[int, str]]] = {
    "missing_identifier": (422, "MISSING_IDENTIFIER"),
    "invalid_token_context": (403, "INVALID_TOKEN_CONTEXT"),
    "too_many_interests": (403, "TOO_MANY_INTERESTS"),
    "cursor_too_old": (410, "GONE"),
    "cursor_ahead": (410, "GONE"),
    "not_allowed": (409, "CONFLICT"),
    "not_done": (409, "NOT_DONE"),
    "batch_failed": (409, "BATCH_FAILED"),
    "too_many_batches": (429, "TOO_MANY_BATCHES"),
    "too_big": (413, "PAYLOAD_TOO_LARGE"),
}
"""The core's code -> how this API tells it; all others as :func:`as_api_error` has them."""

_LATER: Final = (("retry-after", "60"),)


def asker(asked: Asked) -> Access:
    """Who asks; the frame lets nobody through to these routes without an access token."""
    assert asked.access is not None
    return asked.access


def telling(handle: Handle) -> Handle:
    """Make a handler tell the core's refusals as this API documents them."""

    @wraps(handle)
    def handled(asked: Asked) -> Answer:
        try:
            return handle(asked)
        except LastcallError as trouble:
            said = as_api_error(trouble)
            status, code = STATUSES.get(trouble.code, (said.status, said.code))
            headers = said.headers or (_LATER if status == 429 else ())
            raise ApiError(status, code, said.message, headers) from trouble

    return handled
