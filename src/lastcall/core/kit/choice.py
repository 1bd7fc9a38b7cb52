"""Lines of a kit as data: what is said, on which facts it rests, and for whom it is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lastcall.core.closing.letters.letter import Block, Heading, Item, Items, Value, Words, say
from lastcall.core.kit.choices import REASONS, SITUATIONS
from lastcall.core.kit.facts import Facts

ANY_REASON: Final = frozenset(REASONS)
ANY_SITUATION: Final = frozenset(SITUATIONS)


@dataclass(frozen=True, slots=True)
class Choice:
    """For whom the kit is made: ``reason`` and ``situation`` as in :mod:`lastcall.core.kit.choices`."""

    reason: str
    situation: str


def but(*left_out: str) -> frozenset[str]:
    """Every reason, or every situation, except these."""
    return (ANY_REASON if ANY_REASON.issuperset(left_out) else ANY_SITUATION) - set(left_out)


def only(*codes: str) -> frozenset[str]:
    """These reasons, or these situations."""
    return frozenset(codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """Something for some ``reasons`` and some ``situations``."""

    reasons: frozenset[str] = ANY_REASON
    situations: frozenset[str] = ANY_SITUATION

    def is_for(self, choice: Choice) -> bool:
        """Is it for this one?"""
        return choice.reason in self.reasons and choice.situation in self.situations


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Meant):
    """One thing to say.

    ``words``: None where the pack's own words under ``key`` are said. ``facts``: name in ``words`` -> key of the pack.
    ``rests_on``: keys that it follows from without showing them. ``when``: keys and the values that they must have; ``lacks``: keys
    that must be absent. A line whose facts the pack does not have is left out.
    """

    words: Words | None = field(default=None, kw_only=False)
    key: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    rests_on: tuple[str, ...] = ()
    when: Mapping[str, Any] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key of the pack that must be there."""
        return (*((self.key,) if self.key else ()), *self.facts.values(), *self.when, *self.rests_on)

    def holds(self, choice: Choice, facts: Facts) -> bool:
        """Is it to be said?"""
        return (
            self.is_for(choice)
            and all(facts.get(key) is not None for key in self.keys)
            and not any(facts.get(key) is not None for key in self.lacks)
            and facts.agree(self.when)
        )

    def told(self, facts: Facts) -> Value:
        """What is said, with doubt and sources."""
        if self.words is None:
            return facts.fact(self.key)
        filled = say(self.words, **{name: facts.form(key) for name, key in self.facts.items()})
        return facts.mark(filled, *self.keys)


def chosen(lines: Iterable[Line], choice: Choice, facts: Facts) -> tuple[Value, ...]:
    """What of ``lines`` is to be said, in order."""
    return tuple(line.told(facts) for line in lines if line.holds(choice, facts))


def listed(lines: Iterable[Line], choice: Choice, facts: Facts, *, mark: str = "dot") -> tuple[Items, ...]:
    """The same as a list; nothing when there is nothing to say."""
    items = tuple(Item(value) for value in chosen(lines, choice, facts))
    return (Items(items, mark=mark),) if items else ()


def section(
    title: Words, lines: Iterable[Line], choice: Choice, facts: Facts, *, mark: str = "dot"
) -> tuple[Block, ...]:
    """The same under a title; nothing when there is nothing to say."""
    found = listed(lines, choice, facts, mark=mark)
    return (Heading(say(title)), *found) if found else ()
