"""The story of a case tells that what was on the SIM was saved, and whether anybody fetched it; nothing of what it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation

from lastcall.core.closing import find, story
from lastcall.core.closing.words import HAPPENED
from lastcall.core.forgetting import forget
from lastcall.core.simcard import backups
from tests.core.simcard.at_the_counter import Visit
from tests.secrecy import stands_in


def told(visit: Visit, **about_case: object) -> list[str]:
    """The codes of what the story tells of the copy."""
    case = replace(find.get_case(visit.base, case_id=visit.case_id), **about_case)  # type: ignore[arg-type]
    whole = visit.base.transact(lambda rows: story.story(rows, case=case))
    return [entry.code for entry in whole.happened if entry.code.startswith("backup")]


def a_day_later(visit: Visit) -> None:
    visit.cast.time.advance(timedelta(hours=24))
    forget(visit.base, policy=visit.cast.policy)


def test_nothing_is_told_of_what_was_only_asked(visit: Visit) -> None:
    visit.taken()
    assert told(visit) == []


def test_a_copy_that_was_fetched(visit: Visit) -> None:
    secret, backup = visit.save(visit.taken())
    assert told(visit) == ["backup_saved"]
    for _ in range(2):
        backups.fetch(visit.base, backup_id=backup.id, secret=secret)
    assert told(visit) == ["backup_saved", "backup_fetched"]
    a_day_later(visit)
    assert told(visit) == ["backup_saved", "backup_fetched", "backup_deleted"]


def test_a_copy_that_nobody_fetched(visit: Visit) -> None:
    visit.save(visit.taken())
    a_day_later(visit)
    assert told(visit) == ["backup_saved", "backup_expired"]


def test_of_two_copies_each_has_its_own_end(visit: Visit) -> None:
    first = visit.taken(pin_off=False)
    visit.save(first)
    visit.done(first, pin="")
    secret, second = visit.save(visit.taken())
    backups.fetch(visit.base, backup_id=second.id, secret=secret)
    a_day_later(visit)
    assert told(visit)[-2:] == ["backup_expired", "backup_deleted"]


def test_who_has_not_proved_who_they_are_sees_nothing_of_it(visit: Visit) -> None:
    visit.save(visit.taken())
    assert told(visit, in_person_at=None, document_ok_at=None, code_ok_at=None) == []


@pytest.mark.parametrize("language", ["zh-hans", "ru", "en"])
def test_the_words_hold_no_secret_no_count_and_no_number(visit: Visit, language: str) -> None:
    handling = visit.taken()
    secret, _ = visit.save(handling)
    visit.done(handling)
    a_day_later(visit)
    with translation.override(language):
        said = " ".join(str(HAPPENED[code]) for code in told(visit))
    assert said and not [word for word in (secret, visit.iccid, "250", "30") if stands_in(word, said)]
