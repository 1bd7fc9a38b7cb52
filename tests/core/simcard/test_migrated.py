"""What stood in the tables before is carried over: cases that were begun when wrong secrets were still counted."""

from __future__ import annotations

import json

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lastcall.core.closing.case import Case
from lastcall.core.policies.policy import Policy
from tests.cast import Cast
from tests.core.tools import only

BEFORE, AFTER = [("simcard", "0002_heard_and_finished_late")], [("simcard", "0003_partly_read")]


def migrate(targets: list[tuple[str, str]]) -> None:
    MigrationExecutor(connection).migrate(targets)


def test_a_case_that_holds_a_number_of_tries_is_read_after_it(cast: Cast) -> None:
    receipt = cast.declare()
    policy = only(cast.base, Case, id=receipt.case_id).policy
    migrate(BEFORE)
    with connection.cursor() as cursor:
        kept = json.dumps({**policy, "sim_backup_tries": 10}, ensure_ascii=False, sort_keys=True)
        cursor.execute(f'UPDATE "{Case.table}" SET policy = %s WHERE id = %s', [kept, receipt.case_id])
    migrate(AFTER)
    assert only(cast.base, Case, id=receipt.case_id).policy == policy
    assert Policy.from_json(policy) == cast.policy
