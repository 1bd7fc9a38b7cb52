"""The words about relying parties: kinds, scopes, purposes, webhooks, alarms, corrections, and why something was refused."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lastcall.core.numbers.correction_row import REASONS
from lastcall.doors.desk.numbers.words import LIFE_REASONS
from lastcall.doors.desk.presenters.trouble import register

Words = str | Promise

CATEGORIES: Final[dict[str, Words]] = {
    "bank": _("Bank"),
    "app": _("App or online service"),
    "authority": _("Authority"),
    "operator": _("Telephone operator"),
    "other": _("Other"),
}
"""By the categories of :class:`~lastcall.core.relying.consumer.Consumer`."""

SCOPES: Final[dict[str, Words]] = {
    "number-recycling:check": _("Has the number changed hands"),
    "kyc-tenure:check-tenure": _("Has the holder had it since a day"),
    "subscription-status:retrive-subscription-status": _("Is the line in service"),
    "kyc-match:match": _("Do name and document agree"),
    "lookup:check": _("Full look-up, signed if asked for"),
    "lookup:batch": _("Many numbers at once"),
    "lookup:interests": _("Be told about numbers"),
    "lookup:feed": _("Read what was told"),
}
"""By the scopes of ``consumers.SCOPES``."""

PURPOSES: Final[dict[str, Words]] = {
    "dpv:FraudPreventionAndDetection": _("Preventing fraud"),
    "dpv:IdentityVerification": _("Checking who somebody is"),
    "dpv:IdentityAuthentication": _("Signing people in"),
    "dpv:LegalCompliance": _("Obeying the law"),
    "dpv:ServiceProvision": _("Giving a service"),
}
"""By purposes of the W3C Data Privacy Vocabulary."""

AGREEMENTS: Final[dict[str, Words]] = {
    "bulk": _("May hand in lists of numbers"),
    "told": _("Is told before numbers are re-issued"),
    "three_legged": _("Asks with the holder's consent"),
}
"""By the columns of a consumer."""

WEBHOOKS: Final[dict[str, tuple[Words, str]]] = {
    "unverified": (_("Not confirmed by the receiver yet"), "act"),
    "active": (_("In use"), "good"),
    "refused": (_("The receiver did not agree"), "stop"),
    "gone": (_("The receiver has gone"), "stop"),
}
"""State of a webhook -> words and how they are marked."""

CORRECTIONS: Final[dict[str, Words]] = {reason: LIFE_REASONS[reason] for reason in REASONS}
"""By the codes of :data:`lastcall.core.numbers.correction_row.REASONS`."""

TOLD: Final[dict[str, Words]] = {
    "ceased": _("The line was closed"),
    "reclaim_ended": _("The former holder can no longer have it back"),
    "release_soon": _("It may soon be somebody else's"),
    "reissued": _("Somebody else has it"),
    "returned": _("The former holder has it back"),
    "transferred": _("Another subscriber took it over"),
    "ported_out": _("It went to another operator"),
    "corrected": _("A closing was put right"),
    "rest_extended": _("It rests longer"),
}
"""By the kinds of :data:`lastcall.core.telling.kinds.KINDS`, of a number."""

SWEEPING: Final[dict[str, Words]] = {
    "equal_steps": _("It asks about one number after the other"),
    "mostly_not_found": _("It asks mostly about numbers that nobody ever held"),
    "far_above_usual": _("It asks about far more numbers than usual"),
}
"""By the reasons of :class:`lastcall.core.relying.sweeping.Sweep`."""

_REFUSED: Final[dict[str, Words]] = {
    "bad_consumer_name": _("Write the organisation's name: 2 to 80 signs, no phone number."),
    "name_taken": _("An organisation of this name was taken in before. Add what tells them apart."),
    "no_such_consumer": _("There is no such organisation, or its access has ended."),
    "bad_quota": _("Enter a whole number."),
    "no_such_alert": _("Somebody has looked into it already."),
    "not_ceased": _("Only a closing can be put right."),
    "not_given_back": _("The subscriber has not been given the number back. Do that first."),
    "corrected_already": _("It was put right already."),
}


def known() -> None:
    """Make the words for refusals known to the desk."""
    register(_REFUSED)
