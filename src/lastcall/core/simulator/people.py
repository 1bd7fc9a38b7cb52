"""Who plays: three subscribers with their papers, three at work in any role, and a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lastcall.core.actor import AGENT, CLERK, HOLDER, NUMBER_MANAGER, REPRESENTATIVE, REVIEWER, STRANGER, Actor

DocumentShown = tuple[str, str, str]
"""Kind, issuer, number."""


@dataclass(frozen=True, slots=True)
class Script:
    """How a subscriber comes into the world."""

    key: str
    name: str
    citizenship: str
    language: str
    document: DocumentShown


SCRIPTS: Final = (
    Script("li_wei", "Li Wei", "CN", "zh-hans", ("foreign_passport", "CN", "E00000001")),
    Script("anna", "Anna Petrova", "RU", "ru", ("ru_passport", "RU", "0000000002")),
    Script("sergei", "Sergei Kuznetsov", "RU", "ru", ("ru_passport", "RU", "0000000003")),
)
STRANGERS_PAPERS: Final[DocumentShown] = ("ru_passport", "RU", "0000000009")
AGENTS_PAPERS: Final[DocumentShown] = ("ru_passport", "RU", "0000000007")
"""Of whoever acts for a subscriber."""

PAPERS: Final[dict[str, DocumentShown]] = {script.key: script.document for script in SCRIPTS} | {
    "stranger": STRANGERS_PAPERS,
    "representative": AGENTS_PAPERS,
}

ACTORS: Final[dict[str, Actor]] = {
    "holder": Actor(HOLDER, "-", "portal"),
    "representative": Actor(REPRESENTATIVE, "-", "portal"),
    "stranger": Actor(STRANGER, "-", "portal"),
    "olga": Actor(CLERK, "olga", "store"),
    "timur": Actor(AGENT, "timur", "hotline"),
    "irina": Actor(REVIEWER, "irina", "system"),
    "irina at the counter": Actor(CLERK, "irina", "store"),
    "olga as reviewer": Actor(REVIEWER, "olga", "system"),
    "timur as reviewer": Actor(REVIEWER, "timur", "system"),
    "nikolai": Actor(NUMBER_MANAGER, "nikolai", "system"),
    "nadia": Actor(NUMBER_MANAGER, "nadia", "system"),
    "olga in the number room": Actor(NUMBER_MANAGER, "olga", "system"),
}
STAFF: Final = ("olga", "timur", "irina at the counter")
NUMBER_ROOM: Final = ("nikolai", "nadia", "nikolai", "nadia", "olga in the number room", "irina", "stranger")
DECIDERS: Final = ("irina", "olga as reviewer", "timur as reviewer", "olga", "holder")


@dataclass(frozen=True, slots=True)
class Person:
    """A subscriber in the world: ids of their file, and of what can be reached."""

    key: str
    subscriber_id: int
    mail_id: int
    document: DocumentShown
    language: str
