"""A request as the handlers of this door see it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lastcall.core.relying.access import Access
from lastcall.doors.lookup.errors import ApiError

DEEPEST: Final = 32


@dataclass(frozen=True, slots=True)
class Asked:
    """``path`` as the route has it matched, its parts in ``params``; ``query``: the last value of each name; ``headers``: lower
    case; ``access``: None on a route without a scope; ``correlator``: the ``x-correlator`` of the answer.

    ``upload``: the body of a route that streams, as a file; ``body`` is empty then.
    """

    method: str
    path: str
    params: dict[str, str]
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    access: Access | None
    correlator: str
    upload: Path | None = None

    def document(self) -> dict[str, Any]:
        """The body as a JSON object (RFC 8259, with each name once and no NaN). Raises ``ApiError`` (400 ``INVALID_ARGUMENT``)."""
        return read_object(self.body)


def read_object(body: bytes) -> dict[str, Any]:
    """A JSON object in UTF-8. Raises ``ApiError`` (400 ``INVALID_ARGUMENT``)."""
    try:
        found = _decode(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise _not_an_object() from None
    if type(found) is not dict or not _sound(found):
        raise _not_an_object()
    return found


def _sound(value: Any, depth: int = 0) -> bool:
    """Not nested deeper than :data:`DEEPEST`, and no half of a surrogate pair, which no UTF-8 can say."""
    if type(value) is str:
        return value.isascii() or _is_text(value)
    if type(value) is dict:
        return depth < DEEPEST and all(_sound(name) and _sound(one, depth + 1) for name, one in value.items())
    if type(value) is list:
        return depth < DEEPEST and all(_sound(one, depth + 1) for one in value)
    return True


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_decode = json.JSONDecoder(object_pairs_hook=_once_each, parse_constant=_no_constant).decode


def _not_an_object() -> ApiError:
    return ApiError(400, "INVALID_ARGUMENT", "The body must be one JSON object in which each name stands once.")
