"""Papers by post: a cover sheet with a barcode, and the arrival that staff scan."""

from __future__ import annotations

import re

from lastcall.core.closing import papers
from lastcall.core.closing.paper import PaperSheet
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.story import tell_story
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.errors import BadInput, NotAllowed, NotFound
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, OLGA, ON_THE_WEB, SOMEBODY, Cast
from tests.core.tools import nothing_changes, only, race, refused, some, winners, written


def announce(cast: Cast, receipt: Receipt, *kinds: str) -> PaperSheet:
    return papers.announce(
        cast.base, case_id=receipt.case_id, kinds=kinds or ("statement", "document_copy"), actor=ON_THE_WEB
    )


def happened(cast: Cast, receipt: Receipt) -> list[str]:
    return [told.code for told in tell_story(cast.base, case=cast.case(receipt)).happened]


def test_a_sheet_has_a_barcode_that_is_kept_nowhere(cast: Cast) -> None:
    sheet = announce(cast, cast.declare())
    assert re.fullmatch("LC1-[0-9A-HJKMNP-TV-Z]{16}", sheet.barcode)
    assert sheet.barcode not in written()
    assert sheet.barcode.removeprefix("LC1-") not in written()
    assert sheet.kinds == "statement document_copy"


def test_its_arrival_is_scanned_and_told(cast: Cast) -> None:
    receipt = cast.declare()
    sheet = announce(cast, receipt)
    case = papers.arrived(cast.base, barcode=sheet.barcode, actor=OLGA)
    assert (case.id, case.papers_arrived_at) == (receipt.case_id, cast.time.now())
    assert happened(cast, receipt) == ["declared", "papers_announced", "papers_arrived"]
    [kept] = cast.base.transact(lambda rows: papers.sheets(rows, receipt.case_id))
    assert (kept.arrived_at, kept.received_by) == (cast.time.now(), "clerk:olga")


def test_a_barcode_is_read_however_it_is_typed(cast: Cast) -> None:
    receipt = cast.declare()
    sheet = announce(cast, receipt)
    typed = f" lc1 - {sheet.barcode[4:12].lower()} {sheet.barcode[12:].lower().replace('0', 'o').replace('1', 'l')} "
    assert papers.arrived(cast.base, barcode=typed, actor=OLGA).id == receipt.case_id


def test_printed_twice_it_is_one_sheet_and_other_papers_have_another(cast: Cast) -> None:
    receipt = cast.declare()
    first = announce(cast, receipt, "statement", "document_copy")
    with nothing_changes():
        assert announce(cast, receipt, "document_copy", "statement") == first
    other = announce(cast, receipt, "power_of_attorney")
    assert other.barcode != first.barcode
    papers.arrived(cast.base, barcode=first.barcode, actor=OLGA)
    assert announce(cast, receipt, "statement", "document_copy").id not in {first.id, other.id}


def test_a_line_of_ours_and_a_free_number_get_the_same_answer(cast: Cast) -> None:
    told = []
    for msisdn in (LI_WEI_MSISDN, FREE_MSISDN):
        receipt = cast.declare(msisdn)
        papers.arrived(cast.base, barcode=announce(cast, receipt).barcode, actor=OLGA)
        cast.work()
        told.append([(entry.code, entry.reason) for entry in tell_story(cast.base, case=cast.case(receipt)).happened])
    assert told[0] == told[1]


def test_what_cannot_be_is_bad_input(cast: Cast) -> None:
    receipt = cast.declare()
    with refused("bad_papers", BadInput):
        announce(cast, receipt, "love_letter")
    with refused("no_papers", BadInput):
        papers.announce(cast.base, case_id=receipt.case_id, kinds=(), actor=ON_THE_WEB)


def test_only_staff_take_papers_in_and_each_sheet_once(cast: Cast) -> None:
    sheet = announce(cast, cast.declare())
    for actor in (ON_THE_WEB, SOMEBODY):
        with refused("not_staff"):
            papers.arrived(cast.base, barcode=sheet.barcode, actor=actor)
    with refused("not_found", NotFound):
        papers.arrived(cast.base, barcode="LC1-0000000000000000", actor=OLGA)
    papers.arrived(cast.base, barcode=sheet.barcode, actor=OLGA)
    with refused("already_arrived"):
        papers.arrived(cast.base, barcode=sheet.barcode, actor=OLGA)


def test_for_a_case_that_has_ended_no_sheet_is_made_but_the_post_is_still_noted(cast: Cast) -> None:
    receipt = cast.declare()
    sheet = announce(cast, receipt)
    withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    with refused("not_allowed", NotAllowed):
        announce(cast, receipt)
    assert papers.arrived(cast.base, barcode=sheet.barcode, actor=OLGA).state == "withdrawn"
    assert happened(cast, receipt)[-1] == "papers_arrived"


def test_scanned_by_two_at_once_it_arrived_once(cast: Cast) -> None:
    sheet = announce(cast, cast.declare())
    answers = race(*[lambda: papers.arrived(cast.base, barcode=sheet.barcode, actor=OLGA)] * 3)
    assert len(winners(answers)) == 1
    assert only(cast.base, PaperSheet, id=sheet.id).arrived_at is not None


def test_asked_for_twice_at_once_it_is_one_sheet(cast: Cast) -> None:
    receipt = cast.declare()
    winners(race(*[lambda: announce(cast, receipt)] * 3))
    assert len(some(cast.base, PaperSheet, case_id=receipt.case_id)) == 1
