"""One small story whose numbers are known by hand.

Friday 13 March 2026, 12:00 in Moscow. Li Wei declares on the web, gives a wrong document after two hours, shows who he is in the
shop after three, and keeps the SIM; the line is switched off twenty minutes after its hold. Anna declares by phone, proves herself
from afar and signs an hour later, is referred to a person, and Irina approves five hours after that; at the end Anna takes it back.
A third declaration, about a number of nobody, waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from lastcall.core.closing import evidence, identity, withdraw
from lastcall.core.closing.receipts import Receipt
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, OLGA, ON_THE_WEB, SERGEIS_PASSPORT, Cast

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Story:
    """The declarations of the story."""

    li_wei: Receipt
    anna: Receipt
    nobody: Receipt


def begun(cast: Cast) -> Story:
    """All three have declared and the checks have run."""
    story = Story(
        li_wei=cast.declare(LI_WEI_MSISDN),
        anna=cast.declare(ANNA_MSISDN, door="hotline", language="ru"),
        nobody=cast.declare(FREE_MSISDN),
    )
    cast.work()
    return story


def accepted(cast: Cast) -> Story:
    """Li Wei is on hold, Anna in review, the third waits."""
    story = begun(cast)
    cast.time.advance(HOUR)
    cast.prove_remotely(story.anna, cast.anna)
    cast.keep_sim(story.anna)
    evidence.sign(cast.base, case_id=story.anna.case_id, actor=OLGA)
    cast.work()
    assert cast.case(story.anna).state == "review"
    cast.time.advance(HOUR)
    _wrong(cast, story.li_wei)
    cast.time.advance(HOUR)
    cast.prove_in_person(story.li_wei, cast.li_wei)
    cast.keep_sim(story.li_wei)
    cast.work()
    assert cast.case(story.li_wei).state == "on_hold"
    return story


def _wrong(cast: Cast, receipt: Receipt) -> None:
    kind, issuer, number = SERGEIS_PASSPORT
    identity.verify_document(
        cast.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, actor=ON_THE_WEB
    )


def closed(cast: Cast) -> Story:
    """Li Wei's line has ceased, and Anna has taken her declaration back."""
    story = accepted(cast)
    cast.time.advance(3 * HOUR)
    cast.approve(story.anna)
    cast.work()
    until = cast.case(story.li_wei).hold_until
    assert until is not None
    cast.time.advance(until + timedelta(minutes=20) - cast.time.now())
    cast.work()
    withdraw.withdraw(cast.base, case_id=story.anna.case_id, actor=ON_THE_WEB)
    assert [cast.case(one).state for one in (story.li_wei, story.anna, story.nobody)] == [
        "closed",
        "withdrawn",
        "waiting",
    ]
    return story
