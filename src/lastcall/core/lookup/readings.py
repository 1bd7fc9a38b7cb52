"""Three readings of one evidence: CAMARA's question of continuity, the FCC's of disconnection, and our own that tells apart.

Pure. ``day`` is the day asked about, ``today`` the present one; both by the operator's clocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, Protocol

from lastcall.core.lookup.evidence import Evidence, Span

ABSENT: Final = frozenset({"ported_out", "withdrawn"})
_RESTS: Final = {"pending_release": "pending_release", "quarantined": "quarantined", "ported_out": "ported_out"}

CAMARA: Final = ("true", "false", "out_of_range", "not_found")
DISCONNECT: Final = ("yes", "no", "no_data", "future_date")
RICH: Final = (
    "same_holder", "returned", "returned_after_another", "transferred", "reissued", "issued", "pending_release",
    "quarantined", "not_held", "ported_out", "no_data", "future_date",
)  # fmt: skip


class Reading(Protocol):
    """From evidence and a day to one of the reading's answers."""

    def __call__(self, evidence: Evidence, day: date, *, today: date) -> str: ...


def camara(evidence: Evidence, day: date, *, today: date) -> str:
    """Whether the subscriber changed after ``day``: one of :data:`CAMARA` (CAMARA NumberRecycling 0.2, info.description).

    ``false`` from the first day of the present holder's contract on; ``true`` in a gap, whoever came then, and while nobody
    holds the number; ``out_of_range`` outside of the evidence, which a boolean must not answer.
    """
    if day > today or day < evidence.known_since:
        return "out_of_range"
    if not evidence.spans or evidence.state in ABSENT:
        return "not_found"
    place = _held_on(evidence.spans, day)
    if place is None or evidence.spans[-1].until is not None:
        return "true"
    holder = evidence.spans[place].holder
    return "false" if all(span.holder == holder for span in evidence.spans[place:]) else "true"


def disconnect(evidence: Evidence, day: date, *, today: date) -> str:
    """Whether the number was permanently disconnected on ``day`` or later: one of :data:`DISCONNECT`.

    After the FCC's Reassigned Numbers Database (47 CFR 64.1200(m)): a port-out or a transfer is no disconnection, and where our
    knowledge ends the answer is ``no_data``, never ``no``.
    """
    if day > today:
        return "future_date"
    if any(span.ending == "ceased" and span.until is not None and span.until >= day for span in evidence.spans):
        return "yes"
    if not evidence.covered or evidence.state in ABSENT or day < evidence.known_since:
        return "no_data"
    return "no"


def rich(evidence: Evidence, day: date, *, today: date) -> str:
    """What became of the number since ``day``: one of :data:`RICH`. Another holder since then counts more than its rest now."""
    if day > today:
        return "future_date"
    if not evidence.covered or day < evidence.known_since or evidence.state == "withdrawn":
        return "no_data"
    place = _held_on(evidence.spans, day)
    return _since_a_holder(evidence, place) if place is not None else _since_nobody(evidence, day)


def _since_a_holder(evidence: Evidence, place: int) -> str:
    then, *later = evidence.spans[place:]
    lasts = evidence.spans[-1].until is None
    if all(span.holder == then.holder for span in later):
        if not lasts:
            return _at_rest(evidence)
        return "returned" if later else "same_holder"
    if lasts and later[-1].holder == then.holder:
        return "returned_after_another"
    only_transfers = all(span.ending == "transferred" for span in (then, *later[:-1]))
    return "transferred" if lasts and only_transfers else "reissued"


def _since_nobody(evidence: Evidence, day: date) -> str:
    later = [span for span in evidence.spans if span.since > day]
    if not later:
        return _at_rest(evidence)
    before = evidence.spans[-len(later) - 1] if len(evidence.spans) > len(later) else None
    if before is None:
        return "issued"
    came_back = evidence.spans[-1].until is None and all(span.holder == before.holder for span in later)
    return "returned" if came_back else "reissued"


def _at_rest(evidence: Evidence) -> str:
    return _RESTS.get(evidence.state, "not_held")


def _held_on(spans: tuple[Span, ...], day: date) -> int | None:
    """The place of the span of ``day``, its first and last day included; of two on one day the later one."""
    for place in range(len(spans) - 1, -1, -1):
        span = spans[place]
        if span.since <= day and (span.until is None or span.until >= day):
            return place
    return None


SEMANTICS: Final[Mapping[str, Reading]] = {"camara": camara, "disconnect": disconnect, "rich": rich}
