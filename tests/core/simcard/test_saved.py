"""What a card was saved to comes sealed, is kept as it came, once and for a day."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.core import clock
from lastcall.core.errors import BadInput, NotFound, Refused
from lastcall.core.simcard import backups, reports, sealing
from lastcall.core.simcard.backup import MOST_BYTES, Backup, Ciphertext
from tests.core.simcard.at_the_counter import PACKED, Visit, paired
from tests.core.tools import nothing_changes, only, refused, some, written


def saved(visit: Visit, handling_id: int, ciphertext: bytes) -> Backup:
    return reports.saved(visit.base, token=visit.token, handling_id=handling_id, ciphertext=ciphertext)


def test_it_is_kept_sealed_for_a_day_without_its_secret(visit: Visit) -> None:
    handling = visit.taken()
    secret, ciphertext = sealing.seal(PACKED)
    backup = saved(visit, handling.id, ciphertext)
    assert (backup.handling_id, backup.case_id, backup.size) == (handling.id, visit.case_id, len(ciphertext))
    assert backup.until == clock.now() + timedelta(hours=24)
    assert base64.b64decode(only(visit.base, Ciphertext).sealed) == ciphertext
    kept = written()
    assert secret not in kept and PACKED.decode() not in kept and base64.b64encode(PACKED).decode() not in kept
    assert visit.base.transact(lambda rows: backups.of_handling(rows, handling.id)) == backup


def test_the_same_again_is_kept_once(visit: Visit) -> None:
    handling = visit.taken()
    _, ciphertext = sealing.seal(PACKED)
    first = saved(visit, handling.id, ciphertext)
    with nothing_changes():
        assert saved(visit, handling.id, ciphertext) == first


def test_another_one_is_refused(visit: Visit) -> None:
    handling = visit.taken()
    visit.save(handling)
    with refused("saved_already"):
        visit.save(handling)


def test_not_before_the_card_was_compared(visit: Visit) -> None:
    asked = visit.ask()
    with refused("not_asked"):
        visit.save(asked)


def test_not_when_no_backup_was_asked_for(visit: Visit) -> None:
    handling = visit.taken(backup=False)
    with refused("not_asked"):
        visit.save(handling)


def test_not_when_it_is_done(visit: Visit) -> None:
    handling = visit.taken(backup=False)
    visit.done(handling, contacts=0, messages=0)
    with refused("no_such_handling", NotFound):
        visit.save(handling)


def test_the_largest_is_kept_and_a_byte_more_is_refused(visit: Visit) -> None:
    handling = visit.taken()
    _, ciphertext = sealing.seal(b"")
    with refused("too_big", BadInput):
        saved(visit, handling.id, ciphertext + bytes(MOST_BYTES + 1 - len(ciphertext)))
    assert saved(visit, handling.id, ciphertext + bytes(MOST_BYTES - len(ciphertext))).size == MOST_BYTES


@pytest.mark.parametrize("body", [b"", b"LCB1", b"PK\x03\x04 a folder in clear" + bytes(100)])
def test_what_is_not_sealed_is_refused(visit: Visit, body: bytes) -> None:
    handling = visit.taken()
    with refused("not_sealed", BadInput):
        saved(visit, handling.id, body)
    assert some(visit.base, Backup) == []


def test_another_reader_saves_nothing_into_it(visit: Visit) -> None:
    handling = visit.taken()
    visit.token = paired(visit.counter, name="Window 4")
    with refused("no_such_handling", NotFound):
        visit.save(handling)


@given(st.binary(max_size=300))
def test_what_was_sealed_is_what_is_unsealed(packed: bytes) -> None:
    secret, ciphertext = sealing.seal(packed)
    assert len(secret) == 24
    assert packed not in ciphertext[4:] or len(packed) < 4
    assert sealing.unseal(ciphertext, secret) == packed
    assert sealing.unseal(ciphertext, f" {secret[:6].lower()}-{secret[6:]}") == packed


@given(st.integers(0, 79), st.integers(1, 255))
def test_whatever_is_altered_opens_no_more(place: int, flip: int) -> None:
    secret, ciphertext = sealing.seal(b"x" * 32)
    altered = bytearray(ciphertext)
    altered[place] ^= flip
    with pytest.raises(BadInput) as trouble:
        sealing.unseal(bytes(altered), secret)
    assert trouble.value.code in {"not_sealed", "wrong_secret"}
    assert secret not in f"{trouble.value.message} {trouble.value.remedy}"


@given(st.text(max_size=30) | st.binary(max_size=12).map(bytes.hex))
def test_another_secret_opens_nothing(other: str) -> None:
    _, ciphertext = sealing.seal(PACKED)
    with pytest.raises(BadInput) as trouble:
        sealing.unseal(ciphertext, other)
    assert trouble.value.code == "wrong_secret"


def test_two_seals_of_the_same_have_nothing_in_common() -> None:
    one, other = sealing.seal(PACKED), sealing.seal(PACKED)
    assert one[0] != other[0]
    assert one[1][4:20] != other[1][4:20] and one[1][32:] != other[1][32:]


def test_an_ended_reader_saves_nothing(visit: Visit) -> None:
    handling = visit.taken()
    visit.cast.time.advance(timedelta(hours=12))
    with pytest.raises(Refused) as trouble:
        visit.save(handling)
    assert trouble.value.code == "reader_ended"
