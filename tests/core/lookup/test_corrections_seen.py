"""A closing that was put right is told to those who may have heard of it, and to nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from lastcall.core.actor import NUMBER_MANAGER, Actor
from lastcall.core.errors import BadInput
from lastcall.core.lookup import corrections_seen
from lastcall.core.lookup.corrections_seen import Page
from lastcall.core.lookup.days import today
from lastcall.core.memory import MemoryStore
from lastcall.core.numbers import correction
from lastcall.core.numbers.correction_row import Correction
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, Plan
from lastcall.core.relying.asked_number import Asked
from lastcall.core.relying.hashing import number_hash
from lastcall.core.telling.announcement import Announcement
from lastcall.core.telling.closed import Closed, Fetched
from lastcall.core.telling.delivery import Delivery
from tests.cast import ANNA_MSISDN, LI_WEI_MSISDN, NIKOLAI, Cast
from tests.core.audit import stories
from tests.core.tools import some
from tests.relying import registered

MARFA = Actor(NUMBER_MANAGER, "marfa", "desk")
KEY = b"k" * 32
NUMBER = {"number": f"+{LI_WEI_MSISDN}"}
HASH = {"numberHash": number_hash(KEY, LI_WEI_MSISDN)}


@dataclass
class Story:
    """Li Wei's line was closed by mistake and given back; ``put_right`` corrects it."""

    cast: Cast
    bank: int

    request: Correction | None = None

    def ask(self) -> Correction:
        cast = self.cast
        (tenure,) = some(cast.base, Tenure, msisdn=LI_WEI_MSISDN, ordinal=1)
        self.request = correction.ask(
            cast.base, tenure_id=tenure.id, reason="wrong_line", reference="MEMO-17", policy=cast.policy, actor=NIKOLAI
        )
        return self.request

    def put_right(self) -> None:
        request = self.request or self.ask()
        correction.approve(self.cast.base, correction_id=request.id, actor=MARFA)
        self.cast.time.advance(timedelta(minutes=1))

    def asked(self, *, reading: str = "rich", msisdn: int = LI_WEI_MSISDN, by: int = 0, days_ago: int = 0) -> None:
        row = Asked(
            msisdn=msisdn, day=today() - timedelta(days=days_ago), consumer_id=by or self.bank, reading=reading,
            category="bank", times=1,
        )  # fmt: skip
        self.cast.base.transact(lambda rows: rows.apply(Plan((Insert(row),))))

    def read(self, *, after: str = "", limit: int = 10) -> Page:
        return self.cast.base.transact(
            lambda rows: corrections_seen.read(rows, consumer_id=self.bank, hash_key=KEY, after=after, limit=limit)
        )

    def named(self) -> list[dict[str, str]]:
        return [seen.named for seen in self.read().seen]


@pytest.fixture
def story(cast: Cast) -> Story:
    stories.have_back(cast, cast.closed(), cast.li_wei)
    return Story(cast, registered(cast.base).consumer.id)


def test_who_asked_meanwhile_is_told_once_it_is_approved(story: Story) -> None:
    story.asked()
    story.ask()
    assert story.named() == []
    story.put_right()
    page = story.read(limit=1)
    (seen,) = page.seen
    assert seen.named == NUMBER and not page.whole
    assert story.read(after=page.cursor) == Page((), page.cursor, whole=True)
    assert set(seen.as_json()) == {"number", "correction", "correctedAt"}


def test_who_asked_with_a_hash_is_told_the_hash(story: Story) -> None:
    story.asked(reading="richhashed")
    story.put_right()
    assert story.named() == [HASH]


def test_who_asked_before_or_after_or_about_another_number_or_not_at_all_is_told_nothing(story: Story) -> None:
    story.asked(days_ago=60)
    story.asked(msisdn=ANNA_MSISDN)
    story.asked(by=registered(story.cast.base, "Other Bank").consumer.id)
    story.put_right()
    story.cast.time.advance(timedelta(days=2))
    story.asked()
    assert story.read() == Page((), "", whole=True)


@pytest.mark.parametrize(
    ("subject", "named"), [(NUMBER["number"], NUMBER), (HASH["numberHash"], HASH)], ids=["plain", "hash"]
)
def test_who_was_told_of_the_closing_is_told_of_the_correction(
    story: Story, subject: str, named: dict[str, str]
) -> None:
    tenure = some(story.cast.base, Tenure, msisdn=LI_WEI_MSISDN, ordinal=1)[0]
    assert tenure.until is not None
    announcement = Announcement(
        id=7, tenure_id=tenure.id, msisdn=LI_WEI_MSISDN, kind="ceased", ordinal=1, at=tenure.until, day=today()
    )
    delivery = Delivery(
        id=8, consumer_id=story.bank, announcement_id=7, msisdn=LI_WEI_MSISDN, cursor=1, subject=subject, reference="",
        state="kept", made_at=tenure.until, told_at=story.cast.time.now(),
    )  # fmt: skip
    story.cast.base.transact(lambda rows: rows.apply(Plan((Insert(announcement), Insert(delivery)))))
    story.put_right()
    assert story.named() == [named]


def test_who_fetched_the_daily_file_with_it_is_told(story: Story) -> None:
    day = today()
    closed = Closed(place=5, msisdn=LI_WEI_MSISDN, day=day, kind="ceased", file_day=day)
    fetched = Fetched(id=6, consumer_id=story.bank, day=day, at=story.cast.time.now())
    story.cast.base.transact(lambda rows: rows.apply(Plan((Insert(closed), Insert(fetched)))))
    story.put_right()
    assert story.named() == [NUMBER]


def test_what_is_no_cursor() -> None:
    for cursor in ("x", "-1", "f" * 14, " "):
        with pytest.raises(BadInput) as refused:
            corrections_seen.read(MemoryStore(), consumer_id=1, hash_key=KEY, after=cursor, limit=10)
        assert refused.value.code == "bad_cursor"
