"""One history: a seed, a world, some thirty steps, and every invariant after each."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from lastcall.core import clock
from lastcall.core.closing.case import Case
from lastcall.core.memory import MemoryStore
from lastcall.core.simulator import policies
from lastcall.core.simulator.checking import Checker, Violation
from lastcall.core.simulator.steps import Outcome, Step, take
from lastcall.core.simulator.swarm import Swarm, swarm
from lastcall.core.simulator.view import View
from lastcall.core.simulator.world import BEGINNINGS, Broken, World, new_world


@dataclass(slots=True)
class History:
    """What was played. ``closed``: cases that came to their proper end; ``violation``: what the last step broke."""

    seed: int
    steps: list[tuple[Step, Outcome]] = field(default_factory=list)
    closed: int = 0
    violation: Violation | None = None


def begin(seed: int) -> tuple[World, View, Swarm]:
    """The world, the choosing view and the character of history ``seed``."""
    random = Random(seed)  # noqa: S311 - a replay, no secret
    drawn = swarm(random)
    world = new_world(drawn.beginning, seed=seed, policy=policies.policy(drawn.policy))
    assert isinstance(world.database, MemoryStore)
    return world, View(world, world.database, random, BEGINNINGS[drawn.beginning].numbers), drawn


def play(seed: int) -> History:
    """Play history ``seed`` until its end or its first violation. The same seed plays the same history."""
    world, view, drawn = begin(seed)
    history, checker = History(seed), Checker(world, view.store)
    with clock.use(world.clock):
        for _ in range(drawn.length):
            step = drawn.next_step(view)
            outcome, history.violation = _guarded(checker, step)
            history.steps.append((step, outcome))
            if history.violation is not None:
                break
    history.closed = sum(case.state == "closed" for case in view.store.rows(Case).values())
    return history


def _guarded(checker: Checker, step: Step) -> tuple[Outcome, Violation | None]:
    world = checker.world
    try:
        outcome = take(world, step)
    except Broken as broken:
        return Outcome("", "broken"), Violation(broken.code, str(broken))
    except Exception as error:  # whatever it is, it is no answer
        return Outcome("", "broken"), Violation("unexpected_error", f"{type(error).__name__}: {error}")
    if world.unexpected:
        return outcome, Violation("unexpected_error", world.unexpected[0])
    return outcome, next(checker.violations(), None)
