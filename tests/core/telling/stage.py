"""A bank that is told, and short ways to let something happen to a number."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from lastcall.core import clock
from lastcall.core.actor import ADMINISTRATOR, WORKER, Actor
from lastcall.core.database import DjangoDatabase
from lastcall.core.numbers import rules
from lastcall.core.numbers.assign import assign
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.sweep import sweep
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Webhooks
from lastcall.core.relying import consumers
from lastcall.core.relying.access import Access
from lastcall.core.rows import Row
from lastcall.core.store import Store
from lastcall.core.telling import feed, interests, webhooks
from lastcall.core.telling.periodic import handlers, tell
from lastcall.core.work import Worker
from lastcall.elements.webhook.recorded import RecordedWebhooks, Sent
from tests.cast import ANNA_MSISDN, LI_WEI_MSISDN, OLGA, Cast, Holder

R = TypeVar("R", bound=Row)

SVETLANA = Actor(ADMINISTRATOR, "svetlana", "command")
URL = "https://bank.example/hooks/numbers"
LI_WEIS, ANNAS = f"+{LI_WEI_MSISDN}", f"+{ANNA_MSISDN}"


@dataclass
class Stage:
    """The cast, what would have gone out over the net, and a worker that pushes."""

    cast: Cast
    policy: Policy
    net: RecordedWebhooks = field(default_factory=RecordedWebhooks)
    sender: Webhooks | None = None
    """In place of ``net``, where a story has real receivers."""

    @property
    def base(self) -> DjangoDatabase:
        return self.cast.base

    @property
    def worker(self) -> Worker:
        return Worker(self.base, handlers(self.base, webhooks=self.sender or self.net, policy=lambda: self.policy))

    def consumer(self, name: str = "Bank of Tests", **agreed: Any) -> Access:
        """A consumer who is told, and what its token lets it do."""
        words: dict[str, Any] = {"told": True, "category": "bank"} | agreed
        made = consumers.create(
            self.base, name=name, scopes=["lookup:interests", "lookup:feed"], actor=SVETLANA, **words
        ).consumer
        return Access(
            made.id, made.name, made.category, frozenset(made.scopes.split()), made.purpose, None, None, made.sandbox,
            clock.now() + timedelta(hours=1),
        )  # fmt: skip

    def bank(self, *numbers: str, name: str = "Bank of Tests", reference: str = "") -> Access:
        """A bank with a plain interest in ``numbers`` (Li Wei's), and no webhook."""
        access = self.consumer(name)
        self.interested(access, *(numbers or (LI_WEIS,)), reference=reference)
        return access

    def interested(
        self, access: Access, *numbers: str, hashed: bool = False, reference: str = ""
    ) -> interests.Registered:
        return interests.register(
            self.base, access=access, numbers=numbers, hashed=hashed, reference=reference, policy=self.policy
        )

    def with_webhook(self, access: Access, url: str = URL) -> webhooks.WebhookSet:
        """Its webhook, set and verified."""
        made = webhooks.set_url(self.base, access=access, url=url, webhooks=self.sender or self.net)
        self.worker.run_until_idle()
        return made

    def tell(self) -> None:
        """A round of the periodic work, then the worker's."""
        tell(self.base, self.policy)
        self.worker.run_until_idle()

    def later(self, **span: float) -> None:
        """Time passes, then a round."""
        self.cast.time.advance(timedelta(**span))
        self.tell()

    def events(self, access: Access) -> list[dict[str, Any]]:
        """All that is in the consumer's feed."""
        return list(feed.read(self.base, access=access, limit=feed.MOST).events)

    def kinds(self, access: Access) -> list[str]:
        return [event["data"]["kind"] for event in self.events(access)]

    def posts(self) -> list[Sent]:
        return [sent for sent in self.net.sent if sent.method == "POST"]

    def posted(self) -> list[str]:
        """The kinds that were pushed, in order."""
        return [body(sent)["data"]["kind"] for sent in self.posts()]

    def rows(self, kind: type[R], /, **where: object) -> list[R]:
        return self.base.transact(lambda rows: rows.some(kind, where))

    def happens(self, msisdn: int, act: Any) -> None:
        """Apply the plan that ``act`` makes of the number's life."""

        def apply(rows: Store) -> None:
            plan = act(read_life(rows, msisdn))
            rows.apply(plan if isinstance(plan, Plan) else plan[1])

        self.base.transact(apply)

    def ceased(self, msisdn: int = LI_WEI_MSISDN) -> None:
        """The number's line was closed, and the network has confirmed it."""
        now = clock.now()
        self.happens(
            msisdn,
            lambda life: rules.cease(
                life, tenure=life.latest, confirmed_at=now, policy=self.policy, actor=WORKER, now=now, case_id=1
            ),
        )

    def given_back(self, msisdn: int = LI_WEI_MSISDN) -> None:
        """The former holder has it back."""
        now = clock.now()
        self.happens(
            msisdn,
            lambda life: rules.reactivate(
                life, former=life.latest, subscriber_id=life.latest.subscriber_id, actor=WORKER, now=now, approver="-"
            ),
        )

    def given_to(self, holder: Holder, msisdn: int = LI_WEI_MSISDN) -> None:
        """Somebody gets the free number."""
        sim = self.cast.new_sim()
        assign(self.base, msisdn=msisdn, iccid=sim.iccid, subscriber_id=holder.subscriber.id, actor=OLGA)

    def swept(self) -> None:
        sweep(self.base, policy=self.policy)

    def rested(self, msisdn: int = LI_WEI_MSISDN) -> None:
        """The former holder's time passes, and the number is in quarantine."""
        self._until(self.tenure(msisdn).reclaim_until)
        self.swept()
        self.tell()

    def near_its_release(self, msisdn: int = LI_WEI_MSISDN) -> None:
        """It is a resting number's last two weeks."""
        until = self.tenure(msisdn).quarantine_until
        assert until is not None
        self._until(until - timedelta(days=14, hours=1))

    def released(self, msisdn: int = LI_WEI_MSISDN) -> None:
        """Time passes, with telling and sweeping, until anybody may have the number."""
        self.rested(msisdn)
        self.near_its_release(msisdn)
        self._until(self.tenure(msisdn).quarantine_until)
        self.swept()
        self.tell()
        assert self.state(msisdn) == "available"

    def _until(self, moment: datetime | None) -> None:
        assert moment is not None
        self.later(seconds=(moment - clock.now()).total_seconds())

    def tenure(self, msisdn: int = LI_WEI_MSISDN) -> Tenure:
        """The number's newest."""
        found = self.base.transact(lambda rows: read_life(rows, msisdn)).latest
        assert found is not None
        return found

    def state(self, msisdn: int = LI_WEI_MSISDN) -> str:
        return self.base.transact(lambda rows: read_life(rows, msisdn)).state


def body(sent: Sent) -> dict[str, Any]:
    """The CloudEvent that was pushed."""
    event: dict[str, Any] = json.loads(sent.body)
    return event


def ids(sent: Iterable[Sent]) -> list[str]:
    """Of the events that were pushed."""
    return [each.headers["webhook-id"] for each in sent]
