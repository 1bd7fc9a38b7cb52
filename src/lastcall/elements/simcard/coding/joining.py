"""The parts of a message joined (3GPP TS 23.040, 9.2.3.24.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final

from lastcall.core.simcard.card import Message
from lastcall.elements.simcard.coding.shown import about, listed
from lastcall.elements.simcard.coding.sms import SmsRecord
from lastcall.elements.simcard.coding.tpdu import ucs2_text

GAP: Final = " […] "
"""Stands where parts in the middle of a text are not on the card."""

_FAR = timedelta(days=1)
"""Parts of one message reach the card within this time of each other; a reference of eight bits comes round again."""
_NEVER = datetime.max.replace(tzinfo=UTC)

Placed = tuple[int, SmsRecord]


@dataclass(slots=True)
class _Group:
    """The parts of one message found so far, by their number."""

    found: dict[int, Placed] = field(default_factory=dict)

    def distance(self, record: SmsRecord) -> timedelta | None:
        """How far ``record`` lies from this message in time; None where it does not belong to it."""
        if record.part in self.found:
            return None
        times = [other.at for _, other in self.found.values() if other.at]
        if record.at is None or not times:
            return timedelta()
        far = min(abs(record.at - time) for time in times)
        return far if far <= _FAR else None


def join(records: Sequence[Placed]) -> tuple[Message, ...]:
    """The messages in these records (number, record), by their time, those without one last; blank records are none.

    Parts belong together that have the party, reference, number of parts, direction and kind of content in common, are free or in
    use alike and lie within a day of each other; a part that a message has already begins another one. A status report is a
    message without text that says so in ``damaged``.
    """
    return tuple(sorted((_message(group) for group in _groups(records)), key=by_time))


def by_time(message: Message) -> tuple[datetime, tuple[int, ...]]:
    """What messages are sorted by: their time, those without one last; then where they lie."""
    return message.at or _NEVER, message.records


def _groups(records: Sequence[Placed]) -> Iterator[_Group]:
    begun: dict[tuple[object, ...], list[_Group]] = {}
    for number, record in sorted(records, key=lambda placed: (placed[1].at or _NEVER, placed[0])):
        if record.blank:
            continue
        if record.parts < 2:
            yield _Group({record.part: (number, record)})
            continue
        group = _fitting(begun.setdefault(_key(record), []), record)
        group.found[record.part] = (number, record)
    for groups in begun.values():
        yield from groups


def _key(record: SmsRecord) -> tuple[object, ...]:
    return (
        record.party, record.named, record.reference, record.parts, record.kind, record.sent, record.free,
        record.coding == "8bit",
    )  # fmt: skip


def _fitting(groups: list[_Group], record: SmsRecord) -> _Group:
    far = [(distance, place) for place, group in enumerate(groups) if (distance := group.distance(record)) is not None]
    if far:
        return groups[min(far)[1]]
    groups.append(_Group())
    return groups[-1]


def _message(group: _Group) -> Message:
    placed = [group.found[part] for part in sorted(group.found)]
    first = placed[0][1]
    text, damaged = _text(placed)
    return Message(
        records=tuple(number for number, _ in placed),
        status=next((record.status for _, record in placed if record.status == "unread"), first.status),
        sent=first.sent,
        party=first.party,
        named=first.named,
        centre=first.centre,
        at=min((record.at for _, record in placed if record.at), default=None),
        text=text,
        data=b"".join(record.data for _, record in placed),
        parts=first.parts,
        missing=tuple(part for part in range(1, first.parts + 1) if part not in group.found),
        damaged=listed(damaged, "a report on delivery, not a text" if first.kind == "status_report" else ""),
    )


def _text(placed: list[Placed]) -> tuple[str, str]:
    """The parts' texts one after another, and their damages. UCS-2 is put together before it is read: some telephones cut a
    surrogate pair apart."""
    texts: list[str] = []
    damages: list[str] = []
    last = 0
    for (_, ucs2), run in groupby(enumerate(placed), key=_run):
        parts = [record for _, (_, record) in run]
        texts.append(GAP if texts and last + 1 < parts[0].part else "")
        last = parts[-1].part
        damages += [_damage(record) for record in parts]
        if ucs2:
            text = ucs2_text(b"".join(record.units for record in parts))
            texts.append(text.text)
            damages.append(text.damaged)
        else:
            texts += [record.text for record in parts]
    return "".join(texts), listed(*damages)


def _run(place: tuple[int, Placed]) -> tuple[int, bool]:
    """Equal for parts that follow each other without a gap and are alike in being UCS-2."""
    at, (_, record) = place
    return record.part - at, bool(record.units)


def _damage(record: SmsRecord) -> str:
    if record.parts < 2:
        return record.damaged
    return about(f"part {record.part}", record.damaged)
