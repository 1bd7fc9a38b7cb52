"""The act of destruction: of a SIM that was handed in, or of the photo of a document, with the log that shows it.

An act and an extract of the log together prove that personal data are gone (pack ``legal_basis.personal_data_law``, and
``legal_basis.destruction_act`` where a pack has it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.letters.letter import (
    Block,
    Day,
    Heading,
    Letter,
    Log,
    Moment,
    Msisdn,
    Paragraph,
    Row,
    Rows,
    Text,
    Value,
    Words,
    say,
)
from lastcall.core.closing.letters.wording import act_number, choice, letter, signatures, unsure
from lastcall.core.closing.story import is_proved
from lastcall.core.closing.words import ROLES
from lastcall.core.errors import Refused
from lastcall.core.numbers.sim import Sim
from lastcall.core.policies.pack import Pack

THINGS: Final[dict[str, Words]] = {
    "sim": _("SIM card"),
    "esim": _("eSIM profile"),
    "passport_photo": _("photo of the page of an identity document"),
}
CATEGORIES: Final[dict[str, Words]] = {
    "sim": _("identifiers of the card; contacts and messages that the subscriber may have left on it"),
    "esim": _("identifiers of the profile"),
    "passport_photo": _("surname, given names, dates, document number and picture of the holder"),
}
REASONS: Final[dict[str, Words]] = {
    "line_closed": _("the line is closed"),
    "decided": _("the purpose was reached: identity was decided on"),
    "withdrawn": _("the declaration was taken back"),
    "lapsed": _("the declaration lapsed"),
    "time_over": _("the longest time of keeping was over"),
    "asked": _("the person asked for it"),
}
METHODS: Final[dict[str, Words]] = {
    "cut": _("the chip was cut through"),
    "profile_deleted": _("the profile was deleted"),
    "key_destroyed": _("the key with which the file was encrypted was destroyed, and the file deleted"),
    "deleted": _("the file was deleted"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """One thing that is gone. ``thing``, ``reason``, ``method``, ``role``: keys of the tables above; ``mark``: how the thing was
    known, masked; ``system``: the system that held it, for data."""

    thing: str
    at: datetime
    role: str
    reason: str
    method: str
    mark: str = ""
    system: str = ""


def destroyed_sim(sim: Sim) -> Destroyed:
    """The facts of a SIM's record. Raises ``Refused`` (``not_destroyed``) when it has none."""
    if sim.destroyed_at is None:
        raise Refused("this SIM has no record of destruction", code="not_destroyed", remedy="Destroy it first.")
    return Destroyed(
        thing="esim" if sim.form == "esim" else "sim",
        at=sim.destroyed_at,
        role=sim.destroyed_by.partition(":")[0],
        reason="line_closed",
        method="profile_deleted" if sim.form == "esim" else "cut",
        mark=mask_iccid(sim.iccid),
    )


def mask_iccid(iccid: str) -> str:
    """The issuer's digits and the last four: ``897019…5012``."""
    return f"{iccid[:6]}…{iccid[-4:]}"


def destruction_record(
    *, case: Case, destroyed: Sequence[Destroyed], log: Sequence[Event], pack: Pack, language: str, now: datetime
) -> Letter:
    """The act for the things ``destroyed`` in ``case``, with the extract ``log``.

    Raises ``Refused`` (``not_proved``) when nobody has shown who they are, ``BadInput`` (``bad_thing``, ``bad_reason``,
    ``bad_method``, ``bad_role``, ``bad_language``, ``naive_moment``).
    """
    if not is_proved(case):
        raise Refused("nobody has shown who they are", code="not_proved", remedy="Prove identity first.")
    return letter(
        "destruction_record",
        language=language,
        pack=pack,
        made_at=now,
        title=_("Act of destruction"),
        blocks=(
            Rows(
                (
                    *_operator(pack),
                    Row(say(_("Made on")), Moment(now)),
                    Row(say(_("Number")), Msisdn(case.claimed_msisdn)),
                )
            ),
            *(block for place, each in enumerate(destroyed, 1) for block in _one(place, each)),
            *_log(log),
            Paragraph(say(_("Nothing named here can be restored."))),
            signatures(_("Name and post")),
        ),
    )


def _operator(pack: Pack) -> tuple[Row, ...]:
    rows = [
        Row(say(_("Operator")), Text(pack.entry("operator.legal_name").value)),
        Row(say(_("Taxpayer number (INN)")), Text(pack.entry("operator.inn").value)),
    ]
    for key in ("legal_basis.personal_data_law", "legal_basis.destruction_act"):
        for entry in pack.entries(key):
            cited = say(
                _("No. %(number)s of %(on)s"), number=act_number(entry.value["number"]), on=Day(entry.value["date"])
            )
            rows.append(Row(say(_("Grounds")), unsure(pack, cited, key)))
    return tuple(rows)


def _one(place: int, gone: Destroyed) -> tuple[Block, ...]:
    title = say(_("%(place)s. What was destroyed"), place=Text(str(place)))
    rows: list[tuple[Words, Value]] = [
        (_("What it was"), choice(THINGS, gone.thing, "thing")),
        (_("Recognised by"), Text(gone.mark)),
        (_("It was kept in"), Text(gone.system)),
        (_("Personal data on it"), say(CATEGORIES[gone.thing])),
        (_("Destroyed on"), Moment(gone.at, exact=True)),
        (_("Destroyed by"), choice(ROLES, gone.role, "role")),
        (_("Reason"), choice(REASONS, gone.reason, "reason")),
        (_("Method"), choice(METHODS, gone.method, "method")),
    ]
    return (Heading(title), Rows(tuple(Row(say(label), value) for label, value in rows if value.shown())))


def _log(log: Sequence[Event]) -> tuple[Block, ...]:
    if not log:
        return ()
    lines = tuple(_line(event) for event in log)
    return (Heading(say(_("Extract of the event log (time in UTC)"))), Log(lines))


def _line(event: Event) -> str:
    # Codes only, and the role without the login: the extract goes to the subscriber.
    what = (event.kind, f"{event.subject}:{event.subject_id}", event.actor.partition(":")[0], event.door, event.reason)
    return "  ".join((f"{event.id:>6}", f"{event.at:%Y-%m-%dT%H:%M:%SZ}", *filter(None, what)))
