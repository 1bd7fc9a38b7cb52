"""Each invariant: a life in order passes, and a planted breach is reported under exactly its name."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lastcall.core import clock
from lastcall.core.audit.auditor import judge
from lastcall.core.audit.invariants import INVARIANTS
from lastcall.core.audit.life import Life
from lastcall.core.clock import ManualClock
from lastcall.core.closing.photos import destroy, give_photo
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.forgetting import forget
from lastcall.core.numbers.transfer import transfer
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, OLGA, ON_THE_WEB, Cast
from tests.core.audit import stories
from tests.core.audit.plants import PLANTS, Planted
from tests.core.closing.reader import Reader
from tests.core.counter.conftest import Counter
from tests.core.simcard.at_the_counter import at_the_window
from tests.databases import opened
from tests.doors.desk.staffed import CENTRE, NORTH, Staffed

_SERGEIS_MSISDN = 79000001005
_LI_WEIS_OTHER = 79000001006
_LI_WEIS_THIRD = 79000001007
_LI_WEIS_FOURTH = 79000001008
_MONDAY = datetime(2026, 1, 12, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def lives(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Life]:
    """A life at each stage, as the database held it."""
    folder = tmp_path_factory.mktemp("lives")
    copy = shutil.copy(sqlite_template, folder / "lastcall.sqlite3")
    with clock.use(ManualClock(_MONDAY)) as time, opened(f"sqlite:///{copy}") as base:
        assert isinstance(time, ManualClock)
        return _told(Cast.play(base, time, folder))


def _told(cast: Cast) -> dict[str, Life]:
    told = {"in_service": stories.life_of(cast, LI_WEI_MSISDN)}
    told |= _photographed(cast)
    cast.declare(FREE_MSISDN)
    told["declared"] = stories.life_of(cast, FREE_MSISDN)
    told |= _leaving(cast)
    told["closed"] = stories.life_of(cast, LI_WEI_MSISDN)
    told |= _annas(cast)
    cast.give_line(cast.sergei, LI_WEI_MSISDN)
    told |= {"next_holder": stories.life_of(cast, LI_WEI_MSISDN)}
    return told | _freed_early(cast) | _longer(cast) | _transferred(cast) | _saved(cast)


def _photographed(cast: Cast) -> dict[str, Life]:
    cast.give_line(cast.sergei, _SERGEIS_MSISDN)
    receipt = cast.declare(_SERGEIS_MSISDN)
    cast.prove_remotely(receipt, cast.sergei)
    give_photo(cast.base, case_id=receipt.case_id, upload=b"a picture", reader=Reader(), actor=ON_THE_WEB)
    told = {"photographed": stories.life_of(cast, _SERGEIS_MSISDN)}
    withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    destroy(cast.base, case_id=receipt.case_id)
    return told | {"photograph_gone": stories.life_of(cast, _SERGEIS_MSISDN)}


def _leaving(cast: Cast) -> dict[str, Life]:
    told = {}
    receipt = cast.declare(LI_WEI_MSISDN)
    cast.work()
    told["waiting"] = stories.life_of(cast, LI_WEI_MSISDN)
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    told["review"] = stories.life_of(cast, LI_WEI_MSISDN)
    cast.approve(receipt)
    cast.work()
    told["on_hold"] = stories.life_of(cast, LI_WEI_MSISDN)
    cast.time.advance(timedelta(days=8))
    cast.work()
    return told


def _freed_early(cast: Cast) -> dict[str, Life]:
    """Sergei leaves the number; two number managers end its quarantine, and Anna gets it."""
    cast.time.advance(timedelta(days=60))
    cast.closed(cast.sergei)
    stories.end_quarantine_early(cast, LI_WEI_MSISDN)
    cast.give_line(cast.anna, LI_WEI_MSISDN)
    return {"freed_early": stories.life_of(cast, LI_WEI_MSISDN)}


def _longer(cast: Cast) -> dict[str, Life]:
    """Li Wei leaves another number, asks for a longer rest, and people go on calling it; it was announced late, too."""
    cast.give_line(cast.li_wei, _LI_WEIS_OTHER)
    cast.time.advance(timedelta(days=60))
    receipt = cast.closed(cast.li_wei)
    stories.rest_longer(cast, receipt)
    told = {"rests_longer": stories.life_of(cast, _LI_WEIS_OTHER)}
    stories.announce_late(cast, _LI_WEIS_OTHER)
    return told | {"announced_late": stories.life_of(cast, _LI_WEIS_OTHER)}


def _transferred(cast: Cast) -> dict[str, Life]:
    """Li Wei's third number goes to Sergei."""
    line = cast.give_line(cast.li_wei, _LI_WEIS_THIRD)
    card = cast.new_sim().iccid
    transfer(cast.base, line_id=line.id, to_subscriber_id=cast.sergei.subscriber.id, iccid=card, actor=OLGA)
    cast.work()
    return {"transferred": stories.life_of(cast, _LI_WEIS_THIRD)}


