"""Choosing a random step: one small function for each kind, which may find that there is nothing to do it to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lastcall.core.closing.steps import STEPS
from lastcall.core.closing.texts import REJECTIONS
from lastcall.core.numbers.attempts_row import Attempts
from lastcall.core.numbers.correction_row import Correction
from lastcall.core.numbers.number import Quarantine
from lastcall.core.numbers.release_request import REASONS
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.simulator import policies
from lastcall.core.simulator.people import DECIDERS, NUMBER_ROOM, PAPERS, STAFF
from lastcall.core.simulator.photos import PAGES
from lastcall.core.simulator.steps import Step
from lastcall.core.simulator.view import LETTERS, View

Choice = Callable[[View], Step | None]
CHOICES: Final[dict[str, Choice]] = {}
LATER: Final[dict[str, Choice]] = {}
"""Of what happens to a number beside its closing; most histories go without."""

DOORS: Final = ("store", "portal", "post", "hotline", "text", "api", "command", "system", "window")
LANGUAGES: Final = ("zh-hans", "ru", "en")
MOMENTS: Final = ("intended", "acted", "done")
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_SPANS: Final = (
    1, _MINUTE, 3 * _MINUTE, 11 * _MINUTE, _HOUR, 6 * _HOUR, _DAY, _DAY, 3 * _DAY, 8 * _DAY, 31 * _DAY, 61 * _DAY,
    100 * _DAY, 200 * _DAY,
)  # fmt: skip


def choice(function: Choice) -> Choice:
    """Keep a choice under its function's name."""
    CHOICES[function.__name__] = function
    return function


def later_choice(function: Choice) -> Choice:
    """Keep a choice that most histories go without."""
    LATER[function.__name__] = function
    return function


@choice
def assign(view: View) -> Step:
    number = view.number if view.chance(0.95) else "unknown"
    return view.step(
        "assign", number=number, sim=view.sim, person=view.person, by=view.one_of(("olga", "nikolai", "timur")),
        purpose=view.one_of(("", "", "order 1", "order 2")), fees=view.chance(0.2),
        balance=view.one_of((0, 0, 10_000, -5_000)),
    )  # fmt: skip


@choice
def reserve(view: View) -> Step:
    purpose, by = view.one_of(("order 1", "order 2")), view.one_of(("olga", "nikolai", "holder"))
    if view.chance(0.3):
        return view.step("unreserve", number=view.number, purpose=purpose, by=by)
    return view.step("reserve", number=view.number, purpose=purpose, days=view.one_of((1, 30)), by=by)


@choice
def declare(view: View) -> Step:
    door = view.one_of(DOORS)
    return view.step(
        "declare", number=view.number if view.chance(0.95) else "unknown", door=door,
        key=f"declaration {len(view.world.declared)}", by=view.one_of(("holder", "stranger", "olga", "timur")),
        language=view.one_of(LANGUAGES), declared_by=view.one_of(("holder", "holder", "holder", "representative")),
        end_in_days=view.one_of((None, None, None, 2, 20, -3)),
    )  # fmt: skip


@choice
def repeat(view: View) -> Step | None:
    case = view.case
    if case is None:
        return None
    act = view.one_of(("declare again", "declare otherwise", "look up", "look up"))
    if act == "look up":
        return view.step(act, case=case, right=view.chance(0.7))
    if act == "declare again":
        return view.step(act, case=case, by=view.one_of(("holder", "stranger")))
    return view.step(act, case=case, number=view.number, by="holder")


@choice
def document(view: View) -> Step | None:
    case = view.case
    if case is None:
        return None
    own = view.holder_of(view.case_row(case).line_id)
    papers = own if view.chance(0.6) else view.one_of(tuple(PAPERS))
    in_person = view.chance(0.4)
    by = view.one_of(STAFF) if in_person and view.chance(0.95) else view.one_of(("holder", "timur", "stranger"))
    return view.step("document", case=case, papers=papers, by=by, in_person=in_person)


