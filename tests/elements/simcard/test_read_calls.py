"""The calls that a USIM remembers, received (EF_ICI) and made (EF_OCI; TS 31.102, 4.2.33 and 4.2.34)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from lastcall.core.simcard.card import Room
from lastcall.elements.simcard.simulated import deck
from lastcall.elements.simcard.simulated.written import Rung, extension_record, filled_extensions, number_record

from .reading import both, contacts, file, opened, read, sim, usim

AT = datetime(2025, 12, 9, 18, 40, 30, tzinfo=timezone(timedelta(hours=3)))
CALLS = (Rung("Анна", "+79430001004", AT, 61), Rung("", "", AT - timedelta(days=1), 0, answered=False))


def test_received_calls_are_read_with_their_time_and_whether_they_were_answered() -> None:
    card = read(usim(received=CALLS))
    assert [
        (call.file, call.record, call.received, call.name, call.number, call.at, call.seconds, call.answered)
        for call in card.calls
    ] == [
        ("7FFF/6F80", 1, True, "Анна", "+79430001004", AT, 61, True),
        ("7FFF/6F80", 2, True, "", "", AT - timedelta(days=1), 0, False),
    ]
    assert card.rooms[-1] == Room(of="received_calls", used=2, total=5)
    assert card.notes == ()


def test_calls_that_were_made_are_in_both_lists_with_their_time_in_one() -> None:
    card = read(usim(made=(Rung("李娜", "+8615400010001", AT, 5),)))
    assert [(call.received, call.name, call.at, call.seconds, call.answered) for call in card.calls] == [
        (False, "李娜", AT, 5, None)
    ]
    assert [(line.file, line.name) for line in card.of("last_dialled")] == [("7FFF/6F81", "李娜")]


def test_a_long_number_goes_on_in_extension_five() -> None:
    card = usim(received=CALLS[:1])
    calls, more = file(card, "7FFF/6F80"), file(card, "7FFF/6F4E")
    more.data[:] = filled_extensions(extension_record("123"), 2)
    calls.data[18:32] = number_record(b"", "1234567890" * 2, room=0, extension=1)
    assert read(card).calls[0].number == "1234567890" * 2 + "123"


def test_a_sim_has_no_calls_and_nothing_is_missed() -> None:
    card = read(sim(dialled=contacts(2)))
    assert (card.calls, card.notes) == ((), ())


def test_a_card_that_is_both_has_each_call_once() -> None:
    card = read(both(received=CALLS, made=CALLS[:1], dialled=contacts(2)))
    assert [call.received for call in card.calls] == [True, True, False]
    assert [line.name for line in card.of("last_dialled")] == ["Анна", "Contact 1", "Contact 2"]


def test_calls_that_the_pin_closes_are_named_among_what_is_closed() -> None:
    card = opened(usim(received=CALLS)).read()
    assert card.calls == () and "received calls" in card.notes[0]


def test_calls_of_which_little_was_written_down_are_kept_as_they_are() -> None:
    withheld, no_offset, no_time, missed, bare, *made = read(deck("calls")).calls
    assert (withheld.number, withheld.seconds) == ("", 35)
    assert no_offset.at is not None and (no_offset.name, no_offset.at.tzinfo) == ("Ирина 🌷", None)
    assert (no_time.name, no_time.at, no_time.seconds) == ("王玉", None, 90)
    assert (missed.answered, bare.at, bare.seconds) == (False, None, None)
    assert [call.damaged for call in (withheld, no_offset, no_time, missed, bare, *made)] == [""] * 7
