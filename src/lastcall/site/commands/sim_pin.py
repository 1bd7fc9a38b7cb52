"""``lastcall sim pin``: how the PIN of a card stands, and every act on it."""

from __future__ import annotations

from collections.abc import Callable

import click
from rich.console import Console

from lastcall.core.errors import ElementTrouble, Refused
from lastcall.core.ports import SimCard
from lastcall.core.simcard.pin import ACTS, PinState
from lastcall.site.at_card import (
    Place,
    ask_new_pin,
    ask_pin,
    ask_puk,
    at_card,
    card_at,
    counted,
    file_option,
    pin_options,
    stop_in_time,
    tries,
)
from lastcall.site.card_shown import facts_table, fit, pin_facts, pin_rows
from lastcall.site.output import as_json, emit


@click.command()
@at_card
@click.option(
    "--act", type=click.Choice(("show", *ACTS)), default="show", show_default=True, help="What to do with it."
)
@pin_options
@file_option("--puk-file", "Holds the PUK, for 'unblock' ('-': standard input).")
@file_option("--new-pin-file", "Holds the new PIN, for 'change' and 'unblock' ('-': standard input).")
@as_json
def pin(
    place: Place, act: str, pin_file: str | None, last_try: bool, puk_file: str | None, new_pin_file: str | None,
    machine: bool,
) -> None:  # fmt: skip
    """Show how the PIN stands; try it, take it off, put it on, change it, or unblock it with the PUK."""
    with card_at(place) as card:
        state = card.pin()
        outcome = act if act == "show" else _already(state, act)
        if not outcome:
            stop_in_time(state, act=act, last_try=last_try)
            words = _ask(act, state, pin_file=pin_file, puk_file=puk_file, new_pin_file=new_pin_file)
            outcome = _done(card, act, words)
            state = card.pin()
            _look_again(state, act)
    document = {"act": act, "outcome": outcome, "pin": pin_facts(state)}
    emit(document, machine=machine, people=lambda out: _print_pin(out, outcome, state))


OUTCOMES = {
    "show": "",
    "verified": "The PIN is right.",
    "disabled": "The PIN is off: the card asks for nothing any more.",
    "enabled": "The PIN is on.",
    "changed": "The PIN is changed.",
    "unblocked": "The card is unblocked and has the new PIN.",
    "was_off": "The PIN was off already; nothing was done.",
    "was_on": "The PIN was on already; nothing was done.",
}
_DONE = {
    "verify": "verified",
    "disable": "disabled",
    "enable": "enabled",
    "change": "changed",
    "unblock": "unblocked",
}


def _already(state: PinState, act: str) -> str:
    """The outcome where nothing is to be done. Raises ``Refused`` (``pin_is_off``) where the card would refuse."""
    if state.enabled is False and act == "change":
        raise Refused("the PIN is off", code="pin_is_off", remedy="Put it on first: --act enable.")
    if state.enabled is False and act in {"verify", "disable"}:
        return "was_off"
    return "was_on" if state.enabled and act == "enable" else ""


def _ask(
    act: str, state: PinState, *, pin_file: str | None, puk_file: str | None, new_pin_file: str | None
) -> tuple[str, ...]:
    first = ask_puk(state, puk_file) if act == "unblock" else ask_pin(state, pin_file)
    return (first, ask_new_pin(new_pin_file)) if act in {"change", "unblock"} else (first,)


def _done(card: SimCard, act: str, words: tuple[str, ...]) -> str:
    acts: dict[str, Callable[..., None]] = {
        "verify": card.verify, "disable": card.disable, "enable": card.enable, "change": card.change, "unblock": card.unblock,
    }  # fmt: skip
    with counted(card):
        acts[act](*words)
    return _DONE[act]


def _look_again(state: PinState, act: str) -> None:
    """The card took it; this is whether it did it too."""
    wanted = {"disable": False, "enable": True}.get(act)
    if wanted is not None and state.enabled is (not wanted):
        raise ElementTrouble(
            f"the card took the PIN, but it is still {'on' if state.enabled else 'off'}", permanent=True, code="card_failed",
            remedy="Take the card out, put it in again, and look with 'lastcall sim pin'.",
        )  # fmt: skip


def _print_pin(out: Console, outcome: str, state: PinState) -> None:
    if outcome != "show":
        out.print(f"{OUTCOMES[outcome]} {tries(state.tries)}.", highlight=False)
        return
    shown = facts_table("The PIN of the card")
    for row in pin_rows(state):
        shown.add_row(*row)
    fit(out, shown)
