"""What the desk asks of this reader, and what comes back: as they stand on the wire, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

LANGUAGES: Final = ("zh-hans", "ru", "en")
_ID: Final = re.compile("[0-9]{1,19}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One card to be handled. ``ticket``: as its visitor knows it; ``backup``: save what is on the card; ``pin_off``: take its
    PIN off; ``until``: then the desk waits no longer."""

    id: str
    ticket: str
    language: str
    backup: bool
    pin_off: bool
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """This computer and the desk of ``shop`` know each other until ``until``."""

    shop: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where the desk keeps a backup, and until when."""

    address: str
    until: datetime


def read_order(found: Mapping[str, Any]) -> Order | None:
    """The order in an answer; None when there is none. Raises ``ValueError``, ``KeyError`` or ``TypeError`` when it is none."""
    given = found["order"]
    if given is None:
        return None
    language = str(given["language"])
    return Order(
        id=_id(given["id"]), ticket=_short(given["ticket"]), language=language if language in LANGUAGES else "en",
        backup=_flag(given["backup"]), pin_off=_flag(given["pin_off"]), until=read_moment(given["until"]),
    )  # fmt: skip


def read_kept(found: Mapping[str, Any]) -> Kept:
    """Where a backup went. Raises as :func:`read_order`."""
    address = str(found["address"])
    parts = urlsplit(address)
    if not parts.hostname or parts.username is not None:
        raise ValueError("this is no address of a page")
    return Kept(address=address, until=read_moment(found["until"]))


def read_moment(text: Any) -> datetime:
    """A moment with its zone (ISO 8601). Raises ``ValueError``."""
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment


def _id(given: Any) -> str:
    if not _ID.fullmatch(str(given)):
        raise ValueError("this is no number of an order")
    return str(given)


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise TypeError("neither true nor false")
    return given


def _short(given: Any) -> str:
    return str(given)[:20]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What was on a card, as files that ``secret`` opens, which stands nowhere else. ``gaps``: something on the card could not be
    read, as the files say; ``partial``: of which not all could, one of :data:`~lastcall.core.simcard.handling.PARTIAL`."""

    contacts: int
    messages: int
    gaps: bool
    partial: str
    secret: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A sealed backup that the desk keeps, without its content."""

    contacts: int
    messages: int
    gaps: bool
    partial: str
    kept: Kept
    secret: str = field(repr=False)
