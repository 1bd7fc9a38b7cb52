"""The lists to choose from, and what was chosen: nothing about a person, so it may stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lastcall.core import clock
from lastcall.core.kit.choices import REASONS, SITUATIONS
from lastcall.core.kit.labels import REASONS as REASON_WORDS
from lastcall.core.kit.labels import SITUATIONS as SITUATION_WORDS
from lastcall.core.kit.operators import OTHER, operators, pack_of
from lastcall.doors.screens.reader import SWITCH, TAGS
from lastcall.doors.screens.wording import language_of
from lastcall.doors.screens.wording import spoken as in_words


@dataclass(frozen=True, slots=True)
class Choice:
    """For what a kit is made. Its language is the page's."""

    operator: str
    reason: str
    situation: str

    def query(self) -> dict[str, str]:
        """As it stands in an address."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list; ``lang``: of its script where that is not the page's."""

    value: str
    label: str | Promise
    lang: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class List:
    """One question. ``missing``: its answer was sent and is none."""

    name: str
    label: str
    options: tuple[Option, ...]

    @property
    def missing(self) -> bool:
        return not any(option.chosen for option in self.options)


def chosen(query: Mapping[str, str]) -> Choice | None:
    """The choice in an address; None where a part of it is absent or unknown."""
    operator, reason, situation = (query.get(name, "") for name in ("operator", "reason", "situation"))
    if operator in operators() and reason in REASONS and situation in SITUATIONS:
        return Choice(operator, reason, situation)
    return None


def lists(query: Mapping[str, str], *, language: str) -> tuple[List, ...]:
    """Operator, language, reason, situation; what ``query`` names is chosen."""
    names = {name: _operator(name, language) for name in operators()}
    tongues = [Option(code, name, TAGS[code], code == language) for code, name in settings.LANGUAGES]
    return (
        List("operator", _("Whose line is it?"), _options(names, query.get("operator", ""), language)),
        List(SWITCH, _("In which language?"), tuple(tongues)),
        List("reason", _("Why do you leave?"), _options(REASON_WORDS, query.get("reason", ""), language)),
        List(
            "situation", _("What is your situation?"), _options(SITUATION_WORDS, query.get("situation", ""), language)
        ),
    )


def _options(words: Mapping[str, str | Promise], given: str, language: str) -> tuple[Option, ...]:
    return tuple(Option(value, label, _script(str(label), language), value == given) for value, label in words.items())


def _script(label: str, language: str) -> str:
    found = language_of(label)
    return found if found != language else ""


def _operator(name: str, language: str) -> str:
    if name == OTHER:
        return _("Another operator")
    pack = pack_of(name, on=timezone.localdate(clock.now()))
    return in_words(pack.entry("operator.name").value, language)