@choice
def code(view: View) -> Step | None:
    case = view.case
    if case is None:
        return None
    sent = view.world.codes.get(case, [])
    if not sent or view.chance(0.3):
        own = view.holder_of(view.case_row(case).line_id)
        person = own if view.chance(0.85) else view.person
        return view.step("ask code", case=case, person=person, by=view.one_of(("holder", "timur")))
    if view.chance(0.15):
        return view.step("guess code", case=case, times=view.one_of((3, 7)), by="holder")
    answer = sent[-1] if view.chance(0.6) else view.one_of((*sent, "000000", "12 345"))
    return view.step("answer code", case=case, answer=answer, by="holder")


@choice
def proof(view: View) -> Step | None:
    """Somebody proves themselves on the web, with the right papers or others, patiently or not."""
    case = view.case
    if case is None:
        return None
    by = view.one_of(("holder", "holder", "holder", "representative", "stranger"))
    act = view.one_of(
        ("begin proof", "begin proof", "finish proof", "finish proof", "finish proof", "send proof again")
    )
    if act == "finish proof":
        return view.step(act, case=case, right=view.chance(0.7), by=by)
    if act == "send proof again":
        return view.step(act, case=case, by=by)
    own = view.holder_of(view.case_row(case).line_id)
    papers = own if view.chance(0.6) else view.one_of(tuple(PAPERS))
    return view.step(act, case=case, papers=papers, channel=view.one_of(("line", "mail", "mail", "sms")), by=by)


@choice
def photo(view: View) -> Step | None:
    case = view.case
    if case is None:
        return None
    if view.chance(0.2):
        return view.step("look at photo", case=case, by=view.one_of(("irina", "irina", "olga")))
    return view.step("photo", case=case, page=view.one_of(PAGES), by=view.one_of(("holder", "holder", "stranger")))


@choice
def call_back(view: View) -> Step | None:
    case = view.case
    if case is None:
        return None
    if view.chance(0.2):
        return view.step("no call back", case=case, by="holder")
    return view.step(
        "call back", case=case, slot=view.one_of((0, 0, 1, 7)), by=view.one_of(("holder", "holder", "stranger"))
    )


@choice
def post(view: View) -> Step | None:
    case, sheets = view.case, len(view.world.barcodes)
    if case is None:
        return None
    if sheets and view.chance(0.5):
        return view.step("papers arrive", sheet=int(view.random.random() * sheets), by=view.one_of(("olga", "holder")))
    kind = view.one_of(("statement", "power_of_attorney", "love letter"))
    return view.step("announce papers", case=case, kind=kind, by=view.one_of(("holder", "stranger")))


@choice
def sim(view: View) -> Step | None:
    case = view.case
    if case is None:
        return None
    custody = view.one_of(("subscriber", "subscriber", "collected", "destroyed", "lost"))
    own = view.sim_of(view.case_row(case).line_id)
    return view.step(
        "sim", case=case, custody=custody, by=view.one_of(("holder", "olga", "olga")), pin_removed=view.chance(0.7),
        sim=own if view.chance(0.85) else view.sim,
    )  # fmt: skip


@choice
def sign(view: View) -> Step | None:
    case = view.case
    return None if case is None else view.step("sign", case=case, by=view.one_of(("holder", "olga", "stranger")))


@choice
def papers(view: View) -> Step | None:
    case = view.case
    if case is None:
        return None
    if not view.world.representatives or view.chance(0.3):
        return view.step(
            "representative", person=view.holder_of(view.case_row(case).line_id) if view.chance(0.8) else view.person,
            kind=view.one_of(("power_of_attorney", "heir")), powers=view.one_of(("close money", "close", "money")),
            notarised=view.chance(0.7), certificate=view.one_of(("", "certificate")),
        )  # fmt: skip
    place = int(view.random.random() * len(view.world.representatives))
    return view.step("papers", case=case, representative=place, by=view.one_of(("olga", "olga", "holder")))


@choice
def refund_to(view: View) -> Step | None:
    case = view.case
    method = view.one_of(("bank_account", "same_operator_number", "cash in a bag"))
    return (
        None if case is None else view.step("refund to", case=case, method=method, by=view.one_of(("holder", "olga")))
    )


@choice
def contact(view: View) -> Step:
    if view.chance(0.3):
        return view.step("self-ban", person=view.person, on=view.chance(0.6))
    return view.step("new contact", person=view.person, kind=view.one_of(("sms", "mail")))


