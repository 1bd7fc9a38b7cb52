"""What could not be read of a card, and why, in plain English words; never with anything from the card."""

from __future__ import annotations

from lastcall.core.simcard.pin import PinState

from .linear import Records
from .status import Meaning
from .tree import Unreadable

_OFF = (Meaning.INACTIVE, Meaning.AGAINST_STATE)
_CLOSED = (Meaning.CLOSED, Meaning.WRONG, Meaning.BLOCKED)


class Notes:
    """They are gathered while reading; ``words``: what the file is called, as ``phone book``."""

    def __init__(self) -> None:
        self._closed: dict[str, None] = {}
        self._absent: dict[str, None] = {}
        self._there: set[str] = set()
        self._said: dict[str, None] = {}

    def there(self, words: str) -> None:
        """The card has it."""
        self._there.add(words)

    def trouble(self, words: str, why: Unreadable) -> None:
        """The file cannot be read."""
        if why.meaning is Meaning.ABSENT:
            self._absent[words] = None
            return
        self.there(words)
        if why.meaning in _CLOSED:
            self._closed[words] = None
        elif why.meaning in _OFF:
            self.say(f"{_start(words)}: it is switched off on the card.")
        else:
            self.say(f"{_start(words)}: it cannot be read, the card answers {why.sw:04X}.")

    def records(self, words: str, records: Records) -> None:
        """What is amiss with the records of a file."""
        self.there(words)
        if records.ended is not None and records.ended.meaning in _CLOSED:
            self._closed[words] = None
        elif records.ended is not None and not records.raw:
            self.trouble(words, records.ended)
        elif records.ended is not None:
            self.say(f"{_start(words)}: reading stopped where the card answered {records.ended.sw:04X}.")
        if records.failed:
            self.say(f"{_start(words)}: {_failures(records.failed)}")
        if records.cut:
            self.say(f"{_start(words)}: {_count(len(records.cut))} came cut short, from record {records.cut[0]} on.")
        if records.total < records.announced:
            self.say(f"{_start(words)}: the card announces {records.announced} records and has {records.total}.")

    def say(self, sentence: str) -> None:
        """Once, however often."""
        self._said[sentence] = None

    def all(self, pin: PinState, *, expected: tuple[str, ...]) -> tuple[str, ...]:
        """``expected``: what a card should have: it is said when it has not."""
        absent = [words for words in self._absent if words in expected and words not in self._there]
        missing = [f"The card has no {words}." for words in absent]
        return (*self._why_closed(pin), *self._said, *missing)

    def _why_closed(self, pin: PinState) -> tuple[str, ...]:
        if not self._closed:
            return ()
        closed = ", ".join(self._closed)
        if pin.dead and pin.blocked:
            return (f"Closed for good, because the PIN and the PUK are blocked: {closed}.",)
        if pin.blocked:
            return (f"Closed, because the PIN is blocked: {closed}. The PUK opens it.",)
        if pin.enabled is False:
            return (f"The card lets nobody read: {closed}.",)
        return (f"Closed by the PIN: {closed}.",)


def _failures(failed: dict[int, int]) -> str:
    first, sw = next(iter(failed.items()))
    if len(failed) == 1:
        return f"record {first} cannot be read, the card answers {sw:04X}."
    return f"{_count(len(failed))} cannot be read, the first is record {first} ({sw:04X})."


def _count(records: int) -> str:
    return "1 record" if records == 1 else f"{records} records"


def _start(words: str) -> str:
    return words[:1].upper() + words[1:]
