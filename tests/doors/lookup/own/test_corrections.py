"""Corrections over HTTP: a bank that asked after a wrong closing hears that it was none, signed; others hear nothing."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core.actor import NUMBER_MANAGER, Actor
from lastcall.core.lookup import signed
from lastcall.core.numbers import correction
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.relying import asked as journal
from tests.cast import LI_WEI_MSISDN, NIKOLAI, Cast
from tests.core.audit import stories
from tests.core.tools import some
from tests.doors.lookup.own.conftest import Renewing

CHECK = "/lookup/v1/check"
CORRECTIONS = "/lookup/v1/corrections"
LI_WEI = f"+{LI_WEI_MSISDN}"
MARFA = Actor(NUMBER_MANAGER, "marfa", "desk")


def put_right(cast: Cast) -> None:
    """Nikolai asks, Marfa approves: the closing of Li Wei's line was none."""
    (tenure,) = some(cast.base, Tenure, msisdn=LI_WEI_MSISDN, ordinal=1)
    request = correction.ask(
        cast.base, tenure_id=tenure.id, reason="wrong_line", reference="MEMO-17", policy=cast.policy, actor=NIKOLAI
    )
    correction.approve(cast.base, correction_id=request.id, actor=MARFA)
    cast.time.advance(timedelta(minutes=1))


def answer(client: Renewing, semantics: str) -> dict[str, object]:
    found: dict[str, object] = client.post(
        CHECK, json={"number": LI_WEI, "date": "2026-02-01", "semantics": semantics}
    ).json()
    return found


def test_a_closing_that_was_put_right_is_told_signed_to_who_had_asked(
    client: Renewing, rival: Renewing, cast: Cast
) -> None:
    receipt = cast.closed()
    assert answer(client, "disconnect")["answer"] == "yes"
    journal.gather(cast.base)
    stories.have_back(cast, receipt, cast.li_wei)
    assert client.get(CORRECTIONS).json() == {"corrections": [], "cursor": "", "more": False}
    put_right(cast)
    page = client.get(CORRECTIONS).json()
    (told,) = page["corrections"]
    assert (told["number"], told["correction"]) == (LI_WEI, "not_disconnected")
    statement = signed.verify(told.pop("evidence"), keys=client.get("/oauth2/jwks", token="").json())
    assert (statement.kind, statement.audience, statement.said) == ("lookup.correction", "Demo Bank", told)
    assert client.get(CORRECTIONS, params={"after": page["cursor"]}).json()["corrections"] == []
    assert rival.get(CORRECTIONS).json()["corrections"] == []
    assert answer(client, "disconnect")["answer"] == "no"
    assert (answer(client, "rich")["answer"], answer(client, "rich")["corrected"]) == ("same_holder", True)


def test_what_is_no_page_of_the_feed(client: Renewing) -> None:
    for query in ({"after": "x"}, {"after": "f" * 14}, {"limit": "0"}, {"limit": "101"}):
        refused = client.get(CORRECTIONS, params=query)
        assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_ARGUMENT")
