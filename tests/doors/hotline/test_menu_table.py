"""The menu as data: whole, printable, and walked along every edge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import Account
from lastcall.core.subscribers.inputs import LANGUAGES
from lastcall.doors.hotline import conversation, menu, prompts
from lastcall.doors.hotline.acts import ACTS
from lastcall.doors.hotline.menu import BY_NAME, END, KEY, START, STEPS, Edge, Step
from tests.cast import ANNA_MSISDN, LI_WEI_MSISDN, PASSPORT, Cast
from tests.doors.hotline.conftest import serving

EDGES = [(step.name, edge.on) for step in STEPS for edge in step.edges]
PARTS = {"<number>", "<time>", "<reference>", "<amount>", "<next>", "<state>"}
LI_WEI = f"{LI_WEI_MSISDN}#"
RIGHT = f"{PASSPORT[2][-4:]}#"


def test_every_edge_leads_to_a_step_or_to_the_end() -> None:
    named = {*BY_NAME, END, "="}
    for step in STEPS:
        for edge in step.edges:
            assert edge.to in named and (not edge.counted or edge.spent in named), (step.name, edge.on)
        assert not step.silent or step.silent in BY_NAME


def test_every_step_can_be_reached() -> None:
    reached, todo = set(), [START, "agent", "goodbye"]
    while todo:
        step = BY_NAME[todo.pop()]
        reached.add(step.name)
        targets = [to for edge in step.edges for to in (edge.to, edge.spent) if to in BY_NAME]
        todo += [to for to in targets if to not in reached]
    assert reached == set(BY_NAME)


def test_every_act_is_there_and_every_question_for_a_key_has_an_edge_for_the_others() -> None:
    assert {step.act for step in STEPS} - {""} == set(ACTS)
    assert all(any(edge.on == "other" for edge in step.edges) for step in STEPS if step.asks == KEY)


def test_everything_that_is_said_has_a_text_in_every_language_and_no_text_is_idle() -> None:
    said = {word for step in STEPS for says in (step.says, *(edge.says for edge in step.edges)) for word in says}
    elsewhere = {"busy", "trouble"} | {key for key in prompts.SENTENCES if key.startswith(("state_", "next_"))}
    assert said - PARTS == set(prompts.SENTENCES) - elsewhere
    for language in LANGUAGES:
        assert all(text.strip() for text in prompts.catalogue(language).values())


def test_the_table_is_printed_whole() -> None:
    printed = "\n".join(" ".join(row) for row in menu.lines())
    assert all(step.name in printed for step in STEPS)
    assert len(list(menu.lines())) == len(EDGES) + sum(1 for step in STEPS if step.silent)


@dataclass
class Operator:
    """An operator whose policy and billing change while the calls come in."""

    cast: Cast
    takes_declarations: bool = True
    billing_away: bool = False

    def policy(self) -> object:
        doors = self.cast.policy.termination_intake_doors if self.takes_declarations else ()
        return replace(self.cast.policy, termination_intake_doors=doors)

    def account(self, line_id: int) -> Account:
        if self.billing_away:
            raise ElementTrouble("billing is away", permanent=False)
        return self.cast.elements.billing.account(line_id)


def test_every_edge_is_walked(cast: Cast, hummed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    walked: set[tuple[str, str]] = set()
    found = conversation._edge

    def noting(step: Step, outcome: str) -> Edge:
        edge = found(step, outcome)
        walked.add((step.name, edge.on))
        return edge

    monkeypatch.setattr(conversation, "_edge", noting)
    operator = Operator(cast)
    with serving(cast, hummed, policy=operator.policy, billing=operator) as line:  # type: ignore[arg-type]
        line.call("9", "1", "8", "1", "12#", "79161234567#", LI_WEI, "5", "2", LI_WEI, "1", "0001#", RIGHT, "4", "1",
                  "2", "6", "1", "2", "#")  # fmt: skip
        declared = line.call("2", "1", LI_WEI, "1", "#")
        declared.hang_up()
        reference = declared.reference()
        line.call("3", "2", "12#", "79161234567#", LI_WEI, "99999999#", f"{reference}#", "7", "1", "#")
        assert cast.anna.line is not None
        cast.elements.billing.charge(
            cast.anna.line.id, amount=50_000, service_time=cast.time.now(), memo="calls", key="calls"
        )
        line.call("3", "1", f"{ANNA_MSISDN}#", "1", "3456#", "2", "0")
        line.call("3", "1", LI_WEI, "1", "#", "2").hang_up()
        operator.billing_away = True
        line.call("3", "1", LI_WEI, "1", RIGHT, "2").hang_up()
        operator.takes_declarations = False
        line.call("3", "1", LI_WEI, "1")
    assert walked == set(EDGES)
