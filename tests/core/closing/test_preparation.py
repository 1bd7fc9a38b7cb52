"""Before you leave: ticked as people like, never in the way."""

from __future__ import annotations

import pytest

from lastcall.core.closing import preparation
from lastcall.core.errors import BadInput, NotFound
from lastcall.core.policies.load import load
from tests.cast import OLGA, ON_THE_WEB, Cast
from tests.core.audit import stories
from tests.core.tools import nothing_changes


def ticked(cast: Cast, case_id: int) -> frozenset[str]:
    return cast.base.transact(lambda rows: preparation.ticked(rows, case_id))


def test_the_list_has_our_tasks_first_and_then_each_service_of_the_pack(cast: Cast) -> None:
    pack = load("demo", on=cast.time.now().date())
    tasks = preparation.tasks(pack)
    assert tasks[: len(preparation.TASKS)] == preparation.TASKS
    assert "unlink.banks" in tasks and len(tasks) == len(preparation.TASKS) + len(pack.facts("unlink"))


def test_what_is_ticked_is_kept_and_can_be_unticked(cast: Cast) -> None:
    receipt = cast.declare()
    for done in ({"document", "unlink.banks"}, {"document"}, {"pin_removed", "arrears"}, set()):
        preparation.tick(cast.base, case_id=receipt.case_id, done=done, actor=ON_THE_WEB)
        assert ticked(cast, receipt.case_id) == done


def test_the_same_again_changes_nothing(cast: Cast) -> None:
    receipt = cast.declare()
    preparation.tick(cast.base, case_id=receipt.case_id, done={"document"}, actor=ON_THE_WEB)
    with nothing_changes():
        preparation.tick(cast.base, case_id=receipt.case_id, done={"document"}, actor=ON_THE_WEB)


@pytest.mark.parametrize(
    "done", [{""}, {"x" * 81}, {f"task {number}" for number in range(61)}], ids=["empty", "long", "many"]
)
def test_what_is_no_task_is_refused(cast: Cast, done: set[str]) -> None:
    receipt = cast.declare()
    with nothing_changes(), pytest.raises(BadInput) as trouble:
        preparation.tick(cast.base, case_id=receipt.case_id, done=done, actor=ON_THE_WEB)
    assert trouble.value.code == "bad_task"


def test_a_case_that_is_not_there_has_no_list(cast: Cast) -> None:
    with nothing_changes(), pytest.raises(NotFound):
        preparation.tick(cast.base, case_id=1, done={"document"}, actor=ON_THE_WEB)


def test_what_others_saw_done_is_ticked_and_what_the_subscriber_ticked_stays(cast: Cast) -> None:
    receipt = cast.declare()
    preparation.tick(cast.base, case_id=receipt.case_id, done={"document", "pin_removed"}, actor=ON_THE_WEB)
    for _ in range(2):
        cast.base.transact(
            lambda rows: preparation.add(
                rows, case_id=receipt.case_id, done={"pin_removed", "contacts_saved"}, actor=OLGA
            )
        )
        assert ticked(cast, receipt.case_id) == {"document", "pin_removed", "contacts_saved"}
    assert cast.events(receipt).count("case.prepared") == 2


def test_a_list_that_is_ticked_is_in_order_for_the_auditor(cast: Cast) -> None:
    receipt = cast.declare()
    preparation.tick(cast.base, case_id=receipt.case_id, done={"document"}, actor=ON_THE_WEB)
    assert stories.findings(cast).broken == ()


def test_no_closing_waits_for_it(cast: Cast) -> None:
    receipt = cast.closed()
    assert ticked(cast, receipt.case_id) == frozenset()
