"""The CAMARA APIs about the cast's own lines, on both databases: what is answered is what happened to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from lastcall.core import clock
from lastcall.core.database import DjangoDatabase
from lastcall.core.lookup.documented import APIS, MATCH, RECYCLING, SUBSCRIPTION, TENURE
from lastcall.core.numbers.assign import Terms
from lastcall.core.numbers.port import order_port_out, port_out
from lastcall.core.numbers.range import Range
from lastcall.core.numbers.sweep import sweep
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.policies.present import present_policy
from lastcall.core.relying import asked
from lastcall.core.relying.access import Access
from lastcall.core.subscribers.file import open_file
from lastcall.core.subscribers.line import Line
from lastcall.doors.lookup.camara import match, question, tenure
from lastcall.doors.lookup.errors import ApiError
from tests.cast import ANNA_MSISDN, ANNAS_PASSPORT, FREE_MSISDN, LI_WEI_MSISDN, NIKOLAI, OLGA, PASSPORT, Cast, Holder
from tests.doors.lookup.camara.stage import PATHS
from tests.doors.lookup.conftest import Client, MakeConsumer, MakeToken

BEGAN, TODAY = "2026-01-12", "2026-03-13"


@dataclass(frozen=True)
class Bank:
    """A relying party that fetches a fresh token for each question, however much time goes by."""

    client: Client
    token: MakeToken

    def said(self, api: str, msisdn: int | None = LI_WEI_MSISDN, *, token: str | None = None, **given: Any) -> Any:
        """The answer's body, or its code when it is an error."""
        number = {"phoneNumber": f"+{msisdn}"} if msisdn is not None else {}
        answer = self.client.post(PATHS[api], json={**number, **given}, token=token or self.token())
        return answer.json() if answer.status_code == 200 else answer.json()["code"]

    def recycled(self, day: str, msisdn: int = LI_WEI_MSISDN) -> Any:
        """Number Recycling's answer alone."""
        found = self.said(RECYCLING, msisdn, specifiedDate=day)
        return found["phoneNumberRecycled"] if isinstance(found, dict) else found


@pytest.fixture
def bank(client: Client, token: MakeToken) -> Bank:
    """The "Demo Bank", which may ask everything."""
    return Bank(client, token)


def test_a_number_changes_hands(bank: Bank, cast: Cast) -> None:
    """Li Wei's from 12 January to the end of March, nobody's for its rest, then Sergei's."""
    assert [bank.recycled(day) for day in ("2026-01-11", BEGAN, TODAY, "2026-03-14")] == [
        "OUT_OF_RANGE", False, False, "OUT_OF_RANGE",
    ]  # fmt: skip
    cast.closed(cast.li_wei)
    ceased = clock.now().date()
    assert [bank.recycled(day) for day in (BEGAN, TODAY, ceased.isoformat())] == [True, True, True]
    cast.time.advance(timedelta(days=cast.policy.quarantine_days + 1))
    sweep(cast.base)
    assert bank.recycled(ceased.isoformat()) is True
    cast.give_line(cast.sergei, LI_WEI_MSISDN)
    again = clock.now().date()
    days = (BEGAN, ceased, again - timedelta(days=1), again)
    assert [bank.recycled(str(day)) for day in days] == [True, True, True, False]
    assert bank.recycled(BEGAN, ANNA_MSISDN) is False
    assert bank.said(TENURE, tenureDate=str(again)) == {"tenureDateCheck": True, "contractType": "PAYG"}
    assert bank.said(TENURE, tenureDate=BEGAN) == {"tenureDateCheck": False, "contractType": "PAYG"}
    assert bank.said(MATCH, name="Li Wei", idDocument=PASSPORT[2])["nameMatch"] == "false"


def test_nobody_holds_a_closed_line(bank: Bank, cast: Cast) -> None:
    """Only Number Recycling is about the number; the others are about its holder."""
    cast.closed(cast.li_wei)
    assert bank.said(TENURE, tenureDate=BEGAN) == "IDENTIFIER_NOT_FOUND"
    assert bank.said(SUBSCRIPTION) == "IDENTIFIER_NOT_FOUND"
    assert bank.said(MATCH, name="Li Wei") == "IDENTIFIER_NOT_FOUND"


