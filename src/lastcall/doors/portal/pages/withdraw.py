"""Taking a declaration back, "this was not me", and asking for the number back: one page, one button each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from lastcall.core import clock
from lastcall.core.actor import STRANGER, Actor
from lastcall.core.closing import asking_back, freeze, withdraw
from lastcall.core.closing.case import Case
from lastcall.core.closing.story import story
from lastcall.core.database import database
from lastcall.core.policies.policy import Policy
from lastcall.doors.portal.acting import actor_of, confirm, go, of_open_case, read, show
from lastcall.doors.portal.presenters.back import can_ask_back, conditions, is_new_agreement
from lastcall.doors.screens.moments import dated, time_left
from lastcall.doors.screens.reader import pack, spoken

SOMEBODY = Actor(STRANGER, "-", "portal")
"""Whoever says "this was not me" is, for us, nobody in particular."""


def can_withdraw(case: Case) -> bool:
    """Whether the declaration can still be taken back: until the first outside effect of the cease is attempted."""
    return case.ended_at is None and case.effect_attempted_at is None


def can_stop(case: Case) -> bool:
    """Whether "this was not me" still stops anything."""
    return can_withdraw(case) and case.frozen_at is None


@of_open_case("case-withdraw")
def withdraw_case(request: HttpRequest, case: Case) -> HttpResponse:
    """Take the declaration back."""
    if request.method != "POST" and not can_withdraw(case):
        return go(request, "case", saying="nothing_needed")
    return confirm(
        request, case, ask=lambda fresh, problem: _ask_withdraw(request, fresh, problem),
        work=lambda: withdraw.withdraw(database(), case_id=case.id, actor=actor_of(case)),
        done=lambda fresh: fresh.state == "withdrawn", saying="withdrawn",
    )  # fmt: skip


def _ask_withdraw(request: HttpRequest, case: Case, problem: str) -> HttpResponse:
    latest = case.hold_until if case.state == "on_hold" else None
    until = dated("", latest, time_left(latest, clock.now())) if latest is not None else None
    return show(request, case, "withdraw.html", {"problem": problem, "until": until, "possible": can_withdraw(case)})


@of_open_case("case-stop")
def stop_case(request: HttpRequest, case: Case) -> HttpResponse:
    """Stop everything: "this was not me", said by whoever holds the words of the case."""
    if request.method != "POST" and not can_stop(case):
        return go(request, "case", saying="" if case.frozen_at else "nothing_needed")
    return confirm(
        request, case,
        ask=lambda fresh, problem: show(request, fresh, "stop_case.html", {"problem": problem, "possible": can_stop(fresh)}),
        work=lambda: freeze.freeze(database(), case_id=case.id, actor=SOMEBODY),
        done=lambda fresh: fresh.frozen_at is not None, saying="frozen",
    )  # fmt: skip


@of_open_case("case-back")
def ask_back(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask for the number back while only its former holder may have it."""
    return confirm(
        request, case, ask=lambda fresh, problem: _ask_back(request, fresh, problem),
        work=lambda: asking_back.ask_back(database(), case_id=case.id, actor=actor_of(case)),
        done=lambda fresh: fresh.asked_back_at is not None, saying="asked_back",
    )  # fmt: skip


def _ask_back(request: HttpRequest, case: Case, problem: str) -> HttpResponse:
    told = read(lambda rows: story(rows, case=case))
    if told is None or not (problem or can_ask_back(told)):
        return go(request, "case", saying="nothing_needed")
    until = told.number.reclaim_until if told.number else None
    content = {
        "problem": problem,
        "possible": can_ask_back(told),
        "until": dated("", until, time_left(until, clock.now())) if until else None,
        "two_decide": Policy.from_json(case.policy).reactivation_four_eyes,
        "agreement": is_new_agreement(pack()),
        "conditions": conditions(pack(), spoken()),
    }
    return show(request, case, "back.html", content)
