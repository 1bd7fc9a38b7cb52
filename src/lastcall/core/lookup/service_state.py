"""Whether a line has service, as CAMARA Subscription Status words it, from what we know of the line and its SIM.

Known here: a line that is being ceased or has been, and a SIM that is barred or dead. Not known: a suspension for debt in the
billing system and a data speed cut there, so ``throttled`` is never our answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lastcall.core.numbers.sim import Sim
from lastcall.core.subscribers.line import Line


@dataclass(frozen=True, slots=True)
class ServiceState:
    """``voice_sms_in`` and ``voice_sms_out``: ``active`` or ``suspended``; ``data``: also ``throttled``."""

    voice_sms_in: str
    voice_sms_out: str
    data: str


ACTIVE: Final = ServiceState("active", "active", "active")
SUSPENDED: Final = ServiceState("suspended", "suspended", "suspended")


def service_state(line: Line, sim: Sim) -> ServiceState:
    """The state of an open line. From the first outside act of its cease on it goes forward only, so it counts as suspended."""
    works = line.closed_at is None and line.ceasing_at is None and sim.state == "active"
    return ACTIVE if works else SUSPENDED
