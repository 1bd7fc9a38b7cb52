"""The words of the case file: what is compared, how it came out, the checks, papers and contacts."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lastcall.doors.desk.presenters.trouble import register

Words = str | Promise

SIDES: Final[dict[str, Words]] = {
    "number": _("Number"),
    "declarant": _("Who declares"),
    "document": _("Identity document"),
    "code": _("One-time code"),
    "original": _("Original seen in a shop"),
    "photo": _("Photo of the document"),
    "sim": _("SIM"),
    "signature": _("Signature"),
    "contact": _("Contact for the receipt"),
    "language": _("Language"),
}
OUTCOMES: Final[dict[str, tuple[Words, str]]] = {
    "agrees": (_("agrees"), "good"),
    "differs": (_("differs"), "stop"),
    "not_given": (_("not given"), ""),
    "unclear": (_("not certain"), "act"),
}
"""Outcome -> word and tone."""
DOCUMENTS: Final[dict[str, Words]] = {
    "foreign_passport": _("Passport of another country"),
    "ru_passport": _("Russian passport"),
    "residence_permit": _("Residence permit"),
    "refugee_certificate": _("Refugee certificate"),
    "other": _("Another document"),
}
CONTACTS: Final[dict[str, Words]] = {
    "sms": _("text message"),
    "mail": _("e-mail"),
    "line": _("the line itself"),
}
SIMS: Final[dict[str, Words]] = {"card": _("card"), "esim": "eSIM"}
CHANGES: Final[dict[str, Words]] = {
    "sim": _("SIM changed"),
    "contact": _("Contact changed"),
    "title": _("Line taken over"),
}
CHECKS: Final[dict[str, Words]] = {
    "line_known": _("The line"),
    "line_open": _("The line"),
    "identity": _("Identity"),
    "mandate": _("Power to act"),
    "declared_act": _("The legal act"),
    "services_paid": _("Payment"),
    "terms": _("Terms of leaving"),
    "sim_custody": _("SIM"),
    "sim_pin": _("PIN of the SIM"),
    "locks": _("Locks and stops"),
    "port_out": _("Moving to another operator"),
    "recent_change": _("Changes shortly before"),
    "notice_contact": _("Contact for notices"),
    "dependents": _("Lines that hang on it"),
    "asked": _("What we asked for"),
    "sample": _("Sample"),
}
RESULTS: Final[dict[str, tuple[Words, str]]] = {
    "passed": (_("passed"), "good"),
    "failed": (_("waits for the subscriber"), "act"),
    "person": (_("a person decides"), "act"),
    "ended": (_("ended otherwise"), "stop"),
}
REPRESENTATIVES: Final[dict[str, Words]] = {"power_of_attorney": _("Power of attorney"), "heir": _("Heir")}
POWERS: Final[dict[str, Words]] = {
    "close": _("close the line"),
    "money": _("receive money"),
    "reactivate": _("have the number back"),
}

register({"not_a_reviewer": _("Only reviewers look at a photo.")})
