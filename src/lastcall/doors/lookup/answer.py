"""What a handler answers with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


@dataclass(frozen=True, slots=True)
class Answer:
    """``body``: the bytes, or the path of a file that is sent piece by piece, from ``first`` on and ``length`` bytes of it (None:
    to its end). ``headers`` besides content type and length.
    """

    status: int
    body: bytes | Path
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    first: int = 0
    length: int | None = None


def json_answer(document: Any, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """``document`` as JSON in UTF-8."""
    return Answer(status, _encode(document).encode(), headers=headers)
