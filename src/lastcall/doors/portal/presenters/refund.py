"""The ways of a refund, in words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lastcall.core.policies.policy import Policy
from lastcall.doors.portal.forms.choices import Option

NO_METHOD: Final = _("Choose where the refund shall go.")
_WORDS: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "bank_account": (
        _("To a bank account in your name"),
        _(
            "Our staff ask for the account when the refund is due, in a shop or in a call that you booked, never by message."
        ),
    ),
    "same_operator_number": (_("To another line of yours with us"), _("It is added to the balance of that line.")),
    "cash_in_store": (_("In cash, in a shop"), _("Bring your document.")),
}


def methods(policy: Policy) -> tuple[Option, ...]:
    """The ways of the policy (``refund.methods``), to choose from."""
    return tuple(Option(method, *_WORDS.get(method, (method, ""))) for method in policy.refund_methods)


def method_in_words(method: str) -> str:
    """One way, in words; empty while none is chosen."""
    return str(_WORDS.get(method, (method, ""))[0])
