"""The auditor tells of a backup that outlives its hours, and of a file that belongs to none."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core.forgetting import forget
from lastcall.core.plan import Change, Insert, Plan, Remove, Write
from lastcall.core.simcard.backup import Backup, Ciphertext
from tests.core.audit import stories
from tests.core.simcard.at_the_counter import Visit
from tests.core.tools import only


def broken(visit: Visit) -> list[tuple[str, str]]:
    return [(breach.invariant, breach.detail) for breach in stories.findings(visit.cast).broken]


def write(visit: Visit, planted: Write) -> None:
    visit.base.transact(lambda rows: rows.apply(Plan((planted,))))


def test_a_backup_is_in_order_while_it_is_kept_and_after_it_went(visit: Visit) -> None:
    visit.save(visit.taken())
    assert broken(visit) == []
    visit.cast.time.advance(timedelta(hours=24))
    forget(visit.base, policy=visit.cast.policy)
    assert broken(visit) == []


def test_one_that_nobody_deleted_is_found(visit: Visit) -> None:
    _, backup = visit.save(visit.taken())
    visit.cast.time.advance(timedelta(hours=25, seconds=1))
    found = [detail for invariant, detail in broken(visit) if invariant == "backups_are_deleted"]
    assert found == [f"backup {backup.id}: its hours are over, but it was not deleted"]


def test_one_that_is_kept_longer_than_the_case_froze_is_found(visit: Visit) -> None:
    _, backup = visit.save(visit.taken())
    write(visit, Change(Backup, {"id": backup.id}, {"until": backup.until + timedelta(hours=1)}))
    assert [invariant for invariant, _ in broken(visit)] == ["backups_are_deleted"]


def test_a_file_that_came_back_is_found(visit: Visit) -> None:
    visit.save(visit.taken())
    kept = only(visit.base, Ciphertext)
    visit.cast.time.advance(timedelta(hours=24))
    forget(visit.base, policy=visit.cast.policy)
    write(visit, Insert(kept))
    assert [invariant for invariant, _ in broken(visit)] == ["backups_are_deleted"]


def test_a_file_that_is_gone_before_its_time_is_found(visit: Visit) -> None:
    _, backup = visit.save(visit.taken())
    write(visit, Remove(Ciphertext, {"backup_id": backup.id}))
    assert [invariant for invariant, _ in broken(visit)] == ["backups_are_deleted"]


def test_a_file_that_belongs_to_no_backup_is_found(visit: Visit) -> None:
    write(visit, Insert(Ciphertext(backup_id=4711, sealed="a file")))
    assert broken(visit) == [("backups_are_deleted", "it has no backup")]
