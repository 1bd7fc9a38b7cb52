"""From the dossier of a case to what its page shows, in the language in force. Nothing is read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lastcall.core.audit.reading import Reading
from lastcall.core.closing import words as told
from lastcall.core.closing.case import Case
from lastcall.core.closing.checks import PASSED
from lastcall.core.closing.dossier import Dossier, OnFile, Papers, Side
from lastcall.core.closing.letters.cover_sheet import PAPERS
from lastcall.core.closing.letters.wording import CUSTODIES, DECLARANTS
from lastcall.core.closing.paper import PaperSheet
from lastcall.core.closing.texts import REJECTIONS, moment, remedy
from lastcall.core.rows import Json
from lastcall.core.staff.opening import Opening
from lastcall.doors.desk.files import words
from lastcall.doors.desk.review.words import DOORS, REASONS
from lastcall.doors.screens.bill import Amount, amounts
from lastcall.doors.screens.moments import Dated, dated
from lastcall.doors.screens.wording import day

_NOTHING: Final = "–"
_IN_FACTS: Final = frozenset({"review", "end_of_hold"})
_ORDER: Final = tuple(words.CHECKS)


@dataclass(frozen=True, slots=True)
class Compared:
    """One row of the comparison. ``tone``: of the outcome's tag."""

    label: str
    declared: str
    on_file: str
    outcome: str
    tone: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One check: what it is, how it came out, and why."""

    label: str
    outcome: str
    tone: str
    why: str


@dataclass(frozen=True, slots=True)
class FilePage:
    """All that the file of one case shows."""

    number: str
    title: str
    notes: tuple[str, ...]
    frozen: bool
    facts: tuple[tuple[str, str], ...]
    sides: tuple[Compared, ...]
    documents: str
    checks: tuple[Checked, ...]
    passed: str
    papers: tuple[tuple[str, str], ...]
    sheets: tuple[tuple[str, str], ...]
    contacts: tuple[tuple[str, str, bool], ...]
    changes: tuple[Dated, ...]
    bill: tuple[Amount, ...]
    bill_is_preview: bool
    callback: str
    happened: tuple[Dated, ...]
    ahead: tuple[Dated, ...]
    seen: tuple[Dated, ...]
    photo: str
    until: str


def file_page(found: Dossier, *, bill: Json, opening: Opening | None, language: str) -> FilePage:
    """The file as a page, in ``language``, which must be the one in force; ``bill``: the final one or its preview."""
    case, story = found.case, found.story
    stopped = case.frozen_at is not None and case.ended_at is None
    results = sorted(case.results.items(), key=lambda item: _ORDER.index(item[0]) if item[0] in _ORDER else -1)
    title, text = told.FROZEN if stopped else told.STATES[case.state]
    return FilePage(
        number=found.number,
        title=str(title),
        notes=_notes(case, str(text) if stopped else ""),
        frozen=stopped,
        facts=_facts(found),
        sides=tuple(_compared(side) for side in found.sides),
        documents=_on_file(found),
        checks=tuple(_checked(name, result, language) for name, result in results if result["outcome"] != PASSED),
        passed=" · ".join(_check(name) for name, result in results if result["outcome"] == PASSED),
        papers=_papers(found.papers) if found.papers else (),
        sheets=tuple(_sheet(sheet) for sheet in found.sheets),
        contacts=tuple(_contact(contact) for contact in found.contacts),
        changes=tuple(dated(str(words.CHANGES[what]), at) for what, at in found.changes),
        bill=amounts(bill),
        bill_is_preview=not case.final_bill,
        callback=moment(found.callback.start) if found.callback else "",
        happened=tuple(dated(_happened(entry.code, entry.reason), entry.at) for entry in story.happened),
        ahead=tuple(
            dated(str(told.AHEAD[entry.code]), entry.at) for entry in story.ahead if entry.code not in _IN_FACTS
        ),
        seen=tuple(_seen(look) for look in found.readings),
        photo=found.photo,
        until=moment(opening.until) if opening else "",
    )


def _notes(case: Case, stopped: str) -> tuple[str, ...]:
    return tuple(note for note in (stopped, str(REJECTIONS.get(case.ended_reason, ""))) if note)


def _facts(found: Dossier) -> tuple[tuple[str, str], ...]:
    case = found.case
    facts = [
        (_("Declared"), moment(case.declared_at)),
        (_("Came in through"), str(DOORS.get(case.door, case.door))),
        (_("Language"), language_name(case.language)),
    ]
    if case.review_due_at is not None:
        facts.append((_("To be decided by"), moment(case.review_due_at)))
    if case.hold_until is not None:
        facts.append((_("End of the hold"), moment(case.hold_until)))
    return tuple(facts)


def _on_file(found: Dossier) -> str:
    """Whose document is to be seen, as initials, and which are on file."""
    sides = {side.what: side for side in found.sides}
    whose = (
        found.papers.initials
        if found.papers
        else next(iter(sides["declarant"].on_file), "")
        if "declarant" in sides
        else ""
    )
    documents = _words("document", sides["document"].on_file) if "document" in sides and not found.papers else ""
    return ", ".join(part for part in (whose, documents) if part) or _NOTHING


def language_name(code: str) -> str:
    """A language by its own name."""
    return str(dict(settings.LANGUAGES).get(code, code))


def _compared(side: Side) -> Compared:
    outcome, tone = words.OUTCOMES[side.outcome]
    declared = _words(side.what, side.declared) or (moment(side.at) if side.at is not None else _NOTHING)
    return Compared(
        str(words.SIDES[side.what]),
        declared,
        _words(f"{side.what} on file", side.on_file) or _NOTHING,
        str(outcome),
        tone,
    )


_CODES: Final[dict[str, Mapping[str, str | Promise]]] = {
    "declarant": DECLARANTS,
    "sim": CUSTODIES,
    "contact": words.CONTACTS,
    "contact on file": words.CONTACTS,
}


def _words(what: str, values: tuple[str, ...]) -> str:
    if what.startswith(("document", "photo")):
        return ", ".join(document_in_words(value) for value in values)
    if what.startswith("language"):
        return ", ".join(language_name(value) for value in values)
    if what == "sim on file":
        form, last_four = values
        return f"{words.SIMS[form]} ··{last_four}"
    if what == "declarant on file":
        shown, _kind, citizenship = values
        return f"{shown} ({citizenship})"
    known = _CODES.get(what, {})
    return ", ".join(dict.fromkeys(str(known.get(value, value)) for value in values))


def document_in_words(value: str) -> str:
    """``foreign_passport CN 5678`` as people read it."""
    kind, *rest = value.split()
    tail = [rest[0]] if rest else []
    tail += [f"··{rest[1]}"] if len(rest) > 1 else []
    return " ".join([str(words.DOCUMENTS.get(kind, kind)), *tail])


def _checked(name: str, result: Mapping[str, Any], language: str) -> Checked:
    outcome, tone = words.RESULTS[result["outcome"]]
    reason = result.get("reason", "")
    why = (
        str(REASONS[reason]) if reason in REASONS else remedy(reason, language=language, details=result.get("details"))
    )
    return Checked(_check(name), str(outcome), tone, why)


def _check(name: str) -> str:
    return str(words.CHECKS.get(name, name))


def _papers(papers: Papers) -> tuple[tuple[str, str], ...]:
    powers = ", ".join(str(words.POWERS[power]) for power in papers.powers) or _NOTHING
    facts = [
        (_("Kind"), str(words.REPRESENTATIVES[papers.kind])),
        (_("Who acts"), papers.initials),
        (_("Powers"), powers),
        (_("Certified by a notary"), _("yes") if papers.notarised else _("no")),
        (_("Valid until"), day(papers.valid_until) if papers.valid_until else _("no end named")),
        (_("On file since"), moment(papers.on_file_since)),
    ]
    if papers.kind == "heir":
        facts.append((_("Death certificate"), _("yes") if papers.certificate else _("no")))
    if not papers.for_this_subscriber:
        facts.append((_("Warning"), _("These papers are for another subscriber.")))
    return tuple(facts)


def _sheet(sheet: PaperSheet) -> tuple[str, str]:
    kinds = ", ".join(str(PAPERS[kind]) for kind in sheet.kinds.split() if kind in PAPERS)
    if sheet.arrived_at is None:
        return kinds, _("expected")
    return kinds, _("arrived on %(when)s") % {"when": moment(sheet.arrived_at)}


def _contact(contact: OnFile) -> tuple[str, str, bool]:
    return str(words.CONTACTS[contact.kind]), moment(contact.since), contact.counts


def _happened(code: str, reason: str) -> str:
    text = str(told.HAPPENED[code])
    why = REASONS.get(reason) or REJECTIONS.get(reason)
    return f"{text} ({why})" if why else text


def _seen(look: Reading) -> Dated:
    who = str(told.ROLES.get(look.role, look.role))
    why = str(told.LOOKED.get(look.reason, look.reason))
    return dated(f"{who} – {why}", look.at)
