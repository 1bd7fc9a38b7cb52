"""The hash chain: each event gets its place once, after the commit, from one sequencer."""

from __future__ import annotations

from dataclasses import dataclass

from lastcall.core.rows import Row, table, unique


@table(
    "audit",
    key=("place",),
    references={"event_id": "audit.Event"},
    constraints=(unique("link_event_once", "event_id"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Row):
    """``place``: 1, 2, 3 … without a gap; ``digest``: SHA-256 over the previous digest and the event, in hexadecimal."""

    place: int
    event_id: int
    digest: str
