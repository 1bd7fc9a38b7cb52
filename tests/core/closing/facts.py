"""Facts made up for the pure rules: Li Wei's line as it stands when nothing is missing, to be varied one fact at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lastcall.core.closing.case import Case
from lastcall.core.closing.facts import Bound, Facts
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.policies.load import load
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Account
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact, Representative, Subscriber

OPENED = datetime(2026, 1, 12, 9, tzinfo=UTC)
DECLARED = OPENED + timedelta(days=60)
NOW = DECLARED + timedelta(hours=1)
POLICY = load("demo", on=date(2026, 1, 12)).policy()

LINE = Line(
    id=3, subscriber_id=1, tenure_id=2, sim_id=4, plan="prepaid", currency="RUB", opened_at=OPENED, sim_since=OPENED
)
ACCOUNT = Account(line_id=3, currency="RUB", balance=35_050, refundable=35_050, charging=True, as_of=NOW)
PAPERS = Representative(
    id=6, subscriber_id=1, kind="power_of_attorney", name="Сергей", document_key="", powers="close", notarised=True,
    on_file_since=OPENED,
)  # fmt: skip


def case(**given: Any) -> Case:
    """Declared on the web, proved in the shop, the SIM kept."""
    values: dict[str, Any] = {
        "id": 9, "revision": 3, "state": "checking", "reference_key": "r", "secret_key": "s",
        "claimed_msisdn": 79000001001, "line_id": 3, "tenure_id": 2, "door": "portal", "language": "en",
        "declared_by": "holder", "opener": "holder:-", "declared_at": DECLARED, "legal_end": DECLARED,
        "lapse_at": DECLARED + timedelta(days=30), "policy": {}, "in_person_at": NOW, "document_ok_at": NOW,
        "verifier": "clerk:olga", "sim_custody": "subscriber",
    }  # fmt: skip
    return Case(**(values | given))


def bound(*, line: dict[str, Any] | None = None, subscriber: dict[str, Any] | None = None, **given: Any) -> Bound:
    """Li Wei's line; ``line`` and ``subscriber``: what is different about them."""
    holder = Subscriber(
        id=1, kind="person", name="李伟", name_latin="Li Wei", citizenship="CN", language="zh-hans", created_at=OPENED
    )
    values: dict[str, Any] = {
        "line": replace(LINE, **line or {}),
        "tenure": Tenure(id=2, msisdn=79000001001, ordinal=1, subscriber_id=1, since=OPENED),
        "sim": Sim(id=4, iccid="", imsi="", form="card", state="active", custody="subscriber", active_since=OPENED),
        "subscriber": replace(holder, **subscriber or {}),
        "contacts": (Contact(id=5, subscriber_id=1, kind="mail", sealed_address="", on_file_since=OPENED),),
        "dependents": 0,
    }
    return Bound(**(values | given))


def facts(
    *,
    about: dict[str, Any] | None = None,
    line: dict[str, Any] | None = None,
    subscriber: dict[str, Any] | None = None,
    policy: dict[str, Any] | None = None,
    now: datetime = NOW,
    account: Account | None = ACCOUNT,
    representative: Representative | None = None,
    **belongings: Any,
) -> Facts:
    """The facts, with what ``about`` the case, the ``line``, the ``subscriber`` or the ``policy`` is different."""
    tied = bound(line=line, subscriber=subscriber, **belongings)
    return Facts(now, with_policy(**policy or {}), case(**about or {}), tied, representative, account)


def with_policy(**given: Any) -> Policy:
    """The demonstration operator's policy with some values changed."""
    return replace(POLICY, **given)
