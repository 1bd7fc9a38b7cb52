"""Swarm weights: each history plays with its own part of the acts, and likes some of them far better than others.

Uniform choice over everything hardly ever reaches the deep states; leaving most things out of most histories does.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from lastcall.core.simulator import guide, policies
from lastcall.core.simulator.choices import CHOICES, LATER, Choice
from lastcall.core.simulator.steps import Step
from lastcall.core.simulator.view import View
from lastcall.core.simulator.world import BEGINNINGS

_ALWAYS: Final = ("declare", "wait", "work")
_WEIGHTS: Final = (1, 1, 2, 4, 8)
_WITH_LATER: Final = 0.25
_LATER_SHARE: Final = 0.25
_GUIDED: Final = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Swarm:
    """What one history is made of. ``guided``: the share of its steps that are guided; ``length``: how many steps."""

    beginning: int
    policy: int
    guided: float
    length: int
    choices: tuple[Choice, ...]
    """Each choice as often as its weight."""
    later: tuple[Choice, ...]
    """What is not about closings, as often as its weight; nothing in most histories."""

    def next_step(self, view: View) -> Step:
        """A guided step or a random one; what finds nothing to do leaves its turn to the next."""
        if self.later and view.chance(_LATER_SHARE) and (step := view.one_of(self.later)(view)) is not None:
            return step
        if view.chance(self.guided):
            return guide.next_step(view)
        for _ in range(4):
            step = view.one_of(self.choices)(view)
            if step is not None:
                return step
        return view.step("wait", seconds=60)


def swarm(random: Random) -> Swarm:
    """Draw a history's character."""
    share = random.choice((0.25, 0.5, 0.8))
    enabled = [name for name in CHOICES if name in _ALWAYS or random.random() < share]
    choices = tuple(CHOICES[name] for name in enabled for _ in range(random.choice(_WEIGHTS)))
    return Swarm(
        beginning=random.randrange(len(BEGINNINGS)), policy=random.randrange(policies.COUNT),
        guided=random.choice(_GUIDED), length=random.randrange(25, 41), choices=choices, later=_later(random),
    )  # fmt: skip


def _later(random: Random) -> tuple[Choice, ...]:
    """In a part of the histories also what is not about closings. Drawn aside, so that all others stay as they are."""
    aside = Random()  # noqa: S311 - a replay, no secret
    aside.setstate(random.getstate())
    if aside.random() >= _WITH_LATER:
        return ()
    return tuple(choice for choice in LATER.values() for _ in range(aside.choice(_WEIGHTS)))