def _saved(cast: Cast) -> dict[str, Life]:
    """Li Wei brings the card of a fourth number to the counter; what it was saved to is deleted a day later."""
    cast.give_line(cast.li_wei, _LI_WEIS_FOURTH)
    staffed = Staffed.of(cast)
    visit = at_the_window(Counter(cast, staffed.shops[CENTRE], staffed.shops[NORTH]), cast.li_wei)
    handling = visit.taken()
    visit.save(handling)
    visit.done(handling)
    told = {"saved": stories.life_of(cast, _LI_WEIS_FOURTH)}
    cast.time.advance(timedelta(hours=24))
    forget(cast.base, policy=cast.policy)
    return told | {"saved_and_gone": stories.life_of(cast, _LI_WEIS_FOURTH)}


def _annas(cast: Cast) -> dict[str, Life]:
    told = {}
    stories.take_back(cast, cast.anna)
    told["withdrawn"] = stories.life_of(cast, ANNA_MSISDN)
    receipt = cast.ceasing(cast.anna)
    told["ceasing"] = stories.life_of(cast, ANNA_MSISDN)
    cast.work()
    stories.have_back(cast, receipt, cast.anna)
    told["given_back"] = stories.life_of(cast, ANNA_MSISDN)
    stories.correct(cast, ANNA_MSISDN)
    told["corrected"] = stories.life_of(cast, ANNA_MSISDN)
    stories.rest_to_the_end(cast)
    return told


def _name(planted: Planted) -> str:
    return f"{planted.code}-{planted.story}"


@pytest.mark.parametrize("story", sorted({planted.story for planted in PLANTS}))
def test_a_life_in_order_breaks_nothing(lives: dict[str, Life], story: str) -> None:
    assert list(judge(lives[story])) == []


@pytest.mark.parametrize("planted", PLANTS, ids=_name)
def test_a_planted_breach_is_reported_under_its_name(lives: dict[str, Life], planted: Planted) -> None:
    found = list(judge(planted.plant(lives[planted.story])))
    assert {breach.invariant for breach in found} == {planted.code} | planted.also


@pytest.mark.parametrize("planted", PLANTS, ids=_name)
def test_no_report_holds_a_full_number(lives: dict[str, Life], planted: Planted) -> None:
    for breach in judge(planted.plant(lives[planted.story])):
        assert not re.search(r"(?<!\d)7\d{10}(?!\d)", breach.detail + breach.subject)


def test_every_invariant_has_a_planted_breach() -> None:
    assert {planted.code for planted in PLANTS} == {invariant.code for invariant in INVARIANTS}


def test_every_invariant_names_an_item_of_the_design_and_says_what_it_guards() -> None:
    assert len({invariant.code for invariant in INVARIANTS}) == len(INVARIANTS) >= 18
    assert {invariant.item for invariant in INVARIANTS} == {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}
    assert all(invariant.text.endswith(".") for invariant in INVARIANTS)
