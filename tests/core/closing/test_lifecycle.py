"""The lifecycle of the case: what every role may do in every state, as text, and that nobody else writes a state."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import lastcall
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.freeze import freeze
from lastcall.core.closing.lifecycle import CASE
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.numbers.lifecycle import NUMBER, SIM
from tests.cast import ANNA_MSISDN, FREE_MSISDN, ON_THE_WEB, SOMEBODY, Cast
from tests.core.lifecycles import answers_as_written, as_text, matches_snapshot
from tests.core.tools import some

SNAPSHOT = Path(__file__).with_name("lifecycle.txt")
SOURCE = Path(lastcall.__file__).parent


def test_the_whole_table_is_the_one_that_was_reviewed() -> None:
    matches_snapshot(as_text(CASE), SNAPSHOT)


def test_every_state_action_and_role_is_answered_as_the_text_says() -> None:
    answers_as_written(CASE, SNAPSHOT.read_text(encoding="utf-8"))


def test_every_open_state_leads_to_an_end_and_no_end_leads_anywhere() -> None:
    leads = {state: {row.target for row in CASE if row.source == state} - {state} for state in CASE.states}
    assert all(not leads[end] for end in CASE.ends)
    reaches = set(CASE.ends)
    while more := {state for state in CASE.states if leads[state] & reaches} - reaches:
        reaches |= more
    assert reaches == set(CASE.states)


def test_after_the_decision_only_the_system_carries_on() -> None:
    rows = [row for row in CASE if row.source == "ceasing" and row.action in {"step", "close"}]
    assert {frozenset(row.who) for row in rows} == {frozenset({"system"})}


def test_nobody_approves_what_they_may_open_or_verify() -> None:
    may = {action: set().union(*(row.who for row in CASE if row.action == action)) for action in ("approve", "prove")}
    assert not may["approve"] & may["prove"]


def changes() -> Iterator[tuple[str, str, ast.expr]]:
    """(file, row type, values) of every ``Change`` in the source."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Change" and len(node.args) == 3:
                yield str(path.relative_to(SOURCE)), ast.unparse(node.args[0]), node.args[2]


def test_nobody_else_writes_a_case() -> None:
    assert {file for file, kind, _ in changes() if kind == "Case"} == {"core/closing/changes.py"}


def test_no_state_of_a_lifecycle_is_written_as_a_literal() -> None:
    states = {*CASE.states, *NUMBER.states, *SIM.states}
    literal = [
        (file, kind, ast.unparse(value))
        for file, kind, values in changes()
        for keys in ast.walk(values)
        if isinstance(keys, ast.Dict)
        for key, value in zip(keys.keys, keys.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == "state" and isinstance(value, ast.Constant)
        and kind not in {"Job", "Effect"} and value.value in states
    ]  # fmt: skip
    assert literal == []


def test_the_state_in_the_row_is_what_its_events_add_up_to(cast: Cast) -> None:
    closed = cast.closed()
    frozen = cast.on_hold(cast.anna)
    freeze(cast.base, case_id=frozen.case_id, actor=SOMEBODY)
    cast.work()
    withdrawn = cast.declare(FREE_MSISDN)
    withdraw(cast.base, case_id=withdrawn.case_id, actor=ON_THE_WEB)
    cast.declare(ANNA_MSISDN)
    cast.time.advance(timedelta(days=31))
    cast.work()
    cases = some(cast.base, Case)
    assert {case.state for case in cases} == {"closed", "review", "withdrawn", "lapsed"}
    assert closed.case_id in {case.id for case in cases}
    for case in cases:
        state, revision = "", 0
        told = [event for event in some(cast.base, Event, case_id=case.id) if event.kind.startswith("case.")]
        for event in sorted(told, key=lambda event: event.id):
            assert event.source == state
            state, revision = event.target, revision + 1
        assert (state, revision) == (case.state, case.revision)
