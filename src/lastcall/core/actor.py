"""Who acts: a role with a name, and the door they came through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HOLDER: Final = "holder"
REPRESENTATIVE: Final = "representative"
STRANGER: Final = "stranger"
CLERK: Final = "clerk"
AGENT: Final = "agent"
REVIEWER: Final = "reviewer"
NUMBER_MANAGER: Final = "number_manager"
AUDITOR: Final = "auditor"
ADMINISTRATOR: Final = "administrator"
SYSTEM: Final = "system"

ROLES: Final = (
    HOLDER,
    REPRESENTATIVE,
    STRANGER,
    CLERK,
    AGENT,
    REVIEWER,
    NUMBER_MANAGER,
    AUDITOR,
    ADMINISTRATOR,
    SYSTEM,
)
DOORS: Final = ("store", "portal", "hotline", "text", "post", "api", "command", "system")
DESK: Final = "desk"
"""Where staff works behind the doors; no declaration comes in there."""


@dataclass(frozen=True, slots=True)
class Actor:
    """``role``: one of :data:`ROLES`; ``name``: a staff login or ``-``; ``door``: one of :data:`DOORS`,
    or :data:`DESK`."""

    role: str
    name: str
    door: str

    def __str__(self) -> str:
        return f"{self.role}:{self.name}"

    @property
    def is_staff(self) -> bool:
        return self.role in {CLERK, AGENT, REVIEWER, NUMBER_MANAGER, AUDITOR, ADMINISTRATOR}


WORKER: Final = Actor(SYSTEM, "worker", "system")
