"""One number, from Li Wei to Anna, as a bank sees it: told at every step, right answers at every moment, and seen by Li Wei."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lastcall.core.lookup.bulk.check import check
from lastcall.core.lookup.days import day_of, today
from lastcall.core.lookup.index.build import build
from lastcall.core.lookup.index.file import Index
from lastcall.core.lookup.index.place import index_path
from lastcall.core.lookup.index.update import update
from lastcall.core.numbers.status import get_number_status
from lastcall.core.relying import asked
from lastcall.core.relying import tokens as access_tokens
from lastcall.core.telling import telling
from lastcall.doors.lookup import lookup
from lastcall.site.periodic import keep_up
from tests.cast import LI_WEI_MSISDN, Cast
from tests.doors.lookup.conftest import (  # noqa: F401 - fixtures
    Client,
    app,
    client,
    consumer,
    here,
    settings_folder,
    token,
)
from tests.relying import registered

PLUS = f"+{LI_WEI_MSISDN}"


class Bank:
    """A relying party that wants to be told of Li Wei's number, and asks in every way there is."""

    def __init__(self, cast: Cast, door: Client) -> None:
        self.cast, self.party = cast, registered(cast.base, "Careful Bank")
        self._client, self._cursor = door, ""
        self._heard: list[str] = []
        assert self.http.post("/lookup/v1/interests", json={"numbers": [PLUS]}).status_code == 200

    @property
    def http(self) -> Client:
        """The door, with a token of this moment."""
        bank = self.party.consumer
        return self._client.with_token(access_tokens.issue(self.cast.base, consumer=bank, scopes=bank.scopes.split()))

    def asks(self, day: Any, semantics: str) -> str:
        """The answer of one reading over HTTP."""
        said = self.http.post("/lookup/v1/check", json={"number": PLUS, "date": str(day), "semantics": semantics})
        assert said.status_code == 200, said.text
        return str(said.json()["answer"])

    def asks_camara(self, day: Any) -> Any:
        """The boolean of CAMARA's Number Recycling."""
        said = self.http.post("/number-recycling/v0.2/check", json={"phoneNumber": PLUS, "specifiedDate": str(day)})
        return said.json().get("phoneNumberRecycled", said.json().get("code"))

    def asks_in_bulk(self, folder: Path, days: list[Any]) -> list[str]:
        """The same by a file, from the index."""
        source, target = folder / "ask.csv", folder / "answers.csv"
        source.write_text("number,date\n" + "".join(f"{PLUS},{day}\n" for day in days), encoding="utf-8")
        with_index = Index.open(index_path())
        check(
            source, target, semantics="camara", format="csv", index=with_index, database=self.cast.base,
            policy=self.cast.policy, resume=False,
        )  # fmt: skip
        with_index.close()
        with target.open(encoding="utf-8", newline="") as answers:
            return [row["answer"] for row in csv.DictReader(answers)]

    def reads_the_feed(self) -> None:
        """As it does again and again: events are kept for a time only."""
        said = self.http.get("/lookup/v1/events", params={"after": self._cursor} if self._cursor else {})
        assert said.status_code == 200, said.text
        self._cursor = said.headers["x-lastcall-cursor"]
        self._heard += [event["type"].split(".")[-2] for event in said.json()]

    def hears(self) -> list[str]:
        """The kinds that came since the last time."""
        heard, self._heard = self._heard, []
        return heard


@pytest.fixture
def bank(cast: Cast, client: Client) -> Bank:  # noqa: F811
    """A bank with an index behind the door."""
    build(cast.base, path=index_path(), policy=cast.policy)
    lookup.forget()
    return Bank(cast, client)


def pass_days(bank: Bank, days: int) -> None:
    """Time passes, day by day, with all that is done beside the jobs; then the index is current."""
    for _ in range(days):
        bank.cast.time.advance(timedelta(days=1))
        keep_up(bank.cast.base)
    update(bank.cast.base, path=index_path(), policy=bank.cast.policy)
    lookup.forget()
    bank.reads_the_feed()


def until(bank: Bank, state: str) -> None:
    """Days pass until the number is in that state."""
    for _ in range(60):
        if get_number_status(bank.cast.base, LI_WEI_MSISDN).state == state:
            return
        pass_days(bank, 10)
    raise AssertionError(f"never {state}")


def test_a_bank_is_told_at_every_step_and_never_reaches_anna_for_li_wei(bank: Bank, tmp_path: Path) -> None:
    cast, signed_up = bank.cast, today()
    assert (bank.asks_camara(signed_up), bank.asks(signed_up, "rich")) == (False, "same_holder")

    receipt = cast.closed()
    pass_days(bank, 1)
    assert bank.hears() == ["ceased"]
    assert (bank.asks_camara(signed_up), bank.asks(signed_up, "disconnect")) == (True, "yes")
    assert bank.asks(signed_up, "rich") == "pending_release"

    until(bank, "quarantined")
    assert bank.asks(signed_up, "rich") == "quarantined"
    until(bank, "available")
    assert bank.hears() == ["reclaim_ended", "release_soon"]
    assert bank.asks(signed_up, "rich") == "not_held"

    cast.give_line(cast.anna, LI_WEI_MSISDN)
    annas_first_day = today()
    pass_days(bank, 2)
    assert bank.hears() == ["reissued"]
    assert bank.asks(signed_up, "rich") == "reissued"
    assert (bank.asks_camara(signed_up), bank.asks_camara(annas_first_day)) == (True, False)
    assert bank.asks_in_bulk(tmp_path, [signed_up, annas_first_day, "2023-02-30"]) == ["true", "false", ""]

    asked.gather(cast.base)
    case = cast.case(receipt)
    since, now = day_of(case.declared_at), today()
    seen = cast.base.transact(lambda rows: asked.of_number(rows, msisdn=LI_WEI_MSISDN, since=since, until=now))
    told = cast.base.transact(lambda rows: telling.of_number(rows, msisdn=LI_WEI_MSISDN, since=since, until=now))
    assert {one.category for one in (*seen, *told)} == {"bank"}
    assert seen and told
