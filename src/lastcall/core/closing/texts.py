"""The words that go with the codes: remedies, rejections, notices. English here, translated in ``locale/``.

Dates and amounts are filled in the reader's form. No notice asks for a code, a password or a login, and none holds a link
that does: our messages must never look like the frauds they warn of.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils import formats, timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REMEDIES: Final[dict[str, str | Promise]] = {
    "line_not_known": _(
        "We have no open line on this number under your declaration. Check the number, or come with your document."
    ),
    "line_already_ended": _("This line has already ended. Nothing more is to be done."),
    "identity_missing": _(
        "Show who you are: give the number of your document and the code we send to a contact on file, or come to a shop."
    ),
    "identity_expired": _("Your proof of identity is too old. Please give it once more."),
    "identity_locked": _("Too many wrong answers. Please come to a shop with your original document."),
    "remote_identity": _("A member of our staff looks at your proof of identity. You need not do anything."),
    "photo_missing": _("Give a photo of your document's page with your picture."),
    "photo_reading": _("We are reading your photo. You need not do anything."),
    "photo_unclear": _("The photo could not be read for certain. A member of our staff looks at it."),
    "photo_differs": _(
        "The photo does not agree with the agreement. Please come to a shop with your original document."
    ),
    "papers_missing": _("Bring or send the papers that let you act for the holder."),
    "papers_not_for_closing": _("The papers do not name the power to close the line, or have run out."),
    "papers_not_notarised": _("The power of attorney must be certified by a notary."),
    "death_certificate_missing": _("Bring the original death certificate."),
    "representative": _("A member of our staff looks at the papers. You need not do anything."),
    "sampled": _(
        "Some declarations are drawn by lot, and a member of our staff looks at them. You need not do anything."
    ),
    "asked_photo": _("Give another photo of your document: sharp, in good light, the whole page with your picture."),
    "asked_in_person": _("Come to a shop with your original document."),
    "asked_papers": _("Send the papers of whoever acts for the holder by post once more, or bring them to a shop."),
    "asked_signature": _("Sign the statement and send it by post, or sign it in a shop."),
    "act_not_completed": _("Your declaration is registered. Complete it by signature or in person."),
    "balance_unknown": _("We are asking for your balance. You need not do anything."),
    "arrears": _("Pay %(amount)s for services already rendered. Then the closing goes on by itself."),
    "fees_apply": _("Leaving costs a fee under your agreement: see the preview of the final bill."),
    "sim_undecided": _("Say what becomes of the SIM: you keep it, you hand it in, or it is destroyed."),
    "sim_pin_on": _("Take the PIN off the SIM before you hand it in."),
    "frozen": _("Somebody said that this was not them. A member of our staff will ask the holder."),
    "legal_hold": _("A court or authority forbids closing this line for now."),
    "line_locked": _("The line lock is on. Take it off first, in a shop with your document."),
    "open_port_out": _("This number is moving to another operator. Wait for that, or call it off first."),
    "recent_sim_change": _("The SIM was changed a short time ago. A member of our staff looks at it."),
    "recent_contact_change": _("A contact was changed a short time ago. A member of our staff looks at it."),
    "recent_title_change": _("The line was taken over a short time ago. A member of our staff looks at it."),
    "no_old_contact": _("We have no contact of yours that was on file long enough. Please come to a shop."),
    "lines_depend": _("Other lines are paid through this one. Close or move them first."),
    "over_limit": _("You have reached the limit of numbers in one name."),
    "self_ban": _("You have forbidden new agreements in your name. Lift that first."),
    "not_completed_in_time": _("Something was still missing when the time was over."),
}

REJECTIONS: Final[dict[str, str | Promise]] = {
    "identity_not_confirmed": _("We could not confirm that the declaration came from the holder."),
    "papers_not_accepted": _("The papers could not be accepted."),
    "not_the_holder": _("The holder told us that the declaration was not theirs."),
    "suspected_fraud": _("There are signs of fraud. The line stays as it is."),
    "line_already_ended": _("This line has already ended. Nothing more is to be done."),
}

NOTICES: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "receipt": (
        _("Receipt: your declaration was received"),
        _(
            "Received on %(received_at)s: the declaration that the line %(number)s shall end. "
            "Reference: %(reference)s. Secret: %(secret)s. "
            "Keep both: with them you follow the closing on our site or take it back. "
            "If you declared nothing, somebody mistyped their address: "
            "nothing is closed by this message, and you need not do anything."
        ),
    ),
    "declared": (
        _("Somebody declared that your line shall end"),
        _(
            "On %(received_at)s somebody declared that the line %(number)s shall end. Nothing ends before the holder has shown who "
            "they are. Was this not you? Say so on our site, on the page 'This was not me', with the word %(stop_word)s, "
            "or in a shop or by phone: the closing stops at once. Our staff never ask you to tell a code or a password."
        ),
    ),
    "accepted": (
        _("Your line will be closed"),
        _(
            "The closing of the line %(number)s was accepted. The line ends on %(hold_until)s. Until then you can take it back. "
            "Was this not you? Say so on our site, on the page 'This was not me', with the word %(stop_word)s, "
            "or in a shop or by phone: the closing stops at once. Our staff never ask you to tell a code or a password."
        ),
    ),
    "cease_tomorrow": (
        _("Your line ends tomorrow"),
        _(
            "The line %(number)s ends on %(hold_until)s. Until then you can take it back. Was this not you? Say so on our site, "
            "on the page 'This was not me', with the word %(stop_word)s, or in a shop or by phone."
        ),
    ),
    "withdrawn": (
        _("Your line stays"),
        _(
            "The declaration that the line %(number)s shall end was taken back. Nothing was closed, and nothing more is to be done."
        ),
    ),
    "ceased": (
        _("Your line is closed"),
        _(
            "The line %(number)s ended on %(confirmed_at)s. Refund: %(refund)s. Still to pay: %(owed)s. "
            "For a time only you can have the number back; then it rests, and later somebody else may get it. "
            "Take it off your bank, state services, messengers and mail now."
        ),
    ),
    "asked": (
        _("We need something more to close your line"),
        _(
            "The closing of the line %(number)s waits for you until %(answer_until)s. %(asked)s "
            "Our staff never ask you to tell a code or a password."
        ),
    ),
    "rejected": (
        _("Your line was not closed"),
        _("The declaration that the line %(number)s shall end was not accepted. %(rejected)s The line stays as it is."),
    ),
    "file_opened": (
        _("Your file was opened in an emergency"),
        _(
            "On %(opened_at)s a member of our staff opened the file of the closing of the line %(number)s by the emergency "
            "procedure, with the consent of a second person. The reason is on your case page. We look at each such case "
            "afterwards. Our staff never ask you to tell a code or a password."
        ),
    ),
    "code": (
        _("Code to close a line"),
        _(
            "%(code)s is the code to close the line %(number)s. Whoever has it can close the line. "
            "Tell it to nobody, not even to us."
        ),
    ),
    "code_aloud": (
        _("Code for your call to our hotline"),
        _(
            "%(code)s is the code for the call about the line %(number)s that you yourself made to our hotline. "
            "Say it on that call only: with it the line can be closed. "
            "Did somebody call you? Then hang up, and tell it to nobody."
        ),
    ),
    "case_link": (
        _("The page of your closing"),
        _(
            "The page of the closing of the line %(number)s, as you asked on the phone: %(link)s "
            "It is for you alone. If you asked for nothing, tell us."
        ),
    ),
}

# Zones whose abbreviation readers write in their own script; any other is shown as the zone database has it.
_ZONES: Final[dict[str, str | Promise]] = {"MSK": _("MSK")}


def notice(template: str, *, language: str, facts: dict[str, Any]) -> tuple[str, str]:
    """Subject and text of a notice in ``language``, with ``facts`` in the reader's form."""
    with translation.override(language):
        subject, text = NOTICES[template]
        return str(subject), str(text) % _readable(facts)


