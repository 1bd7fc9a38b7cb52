"""What the commands share that look at a card in a reader: choosing the reader, tracing, and asking for the PIN."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from lastcall.core.errors import BadInput, ElementTrouble, Refused
from lastcall.core.ports import ReaderName, SimCard, SimReaders
from lastcall.core.simcard.pin import PinState, check_pin, check_puk, refuse_last_try
from lastcall.elements.simcard import make_readers
from lastcall.site.output import hidden, secret_from

F = TypeVar("F", bound=Callable[..., Any])

STANDARD_ERROR = "-"
trace_option = click.option(
    "--trace", metavar="[FILE]", is_flag=False, flag_value=STANDARD_ERROR,
    help="Note every exchange with the card, secrets masked; without FILE on standard error.",
)  # fmt: skip
_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)


@dataclass(frozen=True, slots=True)
class Place:
    """``reader``: its number, or None for the only one with a card; ``deck``: simulated cards instead of readers; ``trace``: the
    file for what is said to the card, ``-`` for standard error, or None."""

    reader: int | None
    deck: str | None
    trace: str | None

    @property
    def spec(self) -> str:
        """As :func:`make_readers` takes it."""
        return f"simulated:{self.deck}" if self.deck else os.environ.get("LASTCALL_SIM_READERS", "pcsc")


class WhichReader(BadInput):
    """Several readers have a card. ``problems``: the readers, for the person who chooses."""

    code = "which_reader"

    def __init__(self, names: tuple[ReaderName, ...]) -> None:
        super().__init__("several readers have a card", remedy="Choose one with --reader N.")
        self.problems = tuple(f"{name.number}: {name.name}" for name in names if name.card)


def at_reader(command: F) -> F:
    """Options for where to look: ``--simulated``, ``--trace``; the command gets ``place``."""
    return _placed(command, reader=False)


def at_card(command: F) -> F:
    """Options of :func:`at_reader` and ``--reader``."""
    return _placed(command, reader=True)


def _placed(command: F, *, reader: bool) -> F:
    @wraps(command)
    def with_place(**given: Any) -> Any:
        place = Place(given.pop("reader", None), given.pop("deck"), given.pop("trace"))
        return command(place=place, **given)

    options = [
        click.option("--simulated", "deck", metavar="DECK", help="Simulated cards (several: with commas), no reader."),
        trace_option,
    ]
    if reader:
        options.append(click.option("--reader", type=click.IntRange(min=1), metavar="N", help="As 'readers' counts."))
    made: Any = with_place
    for option in options:
        made = option(made)
    return made  # type: ignore[no-any-return]


def pin_options(command: F) -> F:
    """Options ``--pin-file`` and ``--last-try``."""
    pin_file = click.option("--pin-file", type=_FILE, help="Holds the PIN ('-': standard input); else it is asked for.")
    last_try = click.option("--last-try", is_flag=True, help="Try even if a wrong PIN or PUK would block the card.")
    return pin_file(last_try(command))


def file_option(name: str, text: str) -> Callable[[F], F]:
    """An option that names a file with a secret word."""
    return click.option(name, type=_FILE, help=text)


@contextmanager
def readers_at(place: Place) -> Iterator[SimReaders]:
    """The readers, traced where that is asked for."""
    with traced(place.trace) as out:
        yield make_readers(place.spec, trace=out)


@contextmanager
def card_at(place: Place) -> Iterator[SimCard]:
    """The card, let go at the end. Raises as :meth:`SimReaders.open`, naming the readers where one must be chosen."""
    with readers_at(place) as readers:
        card = _opened(readers, place.reader)
        try:
            yield card
        finally:
            with suppress(ElementTrouble):  # pulled out: there is nothing to let go
                card.close()


def _opened(readers: SimReaders, number: int | None) -> SimCard:
    try:
        return readers.open(number)
    except BadInput as trouble:
        if trouble.code != WhichReader.code:
            raise
        raise WhichReader(readers.names()) from None


def traced(where: str | None) -> AbstractContextManager[TextIO | None]:
    """What is written to when a card is traced: a file of the caller's own, ``-`` for standard error, or None for nothing."""
    if where is None:
        return nullcontext(None)
    return nullcontext(sys.stderr) if where == STANDARD_ERROR else _private(Path(where))


@contextmanager
def _private(path: Path) -> Iterator[TextIO]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", buffering=1) as file:
        path.chmod(0o600)  # one that was there already keeps its mode else
        yield file


def unlock(card: SimCard, *, pin_file: str | None, last_try: bool) -> None:
    """Open what the PIN closes; asks nothing of a card whose PIN is off.

    Raises ``Refused`` as :func:`stop_in_time` and :meth:`SimCard.verify`, ``BadInput`` (``bad_pin``).
    """
    state = card.pin()
    if state.enabled is False:
        return
    stop_in_time(state, act="verify", last_try=last_try)
    pin = ask_pin(state, pin_file)
    with counted(card):
        card.verify(pin)


def stop_in_time(state: PinState, *, act: str, last_try: bool) -> None:
    """:func:`refuse_last_try`, which then names the option for those who want it all the same."""
    try:
        refuse_last_try(state, act=act, last_try=last_try)
    except Refused as refused:
        if refused.code not in {"last_try", "tries_unknown"}:
            raise
        remedy = f"{refused.remedy} Or add --last-try."
        raise Refused(refused.message, code=refused.code, remedy=remedy) from None


def ask_pin(state: PinState, file: str | None) -> str:
    """The PIN from ``file`` or a prompt, which says first how many tries are left. Raises ``BadInput`` (``bad_pin``)."""
    return check_pin(_asked("PIN", state.tries, file))


def ask_puk(state: PinState, file: str | None) -> str:
    """The PUK, likewise. Raises ``BadInput`` (``bad_puk``)."""
    return check_puk(_asked("PUK", state.puk_tries, file))


def ask_new_pin(file: str | None) -> str:
    """A new PIN, typed twice where it is typed. Raises ``BadInput`` (``bad_pin``)."""
    if file is not None:
        return check_pin(secret_from(file, prompt="New PIN"))
    return check_pin(hidden("New PIN", confirmation_prompt="The same once more"))


def _asked(word: str, left: int | None, file: str | None) -> str:
    if file is None:
        click.echo(f"The card asks for its {word}. {tries(left)}.", err=True)
    return secret_from(file, prompt=word)


def tries(left: int | None) -> str:
    """``3 tries are left``."""
    if left is None:
        return "The card does not say how many tries are left"
    return {0: "No try is left", 1: "One try is left"}.get(left, f"{left} tries are left")


@contextmanager
def counted(card: SimCard) -> Iterator[None]:
    """A refusal of the card says how many tries are left after it."""
    try:
        yield
    except Refused as refused:
        with suppress(ElementTrouble):  # pulled out just now: that a try is gone is said all the same
            raise Refused(refused.message, code=refused.code, remedy=_after(refused, card.pin())) from None
        raise


def _after(refused: Refused, state: PinState) -> str:
    if refused.code == "wrong_puk":
        return f"{tries(state.puk_tries)}. Look the PUK up before you try again."
    if refused.code == "wrong_pin":
        return f"{tries(state.tries)}. Look the PIN up before you try again."
    return refused.remedy