@choice
def money(view: View) -> Step | None:
    line = view.line
    if line is None:
        return None
    act = view.one_of(("pay", "charge", "charge", "top up"))
    if act == "pay":
        return view.step(act, line=line)
    amount = view.one_of((100, 5_000, 40_000))
    if act == "charge":
        return view.step(act, line=line, amount=amount, minutes_ago=view.one_of((0, 30, 1440, -5)))
    return view.step(act, line=line, amount=amount, bonus=view.chance(0.4))


@choice
def decide(view: View) -> Step | None:
    case = view.case
    if case is None:
        return None
    by = view.one_of(DECIDERS)
    if view.chance(0.75):
        return view.step("approve", case=case, by=by)
    return view.step("reject", case=case, by=by, reason=view.one_of((*REJECTIONS, "because")))


@choice
def withdraw(view: View) -> Step | None:
    case = view.case
    by = view.one_of(("holder", "olga", "timur", "representative", "stranger", "irina"))
    return None if case is None else view.step("withdraw", case=case, by=by)


@choice
def freeze(view: View) -> Step | None:
    case = view.case
    if case is None:
        return None
    if view.case_row(case).frozen_at is not None and view.chance(0.7):
        return view.step("unfreeze", case=case, by=view.one_of(DECIDERS))
    return view.step("freeze", case=case, by=view.one_of(("holder", "stranger", "timur", "irina", "nikolai")))


@choice
def lock(view: View) -> Step | None:
    line = view.line
    if line is None:
        return None
    act, column = view.one_of((("lock", "locked_at"), ("legal hold", "legal_hold_at")))
    on = getattr(view.line_row(line), column) is None
    return view.step(act, line=line, on=on if view.chance(0.9) else not on)


@choice
def port_out(view: View) -> Step | None:
    line = view.line
    if line is None:
        return None
    if view.line_row(line).port_out_at is None and view.chance(0.9):
        return view.step("order port-out", line=line)
    return view.step(view.one_of(("cancel port-out", "port out")), line=line)


@choice
def return_number(view: View) -> Step:
    act = view.one_of(("give back", "give back", "withdraw number"))
    return view.step(act, number=view.number, by=view.one_of(("nikolai", "nikolai", "olga")))


@choice
def early_release(view: View) -> Step:
    number = view.number
    if view.chance(0.5):
        reason = view.one_of(REASONS) if view.chance(0.9) else "a friend"
        return view.step("ask early release", number=number, reason=reason, by=view.one_of(NUMBER_ROOM))
    how = view.one_of(("approve", "approve", "approve", "refuse", "take back"))
    return view.step("decide early release", number=number, how=how, by=view.one_of(NUMBER_ROOM))


@choice
def reactivate(view: View) -> Step | None:
    case = view.case
    if case is None:
        return None
    own = view.holder_of(view.case_row(case).line_id)
    papers = own if view.chance(0.65) else view.one_of(tuple(PAPERS))
    return view.step(
        "reactivate", case=case, papers=papers, sim=view.sim, by=view.one_of(("olga", "irina", "holder", "timur")),
        approver=view.one_of(("irina", "timur", "olga", "")),
    )  # fmt: skip


@choice
def look_again(view: View) -> Step | None:
    case = view.case
    return None if case is None else view.step("look again", case=case)


@choice
def late(view: View) -> Step | None:
    """A command that was sent long ago, for a case or a line that may have ended."""
    case, line = view.case, view.line
    if case is None or line is None:
        return None
    if view.chance(0.3):
        return view.step("cease again", case=case)
    kinds = ("case.advance", "case.cease", "hlr.provision", "billing.open", "hlr.remove", "review.overdue")
    return view.step("late job", kind=view.one_of(kinds), case=case, line=line)


@choice
def new_policy(view: View) -> Step:
    return view.step("new policy", policy=int(view.random.random() * policies.COUNT))


@choice
def wait(view: View) -> Step:
    deadlines = view.deadlines()
    if deadlines and view.chance(0.6):
        return view.step("wait", seconds=max(view.one_of(deadlines) + view.one_of((-1, 0, 0, 1)), 0))
    return view.step("wait", seconds=view.one_of(_SPANS))


