"""Verifying: what the index says of a number is computed anew by the rule, and every difference is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from lastcall.core.lookup.index.build import build
from lastcall.core.lookup.index.verify import Disagreement, disagreements
from lastcall.core.lookup.index.writer import opened
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, Plan
from tests.cast import ANNA_MSISDN, Cast
from tests.core.lookup.index.lives import OURS, Walk, close


@pytest.fixture
def built(cast: Cast, path: Path) -> Path:
    walk = Walk(cast, 21)
    walk.go(60)
    build(cast.base, path=path, policy=cast.policy)
    return path


def planted(path: Path, msisdn: int, pair: int) -> None:
    """A wrong pair, with a right checksum."""
    with opened(path) as writer:
        writer.apply(np.array([msisdn]), np.array([pair], np.uint32))
        writer.mark(writer.applied, writer.head, writer.oldest)


def found(cast: Cast, path: Path, sample: int | None = None) -> list[Disagreement]:
    return list(disagreements(cast.base, path, cast.policy, sample=sample))


@pytest.mark.parametrize("sample", [None, 500])
def test_a_right_index_agrees_also_after_a_closing_that_was_not_in_yet(
    cast: Cast, built: Path, sample: int | None
) -> None:
    close(cast, cast.anna)
    assert found(cast, built, sample) == []


def test_a_wrong_pair_is_named_and_no_full_number(cast: Cast, built: Path) -> None:
    planted(built, ANNA_MSISDN, 9_000)
    (wrong,) = found(cast, built)
    assert wrong.index == "9000, 0"
    assert wrong.database == "1, 9510"
    assert str(ANNA_MSISDN)[4:] not in wrong.subject and wrong.subject.endswith(str(ANNA_MSISDN)[-2:])


def test_a_free_number_that_is_said_to_be_held_is_named(cast: Cast, built: Path) -> None:
    planted(built, OURS + 29_000, 1 | 9_000 << 16)
    (wrong,) = found(cast, built)
    assert (wrong.index, wrong.database) == ("1, 9000", "1, 0")


def test_a_tenure_that_came_without_an_event_is_found_by_looking_at_all(cast: Cast, built: Path) -> None:
    """Written past the services; in a block that the index lacks."""
    tenure = Tenure(
        id=1, msisdn=OURS + 700_000, ordinal=1, subscriber_id=cast.anna.subscriber.id, since=cast.time.now()
    )
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(tenure),))))
    (wrong,) = found(cast, built)
    assert (wrong.index, wrong.database[:3]) == ("0, 0", "1, ")


def test_a_block_that_was_altered_is_named_with_its_numbers(cast: Cast, built: Path) -> None:
    with opened(built) as writer:
        writer.store(writer.places(np.array([ANNA_MSISDN])), np.array([7], np.uint32))
    subjects = [one.subject for one in found(cast, built)]
    assert len(subjects) == 2
    assert subjects[0].startswith("block ")


def test_another_first_day_is_named(cast: Cast, built: Path) -> None:
    early = Tenure(
        id=1, msisdn=OURS + 29_999, ordinal=1, subscriber_id=cast.anna.subscriber.id, since=cast.time.now().replace(year=2019)
    )  # fmt: skip
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(early),))))
    told = {one.subject: one for one in found(cast, built)}
    assert told["the first day known"].index == date(2026, 1, 12).isoformat()
    assert told["the first day known"].database.startswith("2019-")
