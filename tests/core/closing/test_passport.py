"""A passport page against the file: matched, differs, or for a person to look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lastcall.core.closing.passport import compare, names_agree
from lastcall.core.ports import PassportPage
from lastcall.core.subscribers.file import document_key
from lastcall.core.subscribers.subscriber import Document
from tests.cast import ANNAS_PASSPORT, PASSPORT

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
LI_WEIS_PAGE = PassportPage(
    sure=True, kind=PASSPORT[0], issuer=PASSPORT[1], number=PASSPORT[2], surname="LI", given_names="WEI",
    born=date(2003, 5, 1), expires=date(2031, 8, 14),
)  # fmt: skip


def on_file(kind: str, issuer: str, number: str, *, valid_until: date | None = None) -> Document:
    return Document(
        id=1, subscriber_id=1, kind=kind, issuer=issuer, last_four=number[-4:],
        number_key=document_key(kind, issuer, number), on_file_since=datetime(2025, 9, 1, tzinfo=UTC), valid_until=valid_until,
    )  # fmt: skip


ON_FILE = (on_file(*ANNAS_PASSPORT), on_file(*PASSPORT, valid_until=TODAY))


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, "matched"),
        ({"surname": "WEI", "given_names": "LI"}, "matched"),
        ({"expires": TODAY}, "matched"),
        ({"born": None}, "matched"),
        ({"expires": TODAY - DAY}, "unclear"),
        ({"expires": None}, "unclear"),
        ({"sure": False}, "unclear"),
        ({"sure": False, "number": "E99999999"}, "unclear"),
        ({"kind": ""}, "unclear"),
        ({"kind": "", "number": "E99999999"}, "unclear"),
        ({"issuer": ""}, "unclear"),
        ({"surname": "ZHANG"}, "unclear"),
        ({"given_names": ""}, "unclear"),
        ({"number": "E12345679"}, "differs"),
        ({"issuer": "TW"}, "unclear"),
    ],
)
def test_a_page_against_the_file(changed: dict[str, object], answer: str) -> None:
    page = replace(LI_WEIS_PAGE, **changed)  # type: ignore[arg-type]
    assert compare(page, name_latin="Li Wei", documents=ON_FILE, today=TODAY) == answer


def test_it_never_matches_a_document_that_has_run_out() -> None:
    outdated = (on_file(*PASSPORT, valid_until=TODAY - DAY),)
    assert compare(LI_WEIS_PAGE, name_latin="Li Wei", documents=outdated, today=TODAY) == "unclear"


def test_it_takes_the_valid_one_of_two_entries_for_one_passport() -> None:
    twice = (on_file(*PASSPORT, valid_until=TODAY - DAY), on_file(*PASSPORT))
    assert compare(LI_WEIS_PAGE, name_latin="Li Wei", documents=twice, today=TODAY) == "matched"


def test_a_number_on_file_under_another_kind_is_for_a_person() -> None:
    other = (on_file("other", "CN", PASSPORT[2]),)
    assert compare(LI_WEIS_PAGE, name_latin="Li Wei", documents=other, today=TODAY) == "unclear"


def test_a_number_on_file_under_another_state_is_for_a_person() -> None:
    kazakh = (on_file("foreign_passport", "KZ", PASSPORT[2]),)
    assert compare(LI_WEIS_PAGE, name_latin="Li Wei", documents=kazakh, today=TODAY) == "unclear"


def test_with_nothing_on_file_every_sure_page_differs() -> None:
    assert compare(LI_WEIS_PAGE, name_latin="Li Wei", documents=(), today=TODAY) == "differs"


SAME = [
    ("PETROVA", "ANNA", "Petrova Anna"),
    ("PETROVA", "ANNA", "Anna Petrova"),
    ("PETROVA", "ANNA", "Петрова Анна Ивановна"),
    ("PETROVA", "ANNA", "ПЕТРОВА АННА"),
    ("PETROVA", "ANNA", "Petrowa Anna"),
    ("PETROWA", "ANNA IWANOWNA", "Anna Ivanovna Petrova"),
    ("SHCHERBAKOV", "DMITRII", "Щербаков Дмитрий Олегович"),
    ("SHCHERBAKOV", "DMITRII", "Shcherbakov Dmitriy"),
    ("SHCHERBAKOV", "DMITRII", "Schtscherbakow Dmitrij"),
    ("TSVETKOV", "EVGENII", "Цветков Евгений"),
    ("TSVETKOV", "EVGENII", "Yevgeny Cvetkov"),
    ("FEDOROV", "ALEKSEI", "Fyodorov Alexey"),
    ("IAKOVLEVA", "NATALIIA", "Yakovleva Natalya"),
    ("MIKHAILOV", "IURII", "Михайлов Юрий"),
    ("LI", "WEI", "Wei Li"),
    ("OUYANG", "XIAOLONG", "Ou Yang Xiao Long"),
    ("OUYANG", "XIAOLONG", "Xiaolong Ouyang"),
    ("OUYANG", "XIAO LONG", "Ouyang Xiao-Long"),
    ("MUELLER SCHMIDT", "KARL HEINZ", "Karl-Heinz Müller-Schmidt"),
    ("NUNEZ", "JOSE", "José Núñez"),
    ("NUNXXEZ", "JOSE", "José Núñez"),
    ("OCONNOR", "SIOBHAN", "O’Connor Siobhán"),
    ("NGUYEN", "THI HOA", "Nguyễn Thị Hoa"),
    ("ERIKSSON", "ANNA MARIA", "Eriksson Anna"),
    ("GROSS", "INGE", "Inge Groß"),
    ("SOERENSEN", "AAGE", "Åge Sørensen"),
    ("SUHARTINI", "", "Suhartini"),
    ("PAPANDROPOULOS", "JONATHON WARREN ELIZABE", "Papandropoulos Jonathon Warren Elizabeth"),
    ("PAPANDROPOULOS", "JONATHON WARREN ELIZABE", "Papandropoulos Jonathon Warren Elizabeth Martin"),
    ("NURGALIYEVA", "AIGERIM", "Нургалиева Айгерим Сериковна"),
]
DIFFERENT = [
    ("PETROVA", "ANNA", "Petrova Alla"),
    ("PETROVA", "ANNA", "Petrov Anna"),
    ("PETROVA", "ANNA", "Petrova"),
    ("PETROVA", "ANNA", "Anna"),
    ("PETROVA", "", "Petrova Anna"),
    ("PETROVA", "ANNA", "Ivanova Anna"),
    ("PETROVA", "ANNA", "Петрова Алла"),
    ("PETROVA", "ANNA MARIA", "Petrova Maria"),
    ("PETROVA", "ANNA MARIA", "Petrova Anna Elena"),
    ("PETROVA", "ANN", "Petrova Anna"),
    ("LI", "WEI", "李伟"),
    ("LI", "WEI", "Li Wen"),
    ("LI", "WEI", "Li"),
    ("LI", "NA", "Lina Wang"),
    ("ERIKSSON", "ANNA", "Eriksson A."),
    ("GARCIA NUNEZ", "JOSE", "Jose Garcia"),
    ("", "", "Li Wei"),
    ("LI", "WEI", ""),
    ("PAPANDROPOULOS", "JONATHON WARREN ELIZABE", "Papandropoulos Jonathon Walter Elizabeth"),
    ("PAPANDROPOULOS", "JONATHON WARREN ELIZABE", "Papandropoulos Warren Elizabeth"),
]


@pytest.mark.parametrize(("surname", "given_names", "filed"), SAME)
def test_these_names_are_one(surname: str, given_names: str, filed: str) -> None:
    assert names_agree(replace(LI_WEIS_PAGE, surname=surname, given_names=given_names), filed)


@pytest.mark.parametrize(("surname", "given_names", "filed"), DIFFERENT)
def test_these_names_are_two(surname: str, given_names: str, filed: str) -> None:
    assert not names_agree(replace(LI_WEIS_PAGE, surname=surname, given_names=given_names), filed)
