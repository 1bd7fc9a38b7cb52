"""Is it really the holder, or somebody whom the holder empowered, and is the declaration the legal act?"""

from __future__ import annotations

from datetime import datetime, timedelta

from lastcall.core.closing.case import Case
from lastcall.core.closing.checks.result import FAILED, PASSED, PERSON, Result
from lastcall.core.closing.facts import Bound, Facts
from lastcall.core.policies.policy import Policy


def proved_at(facts: Facts) -> datetime | None:
    """When identity was proved strongly enough for a cease (assurance A3), or None.

    In person with the original document; or the document's number matched and a one-time code came back.
    """
    return proof_of(facts.case)


def proof_of(case: Case) -> datetime | None:
    """As :func:`proved_at`, of a case alone."""
    if case.in_person_at is not None:
        return case.in_person_at
    if case.document_ok_at is not None and case.code_ok_at is not None:
        return max(case.document_ok_at, case.code_ok_at)
    return None


def is_still_valid(case: Case, policy: Policy, now: datetime) -> bool:
    """Whether a proof was given and has not grown old (policy ``identity.valid_days``)."""
    return _is_fresh(proof_of(case), policy, now)


def _is_fresh(at: datetime | None, policy: Policy, now: datetime) -> bool:
    return at is not None and now - at <= timedelta(days=policy.identity_valid_days)


def photo_matched(case: Case, policy: Policy, now: datetime) -> bool:
    """Whether a photo of the document matched, not too long ago (policy ``identity.valid_days``)."""
    return case.photo == "matched" and _is_fresh(case.photo_ok_at, policy, now)


def identity(facts: Facts, bound: Bound) -> Result:
    """The holder's identity against this very agreement (policies ``identity.valid_days``, ``identity.photo``,
    ``review.on_remote_identity``)."""
    case = facts.case
    # A stronger factor that failed is never followed by a weaker one.
    if case.photo == "differs" and case.in_person_at is None:
        return Result("identity", FAILED, "photo_differs")
    if case.is_locked(facts.now) and case.in_person_at is None:
        return Result("identity", FAILED, "identity_locked")
    if proved_at(facts) is None:
        return Result("identity", FAILED, "identity_missing")
    if not is_still_valid(case, facts.policy, facts.now):
        return Result("identity", FAILED, "identity_expired")
    return Result("identity", PASSED) if case.in_person_at is not None else _from_afar(facts)


def _from_afar(facts: Facts) -> Result:
    """Document and code are proved; what a photo adds to them."""
    case, policy = facts.case, facts.policy
    if case.photo == "reading":
        return Result("identity", FAILED, "photo_reading")
    if photo_matched(case, policy, facts.now):
        return Result("identity", PASSED)
    if case.photo == "unclear":
        return Result("identity", PERSON, "photo_unclear")
    if policy.identity_photo == "needed":
        return Result("identity", FAILED, "photo_missing")
    if policy.review_on_remote_identity:
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