@choice
def work(view: View) -> Step:
    return view.step("work", jobs=view.one_of((1, 2, 5, 60)))


@choice
def sweep(view: View) -> Step:
    return view.step("sweep", batch=view.one_of((1, 100)))


@choice
def fault(view: View) -> Step:
    which = view.one_of(("hlr", "hlr", "hlr", "billing", "messengers", "reader"))
    if which == "reader":
        return view.step(which, down=view.chance(0.3))
    if which == "messengers":
        return view.step(which, down=view.chance(0.5))
    if which == "billing":
        return view.step(which, fault=view.one_of(("down", "late", "well")))
    fault = view.one_of(("well", "well", "down", "late", "slow", "lies"))
    return view.step(which, fault=fault, count=0 if fault == "down" and view.chance(0.5) else view.one_of((1, 2, 3)))


@choice
def crash(view: View) -> Step:
    if view.chance(0.6):
        return view.step("crash", at=view.one_of(STEPS), moment=view.one_of(MOMENTS))
    place = int(view.random.random() * len(STEPS))
    return view.step(
        "overtake", at=STEPS[place], moment=view.one_of(MOMENTS), until=view.one_of(STEPS[place:]),
        until_moment=view.one_of(MOMENTS),
    )  # fmt: skip


@choice
def between(view: View) -> Step | None:
    """Something in the very moment in which the cease is decided."""
    case = view.case
    if case is None:
        return None
    what = view.one_of(("lock", "legal hold", "order port-out", "freeze", "withdraw"))
    line = view.line_place(view.case_row(case).line_id)
    return view.step("between decision and cease", case=case, line=line, what=what) if view.world.lines else None


@later_choice
def transfer(view: View) -> Step | None:
    line = view.line
    if line is None:
        return None
    return view.step(
        "transfer", line=line, person=view.person, sim=view.sim, by=view.one_of(("olga", "olga", "nikolai", "holder"))
    )


@later_choice
def longer_rest(view: View) -> Step | None:
    """Mostly of a number that rests, and as the policy offers."""
    case = view.case
    for place in range(len(view.world.cases)):
        if view.case_row(place).state == "closed" and view.chance(0.7):
            case = place
    if case is None:
        return None
    offered = view.case_row(case).policy["quarantine_longer_days"] or (90,)
    days = view.one_of(offered) if view.chance(0.8) else view.one_of((0, 1000))
    return view.step("longer rest", case=case, days=days, by="holder" if view.chance(0.8) else "olga")


@later_choice
def attempts(view: View) -> Step:
    """Somebody still calls; mostly when it matters, when a rest is over."""
    now = view.world.clock.now()
    for rest in view.store.rows(Quarantine).values():
        if rest.quarantine_until > now and view.chance(0.6):
            return view.step("wait", seconds=int((rest.quarantine_until - now).total_seconds()) + 1)
        if any(row.msisdn == rest.msisdn for row in view.store.rows(Attempts).values()) and view.chance(0.7):
            return view.step("sweep", batch=100)
        if view.chance(0.7):
            days_ago = view.one_of((0, 1, 2, 5))
            return view.step("attempts", number=LETTERS[rest.msisdn], calls=view.one_of((1, 4, 90)), days_ago=days_ago)
    return view.step("attempts", number=view.number, calls=view.one_of((0, 4)), days_ago=view.one_of((0, 3)))


@later_choice
def interest(view: View) -> Step:
    return view.step("interest", number=view.number)


@later_choice
def announce_releases(view: View) -> Step:
    return view.step("announce releases")


@later_choice
def correction(view: View) -> Step | None:
    """Mostly of a number that was given back; asked by one, approved by another, sometimes by whoever should not."""
    given_back = [row for row in view.store.rows(Tenure).values() if row.follows_id is not None]
    number = LETTERS[given_back[-1].msisdn] if given_back and view.chance(0.8) else view.number
    if view.store.rows(Correction) and view.chance(0.7):
        return view.step("approve correction", by=view.one_of(("nadia", "nikolai", "irina", "olga in the number room")))
    return view.step("ask correction", number=number, by=view.one_of(("irina", "nikolai", "nikolai", "olga")))
