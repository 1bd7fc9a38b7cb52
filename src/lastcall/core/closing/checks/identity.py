"""Is it really the holder, or somebody whom the holder empowered, and is the declaration the legal act?"""

from __future__ import annotations

from datetime import datetime, timedelta

from lastcall.core.closing.checks.result import FAILED, PASSED, PERSON, Result
from lastcall.core.closing.facts import Bound, Facts


def proved_at(facts: Facts) -> datetime | None:
    """When identity was proved strongly enough for a cease (assurance A3), or None.

    In person with the original document; or the document's number matched and a one-time code came back.
    """
    case = facts.case
    if case.in_person_at is not None:
        return case.in_person_at
    if case.document_ok_at is not None and case.code_ok_at is not None:
        return max(case.document_ok_at, case.code_ok_at)
    return None


def identity(facts: Facts, bound: Bound) -> Result:
    """The holder's identity against this very agreement (policies ``identity.valid_days``, ``review.on_remote_identity``)."""
    proved = proved_at(facts)
    if facts.case.identity_locked_at is not None and facts.case.in_person_at is None:
        # A stronger factor that failed is never followed by a weaker one.
        return Result("identity", FAILED, "identity_locked")
    if proved is None:
        return Result("identity", FAILED, "identity_missing")
    if facts.now - proved > timedelta(days=facts.policy.identity_valid_days):
        return Result("identity", FAILED, "identity_expired")
    if facts.case.in_person_at is None and facts.policy.review_on_remote_identity:
        return Result("identity", PERSON, "remote_identity")
    return Result("identity", PASSED)


def mandate(facts: Facts, bound: Bound) -> Result:
    """Whoever acts for the holder may close (policies ``poa.notarised``, ``review.on_representative``)."""
    if facts.case.declared_by != "representative":
        return Result("mandate", PASSED)
    papers = facts.representative
    if papers is None or papers.subscriber_id != bound.subscriber.id:
        return Result("mandate", FAILED, "papers_missing")
    if not papers.may("close", on=facts.now.date()):
        return Result("mandate", FAILED, "papers_not_for_closing")
    if papers.kind == "heir" and not papers.certificate_key:
        return Result("mandate", FAILED, "death_certificate_missing")
    if papers.kind == "power_of_attorney" and facts.policy.poa_notarised and not papers.notarised:
        return Result("mandate", FAILED, "papers_not_notarised")
    if facts.policy.review_on_representative:
        return Result("mandate", PERSON, "representative")
    return Result("mandate", PASSED)


def declared_act(facts: Facts, bound: Bound) -> Result:
    """The declaration is the legal act, or was completed by signature or in person (policy ``termination.act_doors``)."""
    case = facts.case
    if case.door in facts.policy.termination_act_doors or case.signed_at is not None or case.in_person_at is not None:
        return Result("declared_act", PASSED)
    return Result("declared_act", FAILED, "act_not_completed")
