"""Is anything locked, open elsewhere, or suspicious?"""

from __future__ import annotations

from datetime import datetime, timedelta

from lastcall.core.closing.case import Case
from lastcall.core.closing.checks.result import ENDED, FAILED, PASSED, PERSON, Result
from lastcall.core.closing.facts import Bound, Facts
from lastcall.core.policies.policy import Policy
from lastcall.core.subscribers.subscriber import Contact


def line_open(facts: Facts, bound: Bound) -> Result:
    """The line still is: it was not ported out or closed otherwise meanwhile."""
    if bound.line.closed_at is not None or bound.tenure.until is not None:
        return Result("line_open", ENDED, "line_already_ended")
    return Result("line_open", PASSED)


def locks(facts: Facts, bound: Bound) -> Result:
    """No freeze ("this was not me"), no line lock, no legal hold."""
    if facts.case.frozen_at is not None:
        return Result("locks", PERSON, "frozen")
    if bound.line.legal_hold_at is not None:
        return Result("locks", FAILED, "legal_hold")
    if bound.line.locked_at is not None:
        return Result("locks", FAILED, "line_locked")
    return Result("locks", PASSED)


def port_out(facts: Facts, bound: Bound) -> Result:
    """No open port-out: the donor serves until the transfer (126-FZ as amended by 314-FZ of 25.11.2013)."""
    if bound.line.port_out_at is not None:
        return Result("port_out", FAILED, "open_port_out")
    return Result("port_out", PASSED)


def recent_changes(facts: Facts, bound: Bound) -> dict[str, datetime]:
    """Changes of SIM, contact and title that are younger than policy ``hold.days_after_change`` at the declaration."""
    since = facts.case.declared_at - timedelta(days=facts.policy.hold_days_after_change)
    changes = {
        "sim": bound.line.sim_since,
        "contact": bound.subscriber.contact_changed_at,
        "title": bound.line.title_changed_at,
    }
    return {name: at for name, at in changes.items() if at is not None and at > since}


def recent_change(facts: Facts, bound: Bound) -> Result:
    """No SIM, contact or title change shortly before (policy ``review.on_recent_change``)."""
    changed = recent_changes(facts, bound)
    if changed and facts.policy.review_on_recent_change:
        return Result("recent_change", PERSON, f"recent_{sorted(changed)[0]}_change")
    return Result("recent_change", PASSED)


def old_contacts(facts: Facts, bound: Bound) -> tuple[Contact, ...]:
    """The contacts on file long enough before the declaration to count (policy ``notice.contact_age_days``)."""
    return tuple(contact for contact in bound.contacts if was_on_file(contact, facts.case, facts.policy))


def was_on_file(contact: Contact, case: Case, policy: Policy) -> bool:
    """Whether the contact was on file so long before the declaration that a notice to it counts."""
    return contact.on_file_since <= case.declared_at - timedelta(days=policy.notice_contact_age_days)


def notice_contact(facts: Facts, bound: Bound) -> Result:
    """At least one contact can be told that was on file before: the one typed in the declaration is never the only one."""
    if old_contacts(facts, bound):
        return Result("notice_contact", PASSED)
    return Result("notice_contact", FAILED, "no_old_contact")


def dependents(facts: Facts, bound: Bound) -> Result:
    """No sister line hangs on this one's bundle."""
    if bound.dependents:
        return Result("dependents", FAILED, "lines_depend", {"lines": bound.dependents})
    return Result("dependents", PASSED)
