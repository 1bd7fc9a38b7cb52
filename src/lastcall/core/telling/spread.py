"""From news to announcements and deliveries: one announcement for each piece of news that interests anybody, a delivery for each
consumer that it interests, in the consumer's own unbroken order, and behind what it has not taken yet of the same number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lastcall.core import clock
from lastcall.core.job import Job
from lastcall.core.plan import Change, Insert, InsertMissing, Plan, Write
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Store
from lastcall.core.telling.announcement import Announcement
from lastcall.core.telling.delivery import KEPT, QUEUED, UNDONE, WAITING, Delivery, Reader
from lastcall.core.telling.interest import Interest
from lastcall.core.telling.matching import interests_in
from lastcall.core.telling.news import News
from lastcall.core.telling.webhook import Webhook

SEND = "delivery.send"


Late = tuple[Announcement, Sequence[Interest]]
"""An announcement made before, and those who came later and must hear of it all the same."""


def spread(
    rows: Store, news: Sequence[News], *, policy: Policy, late: Sequence[Late] = ()
) -> tuple[Plan, list[Announcement]]:
    """The plan, and the announcements it makes. Must go into one transaction with the mark that says what was read."""
    interests = interests_in(rows, (one.msisdn for one in news))
    told = [(one, recipients_of(interests.get(one.msisdn, ()), by=one.at)) for one in news]
    spreading = _Spreading(rows, clock.now(), timedelta(days=policy.told_retry_days))
    made = [spreading.announce(one, recipients) for one, recipients in told if recipients]
    for announcement, latecomers in late:
        for interest in latecomers:
            spreading.deliver(announcement, interest)
    return spreading.plan(), made


def recipients_of(interests: Sequence[Interest], *, by: datetime | None = None) -> list[Interest]:
    """One interest for each consumer, a plain one before a hashed one, the newest first; none that came after ``by``."""
    best: dict[int, Interest] = {}
    for interest in sorted(interests, key=lambda one: (one.hashed, -one.id)):
        if by is None or interest.since <= by:
            best.setdefault(interest.consumer_id, interest)
    return [best[consumer_id] for consumer_id in sorted(best)]


def begin_sending(webhook_id: int, now: datetime) -> InsertMissing:
    """The job that sends what is due to one webhook, unless there is one already."""
    job = Job(id=clock.new_id(), kind=SEND, subject_id=webhook_id, about="", state="queued", due_at=now)
    return InsertMissing(job)


@dataclass
class _Spreading:
    rows: Store
    now: datetime
    retry: timedelta
    writes: list[Write] = field(default_factory=list)
    made: dict[int, Delivery] = field(default_factory=dict)
    readers: dict[int, tuple[Reader, int]] = field(default_factory=dict)
    webhooks: dict[int, Webhook | None] = field(default_factory=dict)
    ends: dict[tuple[int, int], Delivery | None] = field(default_factory=dict)
    ordinals: dict[int, int] = field(default_factory=dict)

    def announce(self, news: News, recipients: Sequence[Interest]) -> Announcement:
        ordinal = self._ordinal(news.msisdn)
        announcement = Announcement(
            id=clock.new_id(), tenure_id=news.tenure_id, msisdn=news.msisdn, kind=news.kind, ordinal=ordinal, at=news.at,
            day=news.day, place=news.place, due_at=news.due_at,
        )  # fmt: skip
        self.writes.append(Insert(announcement))
        for interest in recipients:
            self.deliver(announcement, interest)
        return announcement

    def _ordinal(self, msisdn: int) -> int:
        if msisdn not in self.ordinals:
            last = self.rows.some(Announcement, {"msisdn": msisdn}, order="-ordinal", limit=1)
            self.ordinals[msisdn] = last[0].ordinal if last else 0
        self.ordinals[msisdn] += 1
        return self.ordinals[msisdn]

    def deliver(self, announcement: Announcement, interest: Interest) -> None:
        consumer_id, msisdn = interest.consumer_id, announcement.msisdn
        pushed = self._webhook(consumer_id) is not None
        before = self._end(consumer_id, msisdn) if pushed else None
        delivery = Delivery(
            id=clock.new_id(), consumer_id=consumer_id, announcement_id=announcement.id, msisdn=msisdn,
            cursor=self._cursor(consumer_id), subject=interest.number_key if interest.hashed else f"+{msisdn}",
            reference=interest.reference, state=KEPT, made_at=self.now,
        )  # fmt: skip
        if before is not None:
            self._wait_behind(before, delivery)
            delivery = replace(delivery, state=WAITING)
        elif pushed:
            delivery = replace(
                delivery, state=QUEUED, queued_at=self.now, due_at=self.now, give_up_at=self.now + self.retry
            )
        self.made[delivery.id] = delivery
        if pushed:
            self.ends[consumer_id, msisdn] = delivery

    def _wait_behind(self, before: Delivery, delivery: Delivery) -> None:
        # Guarded by its state, so that the one before is not taken meanwhile without anybody seeing who waits behind it.
        if before.id in self.made:
            self.made[before.id] = replace(self.made[before.id], next_id=delivery.id)
            return
        guard = {"id": before.id, "state": before.state, "next_id": None}
        self.writes.append(Change(Delivery, guard, {"next_id": delivery.id}))

    def _cursor(self, consumer_id: int) -> int:
        if consumer_id not in self.readers:
            reader = self.rows.one(Reader, {"consumer_id": consumer_id})
            assert reader is not None  # made with the first interest
            self.readers[consumer_id] = reader, reader.last
        reader, last = self.readers[consumer_id]
        self.readers[consumer_id] = reader, last + 1
        return last + 1

    def _webhook(self, consumer_id: int) -> Webhook | None:
        if consumer_id not in self.webhooks:
            where = {"consumer_id": consumer_id, "state__in": ("unverified", "active")}
            self.webhooks[consumer_id] = self.rows.one(Webhook, where)
        return self.webhooks[consumer_id]

    def _end(self, consumer_id: int, msisdn: int) -> Delivery | None:
        if (consumer_id, msisdn) not in self.ends:
            where = {"consumer_id": consumer_id, "msisdn": msisdn, "state__in": UNDONE, "next_id": None}
            self.ends[consumer_id, msisdn] = self.rows.one(Delivery, where)
        return self.ends[consumer_id, msisdn]

    def plan(self) -> Plan:
        deliveries: list[Write] = [Insert(delivery) for delivery in self.made.values()]
        cursors: list[Write] = [
            Change(Reader, {"consumer_id": reader.consumer_id, "last": reader.last}, {"last": last})
            for reader, last in self.readers.values()
        ]
        with_due = {one.consumer_id for one in self.made.values() if one.state == QUEUED}
        sending: list[Write] = [
            begin_sending(webhook.id, self.now)
            for webhook in self.webhooks.values()
            if webhook is not None and webhook.consumer_id in with_due
        ]
        return Plan((*self.writes, *deliveries, *cursors, *sending))
