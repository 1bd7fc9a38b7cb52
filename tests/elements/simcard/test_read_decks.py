"""The ready cards, from their bytes to what people see."""

from __future__ import annotations

import pytest

from lastcall.core.simcard.card import Card
from lastcall.elements.simcard.simulated import deck

from .reading import read


def book(name: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(line.name, line.numbers) for line in read(deck(name)).of("phone_book")]


def test_names_and_messages_in_chinese_come_as_they_were_written() -> None:
    card = read(deck("chinese"))
    assert [(line.name, line.numbers) for line in card.of("own_numbers")] == [("本机", ("+79430000902",))]
    assert all(not line.damaged for line in card.entries)
    assert any("您" in each.text or "你" in each.text for each in card.messages)
    assert not any(each.damaged or each.missing for each in card.messages)


def test_numbers_of_every_kind_and_length_come_as_they_are_dialled() -> None:
    found = dict(book("odd_numbers"))
    expected = {
        "International": "+79430005001", "National": "9430005003", "One digit": "9", "Ten digits": "9430005005",
        "Twenty digits": "+79430005006000000001", "Twenty-one": "+794300050070000000012",
        "Forty-four": "+79430005008123456789012345678901234567890123", "Pause": "+79430005009p123p4",
        "Balance": "*943#", "Any digit": "9430005??0",
    }  # fmt: skip
    assert {name: found[name][0] for name in expected} == expected
    assert found["No number"] == ()


def test_extensions_that_lead_astray_are_said_and_the_number_is_kept() -> None:
    damaged = {line.name: line.damaged for line in read(deck("odd_numbers")).of("phone_book")}
    assert "circle" in damaged["Loops"]
    assert "missing" in damaged["Nowhere"] and "missing" in damaged["Free one"]
    assert damaged["Forty-four"] == "" == damaged["Subaddress"]


def test_the_three_forms_of_ucs2_are_one_to_the_reader() -> None:
    names = [name for name, _ in book("alpha_forms")]
    assert names.count("Ирина") == names.count("王玉") == names.count("Bär Ёж 7") == 3
    assert names.count("Anna") == 2


def test_emoji_come_whole_and_half_a_one_is_said() -> None:
    card = read(deck("emoji"))
    assert card.of("phone_book")[0].name == "🐼 小熊"
    assert "🐼" * 80 in {each.text for each in card.messages}
    assert all(line.damaged for line in card.of("phone_book") if "\ufffd" in line.name)


def test_a_phone_book_of_two_sets_comes_with_all_that_belongs_to_its_entries() -> None:
    lina, dmitri, *_ = read(deck("phonebook")).of("phone_book")
    assert (lina.name, lina.second_name, lina.mails, lina.groups) == ("李娜", "莉娜", ("lina@example.org",), ("朋友",))
    assert (dmitri.numbers[0], len(dmitri.numbers), dmitri.groups) == ("+79430008002", 2, ("朋友", "Учёба"))
    assert {line.file for line in read(deck("phonebook")).of("phone_book")} == {"7FFF/5F3A/4F3A", "7FFF/5F3A/4F3B"}


def test_lengths_that_are_told_wrongly_cost_no_entry() -> None:
    wrong, right = read(deck("wrong_lengths")), read(deck("usim_t1"))
    assert (wrong.imsi, wrong.iccid, wrong.provider) == (right.imsi, right.iccid, right.provider)
    assert book("wrong_lengths") == book("usim_t1")
    assert [each.text for each in wrong.messages] == [each.text for each in right.messages]
    assert "Messages: the card announces 32 records and has 30." in wrong.notes


def test_records_cut_short_are_said_each_at_its_list() -> None:
    card = read(deck("cut_short"))
    assert any(note.startswith("Own numbers:") and "cut short" in note for note in card.notes)
    assert all("cut short" in line.damaged for line in card.of("own_numbers"))


@pytest.mark.parametrize("name", ["blocked", "blocked_sim", "dead_puk", "last_puk"])
def test_of_a_blocked_card_what_is_open_is_read(name: str) -> None:
    card: Card = read(deck(name))
    assert card.iccid and card.provider and card.pin.blocked
    assert (card.imsi, card.entries, card.messages, card.rooms) == ("", (), (), ())
    assert len(card.notes) == 1 and card.notes[0].startswith("Closed")
