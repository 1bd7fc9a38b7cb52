"""``lastcall numbers import``: a register is taken over whole, or nothing is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from lastcall.core.database import DjangoDatabase
from lastcall.core.numbers.range import Import, Range
from tests.cast import Cast
from tests.register_sample import register_file
from tests.site.terminal import Terminal

HEADER = "АВС/ DEF;От;До;Емкость;Оператор;Регион;Территория ГАР;ИНН"
GOOD = '900;0000000;0061999;62000;ООО "Т2 МОБАЙЛ";Краснодарский край;Краснодарский край;7743895280'


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A register of one range."""
    path = tmp_path / "register.csv"
    path.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8-sig")
    return path


def _ranges(base: DjangoDatabase) -> list[Range]:
    return base.transact(lambda rows: rows.some(Range, {}, order="first"))


def test_it_reads_the_whole_register(lastcall: Terminal, base: DjangoDatabase, tmp_path: Path) -> None:
    left = lastcall("numbers", "import", str(register_file(tmp_path)), "--json")
    assert left.code == 0
    held = _ranges(base)
    assert left.document["ranges"] == len(held)
    assert left.document["numbers"] == sum(row.last - row.first + 1 for row in held)


def test_it_takes_the_place_of_the_one_before(lastcall: Terminal, base: DjangoDatabase, register: Path) -> None:
    lastcall("numbers", "import", str(register))
    register.write_text(f"{HEADER}\n{GOOD.replace('0061999;62000', '0000999;1000')}\n", encoding="utf-8")
    left = lastcall("numbers", "import", str(register))
    assert "is this file whole?" in left.out
    assert [(row.first, row.last) for row in _ranges(base)] == [(79000000000, 79000000999)]
    assert base.transact(lambda rows: rows.count(Import, {})) == 2


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("", 1),
        (HEADER, 2),
        (f"{HEADER}\n{GOOD}\n900;0062000;0061000;1000;X;Y;Z;7743895280\n", 3),
        (f"{HEADER}\n{GOOD}\n900;0062000;00", 3),
        (f"{HEADER}\n{GOOD}\n900;0062000;0062999;999;X;Y;Z;7743895280\n", 3),
        (f"{HEADER}\n{GOOD}\n900;0062000;0062999;1000;X;Y;Z;7743895281\n", 3),
    ],
    ids=["empty", "header only", "backward", "cut short", "size", "ИНН"],
)
def test_it_changes_nothing_when_a_line_is_broken(
    lastcall: Terminal, base: DjangoDatabase, register: Path, body: str, line: int
) -> None:
    lastcall("numbers", "import", str(register))
    before = _ranges(base)
    register.write_text(body, encoding="utf-8")
    left = lastcall("numbers", "import", str(register), "--json")
    assert left.code == 2
    assert _ranges(base) == before
    told = str(left.error)
    assert f"line {line}" in told or "empty" in told or "no rows" in told or "no range" in told


def test_it_refuses_a_file_in_another_encoding(lastcall: Terminal, base: DjangoDatabase, register: Path) -> None:
    register.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-16")
    left = lastcall("numbers", "import", str(register))
    assert left.code == 2
    assert "UTF-8" in left.err
    assert _ranges(base) == []


def test_it_says_so_when_there_is_no_such_file(lastcall: Terminal) -> None:
    left = lastcall("numbers", "import", "nowhere.csv")
    assert left.code == 2
    assert "nowhere.csv" in left.err


def test_it_warns_of_numbers_in_use_that_are_in_no_range(cast: Cast, lastcall: Terminal, register: Path) -> None:
    register.write_text(f"{HEADER}\n{GOOD.replace('900;', '901;')}\n", encoding="utf-8")
    assert "2 numbers in use are in no range" in lastcall("numbers", "import", str(register)).out
