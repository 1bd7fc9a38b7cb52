"""The checks of a closing: each a pure function of the facts, with a coded result. All run, all results are kept."""

from __future__ import annotations

from lastcall.core.closing.checks import asked, identity, money, safety, sampling, sim
from lastcall.core.closing.checks.result import ENDED, FAILED, PASSED, PERSON, BoundCheck, Result
from lastcall.core.closing.facts import Facts

CHECKS: tuple[BoundCheck, ...] = (
    safety.line_open,
    identity.identity,
    identity.mandate,
    identity.declared_act,
    money.services_paid,
    money.terms,
    sim.sim_custody,
    sim.sim_pin,
    safety.locks,
    safety.port_out,
    safety.recent_change,
    safety.notice_contact,
    safety.dependents,
    asked.asked,
    sampling.sample,
)


def run_checks(facts: Facts) -> tuple[Result, ...]:
    """All results, in order. A case that is bound to no line has one result: ``line_known`` failed."""
    if facts.bound is None:
        return (Result("line_known", FAILED, "line_not_known"),)
    return tuple(check(facts, facts.bound) for check in CHECKS)


__all__ = ["CHECKS", "ENDED", "FAILED", "PASSED", "PERSON", "Result", "run_checks"]
