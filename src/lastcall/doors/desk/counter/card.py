"""The visitor's card at the reader beside the window: asked for here, done there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lastcall.core.counter import calls
from lastcall.core.counter.ticket import Ticket
from lastcall.core.counter.visits import Visit
from lastcall.core.database import database
from lastcall.core.simcard import handlings, readers
from lastcall.doors.desk.acting import Me, attempt, desk
from lastcall.doors.desk.counter.queue import go
from lastcall.doors.desk.presenters.card import ReaderShown, handling_shown, readers_shown

RIGHT = "counter.work"


class CardForm(forms.Form):
    """At which reader, and what is to be done with the card."""

    reader = forms.TypedChoiceField(label=gettext_lazy("Card reader"), coerce=int)
    backup = forms.BooleanField(
        label=gettext_lazy("Save contacts and messages for the visitor"), required=False, initial=True
    )
    pin_off = forms.BooleanField(label=gettext_lazy("Take the PIN off"), required=False, initial=True)

    def __init__(self, *args: Any, paired: tuple[ReaderShown, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reader"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(reader.id, reader.name) for reader in paired]


def card_content(me: Me, found: Visit, sent: CardForm | None = None) -> dict[str, Any]:
    """What the visit's page shows of the card: the shop's readers, of which those are offered that give a sign, and what was
    asked for last."""
    paired = _paired(me)
    heard = tuple(reader for reader in paired if not reader.silent)
    last = database().transact(lambda rows: handlings.of_visit(rows, found.ticket.id))
    return {
        "card_form": (sent or CardForm(paired=heard)) if heard else None,
        "silent_readers": [reader for reader in paired if reader.silent],
        "handling": handling_shown(last, paired) if last is not None else None,
    }


def _paired(me: Me) -> tuple[ReaderShown, ...]:
    if me.shop is None:
        return ()
    return readers_shown(readers.of_shop(database(), shop_id=me.shop.id))


@desk(RIGHT)
def card(request: HttpRequest, me: Me, ticket_id: int) -> HttpResponse:
    """Ask a reader to do it, or call that off."""
    if request.method != "POST":
        return go("visit", ticket_id)
    ticket = calls.own_ticket(database(), ticket_id=ticket_id, actor=me.actor)
    if "cancel" in request.POST:
        handlings.cancel(database(), ticket_id=ticket_id, handling_id=_called_off(request), actor=me.actor)
        return go("visit", ticket_id)
    form = CardForm(request.POST, paired=_paired(me))
    asked = _ask(me, ticket, form) if form.is_valid() else None
    if asked is None:
        for words in {error for errors in form.errors.values() for error in errors}:
            messages.warning(request, str(words))
    else:
        messages.success(request, _("The reader is asked."))
    return go("visit", ticket_id)


def _called_off(request: HttpRequest) -> int:
    text = request.POST["cancel"]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0


def _ask(me: Me, ticket: Ticket, form: CardForm) -> object | None:
    given = form.cleaned_data
    return attempt(
        me, form, None,
        lambda: handlings.ask(
            database(), ticket_id=ticket.id, reader_id=given["reader"], backup=given["backup"], pin_off=given["pin_off"],
            actor=me.actor, language=ticket.language,
        ),
    )  # fmt: skip
