"""The calls that a USIM remembers: EF_ICI and EF_OCI (3GPP TS 31.102, 4.2.33 and 4.2.34)."""

from __future__ import annotations

from collections.abc import Iterator

from lastcall.core.simcard.card import Call

from .coding.calls import CallRecord, cut, decode_call
from .coding.shown import listed
from .files import ListFile, shown
from .linear import Records
from .lists import CUT, whole_number
from .shelves import Shelf, Shelves


def calls(file: ListFile, records: Records, shelves: Shelves) -> tuple[Call, ...]:
    """Those of one file, the latest first, as a cyclic file has them (ETSI TS 102.221, 8.2.2.4)."""
    extension = shelves.at(file.extension)
    return tuple(_call(file, number, call, extension) for number, call in _decoded(file, records))


def _decoded(file: ListFile, records: Records) -> Iterator[tuple[int, CallRecord]]:
    for number, raw in records.raw.items():
        call = decode_call(raw, received=file.calls == "received")
        if not call.empty:
            yield number, cut(call, CUT) if number in records.cut else call


def _call(file: ListFile, number: int, call: CallRecord, extension: Shelf) -> Call:
    whole, damaged = whole_number(call.number, call.extension, extension)
    return Call(
        file=shown(file.path), record=number, received=file.calls == "received", name=call.name, number=whole, at=call.at,
        seconds=call.seconds, answered=call.answered, application=file.application, damaged=listed(call.damaged, damaged),
    )  # fmt: skip
