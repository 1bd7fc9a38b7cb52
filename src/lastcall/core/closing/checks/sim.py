"""The SIM is a thing of its own: where it will be, and whether its PIN is off."""

from __future__ import annotations

from lastcall.core.closing.checks.result import FAILED, PASSED, Result
from lastcall.core.closing.facts import Bound, Facts


def sim_custody(facts: Facts, bound: Bound) -> Result:
    """The subscriber has said what becomes of the SIM: kept, collected or destroyed. A profile (eSIM) needs no word."""
    if bound.sim.form == "esim" or facts.case.sim_custody:
        return Result("sim_custody", PASSED, facts.case.sim_custody)
    return Result("sim_custody", FAILED, "sim_undecided")


def sim_pin(facts: Facts, bound: Bound) -> Result:
    """A card handed in has its PIN off, by the subscriber's word."""
    if bound.sim.form == "esim" or facts.case.sim_custody != "collected" or facts.case.sim_pin_removed:
        return Result("sim_pin", PASSED)
    return Result("sim_pin", FAILED, "sim_pin_on")
