"""What happens next with a case: one pure decision from the facts and the results of the checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lastcall.core.closing.checks import ENDED, FAILED, PERSON, Result
from lastcall.core.closing.checks.identity import proved_at
from lastcall.core.closing.facts import Facts
from lastcall.core.closing.hold import hold_until

_PAPERS = frozenset({"papers_missing", "papers_not_for_closing", "papers_not_notarised", "death_certificate_missing",
                     "act_not_completed", "asked_papers", "asked_signature"})  # fmt: skip

_NOT_THEIRS = frozenset({"legal_hold", "open_port_out", "balance_unknown", "photo_reading"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """``action``: what the case does next from ``checking`` (``reject``, ``lapse``, ``wait``, ``refer``, ``hold``, ``cease``)."""

    action: str
    reason: str
    results: tuple[Result, ...]
    hold_until: datetime | None = None

    def awaits(self, flag: str) -> bool:
        """Whether the subscriber still owes ``papers``, ``payment`` or ``sim``."""
        failed = {result.reason for result in self.results if result.outcome == FAILED}
        wanted = {"papers": _PAPERS, "payment": {"arrears"}, "sim": {"sim_undecided", "sim_pin_on"}}[flag]
        return bool(failed & wanted)


def judge(facts: Facts, results: Sequence[Result]) -> Verdict:
    """The verdict. An end elsewhere beats all; then time; then what the subscriber must mend; then what a person must see.

    An end elsewhere is told only to those who proved who they are: else a stranger's case would tell a line from a free number.
    """
    kept = tuple(results)
    ended = _reasons(kept, ENDED) if proved_at(facts) is not None else []
    for action, found in (("reject", ended), ("lapse", _lapsed(facts, kept)), ("wait", _reasons(kept, FAILED)),
                          ("refer", _unapproved(facts, kept))):  # fmt: skip
        if found:
            return Verdict(action, found[0], kept)
    assert facts.bound is not None
    until = hold_until(facts, facts.bound)
    accepted = facts.case.hold_until is not None
    return Verdict("cease" if accepted and until <= facts.now else "hold", "", kept, until)


def _reasons(results: tuple[Result, ...], outcome: str) -> list[str]:
    return [result.reason for result in results if result.outcome == outcome]


def _lapsed(facts: Facts, results: tuple[Result, ...]) -> list[str]:
    return ["not_completed_in_time"] if owed_by_subscriber(results) and facts.now >= facts.case.lapse_at else []


def owed_by_subscriber(results: Sequence[Result]) -> bool:
    """Whether something is missing that the subscriber can give: a case that waits only for others never lapses.

    A proof of identity that grew old while others kept the case waiting is asked for again once they are done.
    """
    failed = {result.reason for result in results if result.outcome == FAILED}
    return bool(failed - _NOT_THEIRS - ({"identity_expired"} if failed & _NOT_THEIRS else set()))


def _unapproved(facts: Facts, results: tuple[Result, ...]) -> list[str]:
    approved = facts.case.approved_reasons.split()
    # No approval reaches over a freeze: it is lifted, or it holds.
    return [reason for reason in _reasons(results, PERSON) if reason == "frozen" or reason not in approved]
