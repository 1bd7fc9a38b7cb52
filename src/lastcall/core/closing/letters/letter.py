"""A letter before it is printed: facts and words apart, so that every language says the same.

A :class:`Letter` is a tree of blocks whose leaves are values: an amount, a moment, a number, or words with values in them.
No value knows a language; it takes its form only when :func:`in_language` shows it. So the columns of one letter can differ
in words and in the form of a date, never in the date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol, runtime_checkable

from django.utils import formats, timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.texts import moment, money
from lastcall.core.numbers.msisdn import format_msisdn

Words = str | Promise
LEGAL: Final = "ru"
"""The language whose text counts; every letter has it, unless it is for nobody but its reader."""


@runtime_checkable
class Value(Protocol):
    """Something that is printed, and the same thing in every language."""

    def shown(self) -> str:
        """Its form in the language in force."""


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of ``minor`` units of ``currency`` (ISO 4217)."""

    minor: int
    currency: str

    def shown(self) -> str:
        return money(self.minor, self.currency)


@dataclass(frozen=True, slots=True)
class Moment:
    """Day, hour and minute; ``exact``: also the second and the offset from UTC."""

    at: datetime
    exact: bool = False

    def shown(self) -> str:
        if not self.exact:
            return moment(self.at)
        local = timezone.localtime(self.at)
        offset = f"{local:%z}"
        zone = gettext(local.tzname() or "UTC")  # "MSK" has its translation beside ``moment``
        return f"{formats.date_format(local, 'DATE_FORMAT')} {local:%H:%M:%S} ({zone}, UTC{offset[:3]}:{offset[3:5]})"


@dataclass(frozen=True, slots=True)
class Day:
    """A day without an hour; of a moment, the day at the operator's place."""

    on: date

    def shown(self) -> str:
        day = timezone.localtime(self.on) if isinstance(self.on, datetime) else self.on
        return str(formats.date_format(day, "DATE_FORMAT"))


@dataclass(frozen=True, slots=True)
class Msisdn:
    """A number in full, for its holder's eye."""

    msisdn: int

    def shown(self) -> str:
        return format_msisdn(self.msisdn)


@dataclass(frozen=True, slots=True)
class Text:
    """The same signs in every language: a name, a reference, a phone number. Line breaks become spaces."""

    text: str

    def shown(self) -> str:
        return " ".join(self.text.split())


@dataclass(frozen=True, slots=True)
class Three:
    """Words that a pack holds in the three languages: ``by_language`` has the keys ``zh-hans``, ``ru`` and ``en``."""

    by_language: Mapping[str, str]

    def shown(self) -> str:
        return self.by_language[translation.get_language() or "en"]


@dataclass(frozen=True, slots=True)
class Count:
    """``n`` of something; ``words``: an ``ngettext_lazy`` whose number is ``n``."""

    words: Any
    n: int

    def shown(self) -> str:
        return str(self.words % {"n": self.n})


@dataclass(frozen=True, slots=True)
class Say:
    """Words with the values they hold."""

    words: Words
    values: tuple[tuple[str, Value], ...] = ()

    def shown(self) -> str:
        text = str(self.words)
        return text % {name: value.shown() for name, value in self.values} if self.values else text


@dataclass(frozen=True, slots=True)
class Unsure:
    """A value that the sources of the pack do not confirm."""

    value: Value

    def shown(self) -> str:
        mark = str(_("(not confirmed)"))
        return self.value.shown() + (
            mark if mark.startswith("（") else f" {mark}"
        )  # a full-width bracket has its own space


@dataclass(frozen=True, slots=True)
class Several:
    """Values in a row, with a sign between."""

    values: tuple[Value, ...]
    between: str = ", "

    def shown(self) -> str:
        return self.between.join(value.shown() for value in self.values)


@dataclass(frozen=True, slots=True)
class Heading:
    """Opens a section."""

    text: Value


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``tone``: ``plain``, ``strong`` (a frame around it) or ``small``."""

    text: Value
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of facts; ``weight``: ``plain``, ``strong``, or ``code`` for signs to be copied one by one."""

    label: Value
    value: Value
    weight: str = "plain"


@dataclass(frozen=True, slots=True)
class Rows:
    """Facts, label and value."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list; ``under``: what more there is to say of it, smaller."""

    text: Value
    under: Value | None = None
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list; ``mark``: ``dot``, ``number``, or ``box`` to be ticked by hand."""

    items: tuple[Item, ...]
    mark: str = "dot"


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of a bill; ``result``: a sum of the lines above it."""

    label: Value
    sum: Sum
    result: bool = False


@dataclass(frozen=True, slots=True)
class Amounts:
    """A bill."""

    lines: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """Something to be written in by hand, once for all languages."""

    label: Value


@dataclass(frozen=True, slots=True)
class Blanks:
    """Lines to be written on; ``beside``: next to each other, as date and signature are, by hand unless ``typed``."""

    blanks: tuple[Blank, ...]
    beside: bool = False
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Log:
    """Lines of a log, as they stand there."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Barcode:
    """``text`` as a two-dimensional code that a scanner reads; ``caption`` beside it."""

    text: str
    caption: Value


Block = Heading | Paragraph | Rows | Items | Amounts | Blanks | Log | Barcode


@dataclass(frozen=True, slots=True)
class Phone:
    """A way to ring us."""

    label: Value
    number: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """``language``: the reader's, ``ru``, ``zh-hans`` or ``en``; ``made_at``: the moment of which the letter speaks, aware.

    ``alone``: in the reader's language only, for what no office ever reads; ``large``: to be read at arm's length. ``whose``: of a
    letter that is signed, who signs it; each of its pages says so where it has more than one, and it is set in 10 pt.

    The same letter is the same file, byte for byte: nothing in it depends on when it is printed.
    """

    kind: str
    language: str
    made_at: datetime
    day: Value
    operator: Text
    brand: Value
    title: Value
    blocks: tuple[Block, ...]
    phones: tuple[Phone, ...]
    notes: tuple[Value, ...] = ()
    alone: bool = False
    large: bool = False
    whose: Value | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """The columns: the legal language, then the reader's where it is another; the reader's only, where it stands alone."""
        return (self.language,) if self.alone or self.language == LEGAL else (LEGAL, self.language)


def in_language(letter: Letter, language: str) -> dict[str, Any]:
    """The letter as nested texts in ``language``: each dataclass a dict with ``is`` (its name), each value a string."""
    with translation.override(language):
        shown: dict[str, Any] = _shown(letter)
    return shown


def _shown(thing: Any) -> Any:
    if (shown := getattr(thing, "shown", None)) is not None:  # a Value; asking a protocol takes ten times as long
        return shown()
    if isinstance(thing, tuple):
        return [_shown(each) for each in thing]
    if isinstance(thing, Letter | Item | Row | Amount | Blank | Phone | Block):
        return {"is": type(thing).__name__} | {
            field.name: _shown(getattr(thing, field.name)) for field in fields(thing)
        }
    return thing.isoformat() if isinstance(thing, datetime) else thing


def unsure_in(thing: Any) -> bool:
    """Whether any value in these blocks is marked as not confirmed."""
    if isinstance(thing, tuple):
        return any(map(unsure_in, thing))
    parts = fields(thing) if is_dataclass(thing) else ()
    return isinstance(thing, Unsure) or any(unsure_in(getattr(thing, part.name)) for part in parts)


def say(words: Words, **values: Value) -> Say:
    """``words`` whose ``%(name)s`` are filled by ``values``."""
    return Say(words, tuple(values.items()))