def test_a_number_that_was_never_held_or_is_not_ours_is_not_found(bank: Bank, cast: Cast) -> None:
    other = Range(id=2, first=79990000000, last=79990009999, operator_id=None, region="", territory="")
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(other),))))
    for msisdn in (FREE_MSISDN, 79990000001, 79888888888):
        assert bank.said(RECYCLING, msisdn, specifiedDate=TODAY) == "IDENTIFIER_NOT_FOUND"
        assert bank.said(TENURE, msisdn, tenureDate=TODAY) == "IDENTIFIER_NOT_FOUND"
        assert bank.said(SUBSCRIPTION, msisdn) == "IDENTIFIER_NOT_FOUND"
        assert bank.said(MATCH, msisdn, name="Li Wei") == "IDENTIFIER_NOT_FOUND"


def test_a_number_that_went_to_another_operator_is_not_found(bank: Bank, cast: Cast) -> None:
    assert cast.li_wei.line is not None
    order_port_out(cast.base, line_id=cast.li_wei.line.id, actor=NIKOLAI)
    assert bank.said(SUBSCRIPTION)["voiceSmsIn"] == "active", "an order alone takes nothing away"
    port_out(cast.base, line_id=cast.li_wei.line.id, actor=NIKOLAI)
    assert bank.recycled(TODAY) == "IDENTIFIER_NOT_FOUND"
    assert bank.said(SUBSCRIPTION) == bank.said(MATCH, name="Li Wei") == "IDENTIFIER_NOT_FOUND"


def test_a_line_in_its_cease_is_suspended_before_it_is_gone(bank: Bank, cast: Cast) -> None:
    working = {"voiceSmsIn": "active", "voiceSmsOut": "active", "dataService": "active"}
    cast.on_hold(cast.li_wei)
    assert bank.said(SUBSCRIPTION) == working
    assert cast.li_wei.line is not None
    mark = Change(Line, {"id": cast.li_wei.line.id, "ceasing_at": None}, {"ceasing_at": clock.now()})
    cast.base.transact(lambda rows: rows.apply(Plan((mark,))))
    assert set(bank.said(SUBSCRIPTION).values()) == {"suspended"}
    assert bank.said(SUBSCRIPTION, ANNA_MSISDN) == working


def test_the_contract_is_that_of_the_line(bank: Bank, cast: Cast) -> None:
    cast.give_line(cast.sergei, FREE_MSISDN, terms=Terms(plan="postpaid"))
    firm = open_file(cast.base, name="ООО Ромашка", kind="organisation", actor=OLGA)
    cast.give_line(Holder(firm, ANNAS_PASSPORT, cast.anna.mail), FREE_MSISDN + 1)
    kinds = [bank.said(TENURE, msisdn, tenureDate=TODAY)["contractType"]
             for msisdn in (LI_WEI_MSISDN, FREE_MSISDN, FREE_MSISDN + 1)]  # fmt: skip
    assert kinds == ["PAYG", "PAYM", "Business"]
    assert bank.said(MATCH, FREE_MSISDN + 1, name="ООО «Ромашка»", nationality="RU") == {
        "nameMatch": "true", "nationalityMatch": "not_available",
    }  # fmt: skip


def test_what_is_on_file_is_compared(bank: Bank, cast: Cast) -> None:
    known: dict[str, Any] = {
        "idDocument": "e 1234 5678", "idDocumentType": "passport", "idDocumentExpiryDate": "2030-01-01", "name": "WEI LI",
        "email": "LI@example.org", "nationality": "cn", "givenName": "Wei", "birthdate": "2000-02-29",
    }  # fmt: skip
    assert bank.said(MATCH, **known) == {
        "idDocumentMatch": "true", "idDocumentTypeMatch": "true", "idDocumentExpiryDateMatch": "not_available",
        "nameMatch": "true", "emailMatch": "true", "nationalityMatch": "true", "givenNameMatch": "not_available",
        "birthdateMatch": "not_available",
    }  # fmt: skip
    other = bank.said(MATCH, ANNA_MSISDN, **known)
    assert (other["idDocumentMatch"], other["nameMatch"], other["emailMatch"]) == ("false", "false", "false")
    assert {name for name in other if name.endswith("Score")} == {"nameMatchScore", "emailMatchScore"}