def remedy(reason: str, *, language: str, details: dict[str, Any] | None = None) -> str:
    """What to do about ``reason``, in ``language``; empty for a reason that needs none."""
    if reason not in REMEDIES:
        return ""
    with translation.override(language):
        return str(REMEDIES[reason]) % _readable(details or {}, defaults={"amount": ""})


def money(minor: int, currency: str) -> str:
    """Minor units in the form of the language in force: ``1 234,50 ₽``."""
    sign = {"RUB": "₽", "USD": "$", "EUR": "€"}.get(currency, currency)
    # Two decimals by integer arithmetic: money never passes through a float.
    whole, rest = divmod(abs(minor), 100)
    amount = f"{formats.number_format(whole, force_grouping=True)}{formats.get_format('DECIMAL_SEPARATOR')}{rest:02d}"
    return f"{'−' if minor < 0 else ''}{amount}\u00a0{sign}"


def moment(value: datetime) -> str:
    """Day and time with the zone, in the form of the language in force."""
    local = timezone.localtime(value)
    zone = _ZONES.get(local.tzname() or "", local.tzname())
    return f"{formats.date_format(local, 'DATE_FORMAT')} {local:%H:%M} ({zone})"


def _readable(facts: dict[str, Any], defaults: dict[str, str] | None = None) -> dict[str, str]:
    filled: dict[str, str] = dict(defaults or {})
    currency = str(facts.get("currency", "RUB"))
    if bill := facts.get("bill"):
        filled |= {name: money(bill[name], bill["currency"]) for name in ("refund", "owed")}
    for name, value in facts.items():
        if name in {"hold_until", "confirmed_at", "received_at", "answer_until", "opened_at"}:
            filled[name] = moment(datetime.fromisoformat(value))
        elif name == "amount":
            filled[name] = money(int(value), currency)
        elif name == "asked":
            filled[name] = str(REMEDIES[f"asked_{value}"])
        elif name == "rejected":
            filled[name] = str(REJECTIONS[value])
        elif name != "bill":
            filled[name] = str(value)
    return filled
