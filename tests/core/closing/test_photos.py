"""The photo of a document: the strongest factor from afar, encrypted while it is needed, gone afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lastcall.core import keyed
from lastcall.core.audit.event import Event
from lastcall.core.audit.reading import readings
from lastcall.core.closing import identity, photos, prove
from lastcall.core.closing.case import Case
from lastcall.core.closing.freeze import freeze
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.review import approve, reject
from lastcall.core.closing.scan import Scan
from lastcall.core.closing.story import tell_story
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.errors import BadInput, LastcallError, NotFound
from lastcall.core.job import Job
from lastcall.core.ports import PassportPage
from tests.cast import IRINA, OLGA, ON_THE_WEB, PASSPORT, SOMEBODY, TIMUR, Cast
from tests.core.closing.reader import (
    ANOTHER_NAMES_PAGE,
    BLURRED_PAGE,
    LI_WEIS_PAGE,
    SOMEBODY_ELSES_PAGE,
    Reader,
    reading,
)
from tests.core.tools import change, nothing_changes, only, race, refused, some, winners, work_until_dead, written

APPEAL = timedelta(hours=72)


def give(cast: Cast, receipt: Receipt, reader: Reader, upload: bytes = b"a picture") -> None:
    photos.give_photo(cast.base, case_id=receipt.case_id, upload=upload, reader=reader, actor=ON_THE_WEB)


def proved(cast: Cast) -> Receipt:
    """Declared, with document and code, the SIM kept."""
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    return receipt


def given(cast: Cast, reader: Reader) -> Receipt:
    """A photo given and read."""
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    give(cast, receipt, reader)
    cast.work()
    return receipt


def state(cast: Cast, receipt: Receipt) -> str:
    case = cast.case(receipt)
    return cast.base.transact(lambda rows: photos.photo_state(rows, case))


def happened(cast: Cast, receipt: Receipt) -> list[str]:
    return [told.code for told in tell_story(cast.base, case=cast.case(receipt)).happened]


def test_a_photo_that_agrees_needs_no_person(cast: Cast) -> None:
    receipt = given(cast, reading(cast))
    case = cast.case(receipt)
    assert (state(cast, receipt), case.photo_ok_at, case.state) == ("matched", cast.time.now(), "on_hold")
    told = happened(cast, receipt)
    assert told.index("photo_given") < told.index("photo_matched") < told.index("accepted")
    assert "review" not in told


def test_until_it_is_read_the_case_waits_and_nobody_owes_anything(cast: Cast) -> None:
    reader = reading(cast)
    reader.down = True
    receipt = given(cast, reader)
    case = cast.case(receipt)
    assert (case.state, case.results["identity"]["reason"]) == ("waiting", "photo_reading")
    cast.time.advance(timedelta(days=1))
    reader.down = False
    cast.work()
    assert cast.case(receipt).state == "on_hold"


@pytest.mark.parametrize("page", [BLURRED_PAGE, ANOTHER_NAMES_PAGE], ids=["blurred", "another name"])
def test_a_doubtful_one_goes_to_a_person(cast: Cast, page: PassportPage) -> None:
    reader = reading(cast)
    reader.page = page
    receipt = given(cast, reader)
    assert (cast.case(receipt).state, cast.case(receipt).results["identity"]["reason"]) == ("review", "photo_unclear")
    cast.approve(receipt)
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_one_of_another_passport_ends_every_proof_from_afar(cast: Cast) -> None:
    reader = reading(cast)
    reader.page = SOMEBODY_ELSES_PAGE
    receipt = given(cast, reader)
    case = cast.case(receipt)
    assert (case.state, case.results["identity"]["reason"]) == ("waiting", "photo_differs")
    with refused("identity_locked"):
        give(cast, receipt, reader)
    with refused("identity_locked"):
        prove.again(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    with refused("identity_locked"):
        identity.new_code(cast.base, case_id=receipt.case_id, contact_id=cast.li_wei.mail.id, actor=TIMUR)
    cast.prove_in_person(receipt, cast.li_wei)
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_a_case_whose_photo_differs_does_not_stand_in_the_holders_way(cast: Cast) -> None:
    reader = reading(cast)
    reader.page = SOMEBODY_ELSES_PAGE
    strangers = given(cast, reader)
    mine = cast.declare()
    cast.prove_in_person(mine, cast.li_wei)
    assert cast.case(mine).line_id is not None
    assert cast.case(strangers).ended_reason == "superseded"


def test_where_the_operator_needs_one_nothing_goes_on_without(cast: Cast) -> None:
    cast.policy = replace(cast.policy, identity_photo="needed", review_on_remote_identity=False)
    reader = reading(cast)
    receipt = proved(cast)
    assert cast.case(receipt).results["identity"]["reason"] == "photo_missing"
    give(cast, receipt, reader)
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_in_the_shop_none_is_needed(cast: Cast) -> None:
    cast.policy = replace(cast.policy, identity_photo="needed")
    cast.on_hold()


def test_a_representatives_is_never_compared_with_the_holders_papers(cast: Cast) -> None:
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    change(cast.base, Case, receipt.case_id, declared_by="representative")
    give(cast, receipt, reader := reading(cast))
    cast.work()
    assert reader.seen
    assert state(cast, receipt) == "unclear"


# when it is not taken


def test_document_and_code_come_first(cast: Cast) -> None:
    receipt, reader = cast.declare(), Reader()
    with refused("identity_missing"):
        give(cast, receipt, reader)
    kind, issuer, number = PASSPORT
    prove.begin(
        cast.base, case_id=receipt.case_id, kind=kind, issuer=issuer, number=number, channel="mail", actor=ON_THE_WEB
    )
    with refused("identity_missing"):
        give(cast, receipt, reader)


def test_it_is_not_wanted_when_off_or_in_person_or_matched_or_read_just_now(cast: Cast) -> None:
    reader = reading(cast)
    receipt = proved(cast)
    give(cast, receipt, reader)
    with refused("photo_not_wanted"):
        give(cast, receipt, reader)
    cast.work()
    with refused("photo_not_wanted"):
        give(cast, receipt, reader)
    in_person = cast.on_hold(cast.anna)
    with refused("photo_not_wanted"):
        give(cast, in_person, reader)
    withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    cast.policy = replace(cast.policy, identity_photo="off")
    off = proved(cast)
    with refused("photo_not_wanted"):
        give(cast, off, reader)


def test_trouble_with_the_file_reaches_the_page_and_keeps_nothing(cast: Cast) -> None:
    receipt = proved(cast)
    with refused("photo_empty", BadInput):
        give(cast, receipt, Reader(), b"")
    with refused("photo_too_big", BadInput):
        give(cast, receipt, Reader(), b"x" * (cast.policy.identity_photo_kilobytes_max * 1024))


def test_a_stranger_gives_none(cast: Cast) -> None:
    receipt = proved(cast)
    with refused("not_allowed", LastcallError):
        photos.give_photo(cast.base, case_id=receipt.case_id, upload=b"x", reader=Reader(), actor=SOMEBODY)


def test_after_so_many_a_person_looks_at_the_last_one(cast: Cast) -> None:
    reader = reading(cast)
    reader.page = BLURRED_PAGE
    receipt = proved(cast)
    for _ in range(cast.policy.identity_photo_tries):
        give(cast, receipt, reader)
        cast.work()
    with refused("too_many_photos"):
        give(cast, receipt, reader)
    standing = [scan for scan in some(cast.base, Scan, case_id=receipt.case_id) if scan.destroyed_at is None]
    assert len(standing) == 1


def test_of_two_given_at_once_one_is_taken(cast: Cast) -> None:
    receipt = proved(cast)
    answers = race(*[lambda: give(cast, receipt, Reader())] * 3)
    assert len(winners(answers)) == 1
    only(cast.base, Scan, case_id=receipt.case_id)


# how it is kept, and how it goes


def test_it_is_kept_encrypted_under_a_key_of_its_own(cast: Cast) -> None:
    reader = reading(cast)
    receipt = proved(cast)
    give(cast, receipt, reader, b"an unmistakable picture")
    assert "unmistakable" not in written()
    scan = only(cast.base, Scan, case_id=receipt.case_id)
    key = keyed.unseal(scan.sealed_key, bound_to=f"closing.scan.key:{scan.id}")
    assert key not in written()
    with pytest.raises(LastcallError):
        keyed.unseal_bytes(scan.sealed_photo, key=keyed.new_key(), bound_to=f"closing.scan.photo:{scan.id}")
    with pytest.raises(LastcallError):
        keyed.unseal_bytes(scan.sealed_photo, key=key, bound_to=f"closing.scan.photo:{scan.id + 1}")
    cast.work()
    assert reader.seen == [b"clean an unmistakable picture"]


def gone(cast: Cast, receipt: Receipt) -> bool:
    [scan] = some(cast.base, Scan, case_id=receipt.case_id)
    if scan.destroyed_at is None:
        assert scan.sealed_photo and scan.sealed_key
        return False
    assert (scan.sealed_photo, scan.sealed_key, scan.method) == ("", "", "crypto_erase")
    events = some(cast.base, Event, case_id=receipt.case_id, kind="photo.destroyed")
    assert [event.at for event in events] == [scan.destroyed_at]
    assert state(cast, receipt) == "destroyed"
    return True


@pytest.mark.parametrize("page", [LI_WEIS_PAGE, SOMEBODY_ELSES_PAGE], ids=["matched", "differs"])
def test_what_the_machine_decided_is_gone_after_the_time_to_appeal(cast: Cast, page: PassportPage) -> None:
    reader = reading(cast)
    reader.page = page
    receipt = given(cast, reader)
    cast.time.advance(APPEAL - timedelta(seconds=1))
    cast.work()
    assert not gone(cast, receipt)
    cast.time.advance(timedelta(seconds=1))
    cast.work()
    assert gone(cast, receipt)
    scan = only(cast.base, Scan, case_id=receipt.case_id)
    assert (scan.kind, scan.issuer) == ("foreign_passport", "CN")


def unclear(cast: Cast) -> Receipt:
    reader = reading(cast)
    reader.page = BLURRED_PAGE
    return given(cast, reader)


def test_an_unclear_one_is_gone_after_a_persons_decision_and_the_time_to_appeal(cast: Cast) -> None:
    receipt = unclear(cast)
    cast.time.advance(timedelta(days=5))
    cast.work()
    assert not gone(cast, receipt)
    approve(cast.base, case_id=receipt.case_id, actor=IRINA)
    cast.time.advance(APPEAL)
    cast.work()
    assert gone(cast, receipt)


def test_a_rejection_leaves_the_time_to_appeal(cast: Cast) -> None:
    receipt = unclear(cast)
    reject(cast.base, case_id=receipt.case_id, actor=IRINA, reason="identity_not_confirmed")
    cast.work()
    assert not gone(cast, receipt)
    cast.time.advance(APPEAL)
    cast.work()
    assert gone(cast, receipt)


def test_with_a_case_that_is_taken_back_it_goes_at_once(cast: Cast) -> None:
    receipt = unclear(cast)
    withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    cast.work()
    assert gone(cast, receipt)


def test_with_a_case_that_lapses_or_closes_it_is_gone(cast: Cast) -> None:
    receipt = given(cast, reading(cast))
    while cast.case(receipt).state != "closed":
        cast.time.advance(timedelta(hours=6))
        cast.work()
    assert gone(cast, receipt)


def test_no_case_however_long_it_takes_keeps_one_beyond_the_cap(cast: Cast) -> None:
    receipt = unclear(cast)
    freeze(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    cast.time.advance(timedelta(days=cast.policy.retention_scan_days_max) - timedelta(seconds=1))
    cast.work()
    assert not gone(cast, receipt)
    cast.time.advance(timedelta(seconds=1))
    cast.work()
    assert gone(cast, receipt)


def test_a_second_photo_has_the_first_destroyed(cast: Cast) -> None:
    reader = reading(cast)
    reader.page = BLURRED_PAGE
    receipt = given(cast, reader)
    give(cast, receipt, reader)
    first, second = sorted(some(cast.base, Scan, case_id=receipt.case_id), key=lambda scan: scan.id)
    assert (first.sealed_photo, first.method) == ("", "crypto_erase")
    assert second.destroyed_at is None


# trouble with the reading


def test_a_reader_that_stays_down_leaves_it_to_a_person(cast: Cast) -> None:
    reader = reading(cast)
    reader.down = True
    receipt = proved(cast)
    give(cast, receipt, reader)
    work_until_dead(cast, "photo.read")
    cast.work()
    assert (cast.case(receipt).state, state(cast, receipt)) == ("review", "unclear")


def test_without_a_reader_a_person_looks(cast: Cast) -> None:
    receipt = proved(cast)
    give(cast, receipt, Reader())
    photos.read(cast.base, scan_id=only(cast.base, Scan, case_id=receipt.case_id).id, photos=None)
    assert state(cast, receipt) == "unclear"


def test_read_twice_it_counts_once(cast: Cast) -> None:
    reader = reading(cast)
    receipt = given(cast, reader)
    reader.page = SOMEBODY_ELSES_PAGE
    with nothing_changes():
        photos.read(cast.base, scan_id=only(cast.base, Scan, case_id=receipt.case_id).id, photos=reader)
    assert len(reader.seen) == 1


def test_one_destroyed_while_it_was_being_read_changes_nothing(cast: Cast) -> None:
    receipt = proved(cast)

    class Slow(Reader):
        def read(self, photo: bytes) -> PassportPage:
            withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
            photos.destroy(cast.base, case_id=receipt.case_id)
            return super().read(photo)

    give(cast, receipt, Reader())
    photos.read(cast.base, scan_id=only(cast.base, Scan, case_id=receipt.case_id).id, photos=Slow())
    assert (cast.case(receipt).state, state(cast, receipt)) == ("withdrawn", "destroyed")


# looking at it


def test_a_reviewer_looks_and_it_is_noted_for_the_subscriber(cast: Cast) -> None:
    receipt = unclear(cast)
    assert photos.open_photo(cast.base, case_id=receipt.case_id, actor=IRINA, reason="review") == b"clean a picture"
    [noted] = cast.base.transact(lambda rows: readings(rows, case_id=receipt.case_id))
    assert (noted.role, noted.reason) == ("reviewer", "review")


def test_nobody_else_looks_and_nobody_without_a_reason(cast: Cast) -> None:
    receipt = unclear(cast)
    for actor in (OLGA, TIMUR, ON_THE_WEB, SOMEBODY):
        with refused("not_a_reviewer"):
            photos.open_photo(cast.base, case_id=receipt.case_id, actor=actor, reason="review")
    with refused("bad_reason", BadInput):
        photos.open_photo(cast.base, case_id=receipt.case_id, actor=IRINA, reason="curious")
    withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    cast.work()
    with refused("not_found", NotFound):
        photos.open_photo(cast.base, case_id=receipt.case_id, actor=IRINA, reason="review")
    assert some(cast.base, Job, kind="photo.destroy", state="dead") == []