def test_the_operator_may_demand_the_document_and_keep_scores(
    bank: Bank, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def strict() -> Policy:
        return replace(present_policy(), lookup_match_needs_document=True, lookup_match_scores=False)

    monkeypatch.setattr(match, "present_policy", strict)
    assert bank.said(MATCH, name="Li Wen") == "KNOW_YOUR_CUSTOMER.ID_DOCUMENT_REQUIRED"
    assert bank.said(MATCH, name="Li Wen", idDocument=ANNAS_PASSPORT[2]) == "KNOW_YOUR_CUSTOMER.ID_DOCUMENT_MISMATCH"
    assert bank.said(MATCH, name="Li Wen", idDocument=PASSPORT[2]) == {
        "nameMatch": "false",
        "idDocumentMatch": "true",
    }


def test_the_operator_may_demand_the_subscribers_sign_in(
    bank: Bank, cast: Cast, token: MakeToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = replace(present_policy(), lookup_three_legged_only=(TENURE, SUBSCRIPTION, MATCH))
    monkeypatch.setattr(question, "present_policy", lambda: strict)
    mine: dict[str, dict[str, Any]] = {TENURE: {"tenureDate": TODAY}, SUBSCRIPTION: {}, MATCH: {"name": "Li Wei"}}
    assert {bank.said(api, **mine[api]) for api in mine} == {"PERMISSION_DENIED"}
    bound = token(msisdn=LI_WEI_MSISDN)
    assert all(isinstance(bank.said(api, None, token=bound, **mine[api]), dict) for api in mine)
    assert bank.recycled(TODAY) is False, "which is about the number, not about its holder"


def test_the_operator_may_look_back_less_far(bank: Bank, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenure, "present_policy", lambda: replace(present_policy(), lookup_tenure_days_max=30))
    assert bank.said(TENURE, tenureDate="2026-02-11") == {"tenureDateCheck": True, "contractType": "PAYG"}
    assert bank.said(TENURE, tenureDate="2026-02-10") == "OUT_OF_RANGE"


def test_a_day_is_a_day_on_the_operators_clocks(bank: Bank, cast: Cast) -> None:
    """At 21:30 UTC it is the next day in Moscow."""
    assert bank.recycled("2026-03-14") == "OUT_OF_RANGE"
    cast.time.advance(timedelta(hours=12, minutes=30))
    assert bank.recycled("2026-03-14") is False


def test_a_token_for_a_line_ends_with_its_holding(bank: Bank, cast: Cast, token: MakeToken) -> None:
    bound = token(msisdn=LI_WEI_MSISDN)
    mine = {
        RECYCLING: {"specifiedDate": TODAY},
        TENURE: {"tenureDate": TODAY},
        SUBSCRIPTION: {},
        MATCH: {"name": "Li Wei"},
    }
    assert all(isinstance(bank.said(api, None, token=bound, **mine[api]), dict) for api in APIS)
    cast.closed(cast.li_wei)
    fresh = token(msisdn=ANNA_MSISDN)
    assert [bank.said(api, None, token=bound, **mine[api]) for api in APIS] == ["UNAUTHENTICATED"] * 4
    assert isinstance(bank.said(SUBSCRIPTION, None, token=fresh), dict)


def test_a_token_for_a_line_says_nothing_of_the_next_holder(bank: Bank, cast: Cast) -> None:
    """Even where the line changed hands between the check of the token and the reading of the rows."""
    assert cast.li_wei.line is not None
    access = Access(
        consumer_id=1, name="Demo Bank", category="bank", scopes=frozenset(), purpose="dpv:FraudPreventionAndDetection",
        tenure_id=cast.li_wei.line.tenure_id, msisdn=ANNA_MSISDN, sandbox=False, expires_at=clock.now(),
    )  # fmt: skip
    late = question.Question(MATCH, access, {}, ANNA_MSISDN)
    with pytest.raises(ApiError) as refused:
        late.real(late.held)
    assert (refused.value.status, refused.value.code) == (401, "UNAUTHENTICATED")
    fresh = replace(late, msisdn=LI_WEI_MSISDN)
    assert fresh.real(fresh.held).id == cast.li_wei.line.tenure_id


def test_the_leaver_can_see_who_asked(bank: Bank, cast: Cast, token: MakeToken, consumer: MakeConsumer) -> None:
    """Each question of a real consumer is noted, whatever the answer; a sandbox's never is."""
    bank.recycled(TODAY)
    bank.recycled("2020-01-01")
    bank.said(TENURE, tenureDate=TODAY)
    bank.said(SUBSCRIPTION)
    bank.said(MATCH, name="Zhou Qing")
    sandbox = token(consumer("Sandbox Bank", sandbox=True))
    bank.said(SUBSCRIPTION, token=sandbox)
    assert _asked(cast.base) == [("bank", 5)]


def _asked(base: DjangoDatabase) -> list[tuple[str, int]]:
    asked.gather(base)
    since = clock.now().date()
    found = base.transact(lambda rows: asked.of_number(rows, msisdn=LI_WEI_MSISDN, since=since, until=None))
    return [(one.category, one.times) for one in found]
