"""What ships: every pack is sound, every value has its source, and no hotline, code or sum hides in the program."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import lastcall
from lastcall.core.actor import DOORS
from lastcall.core.policies import schema
from lastcall.core.policies.check import check_packs
from lastcall.core.policies.load import load

from .packs import DAY, SHIPPED

SRC = Path(lastcall.__file__).parent
PACKS = SRC / "core" / "policies" / "packs"
INVENTED = SRC / "elements" / "simcard" / "simulated"
"""What lies on cards that do not exist: made up, as the texts of a demonstration are."""
HOTLINE = re.compile(r"(?<!\d)(?:8|\+?7)[ -]?\(?800\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}(?!\d)")
USSD = re.compile(r"\*\d{2,3}(?:\*\d+)*#")
ROUBLES = re.compile(r"\d+(?:[.,]\d+)?\s?(?:₽|руб|卢布|RUB\b)")
LANGUAGES = {"zh-hans", "ru", "en"}


def program_texts() -> Iterator[tuple[Path, str]]:
    for path in sorted(SRC.rglob("*")):
        if path.suffix in {".py", ".html", ".txt", ".js", ".po", ".toml"} and not {PACKS, INVENTED} & {*path.parents}:
            text = path.read_text(encoding="utf-8")
            yield path, "\n".join(literals(text)) if path.suffix == ".py" else text


def literals(program: str) -> Iterator[str]:
    """The texts in a program, quoted, without docstrings and comments, where examples may stand."""
    tree = ast.parse(program)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield f'"{node.value}"'


def texts(value: object) -> Iterator[dict[str, str]]:
    """Every three-language text in a value."""
    if isinstance(value, dict):
        if LANGUAGES & value.keys():
            yield value
        for part in value.values():
            yield from texts(part)


def test_every_shipped_pack_is_sound() -> None:
    assert [str(problem) for problem in check_packs([], on=DAY) if problem.severity == "error"] == []


def _as_day(given: date | str) -> date:
    assert isinstance(given, date)
    return given


@pytest.mark.parametrize("name", SHIPPED)
def test_every_value_has_source_date_and_confidence(name: str) -> None:
    entries = load(name, on=DAY).entries()
    assert len(entries) > len(schema.RULES)
    for entry in entries:
        assert entry.source.strip(), entry.key
        assert entry.source_date == "undated" or date.min < _as_day(entry.source_date) <= DAY, entry.key
        assert entry.confidence in schema.CONFIDENCES, entry.key


@pytest.mark.parametrize("name", SHIPPED)
def test_a_value_for_which_no_source_was_found_is_not_called_confirmed(name: str) -> None:
    for entry in load(name, on=DAY).entries():
        if entry.source.startswith("none found"):
            assert entry.confidence in {"unconfirmed", "operator_choice", "conflict"}, entry.key


def test_no_ussd_code_is_called_verified() -> None:
    codes = [entry for name in SHIPPED for entry in load(name, on=DAY).facts("ussd").values()]
    assert codes
    assert all(entry.value["verified"] is False for entry in codes)


def test_chinese_texts_are_written_in_han_and_russian_ones_in_cyrillic() -> None:
    found = [text for entry in load("demo", on=DAY).entries("scams") for text in texts(entry.value)]
    assert len(found) == 2 * len(load("demo", on=DAY).facts("scams"))
    for text in found:
        assert text.keys() == LANGUAGES
        assert re.search("[一-鿿]", text["zh-hans"])
        assert re.search("[а-яё]", text["ru"])
        assert not re.search("[а-яё一-鿿]", text["en"])


def test_the_demo_operator_borrows_nothing_real() -> None:
    demo = load("demo", on=DAY)
    assert all(entry.confidence == "operator_choice" for entry in demo.entries() if entry.file.endswith("demo.toml"))
    others = {load(name, on=DAY).entry("operator.inn").value for name in SHIPPED if name != "demo"}
    assert demo.entry("operator.inn").value not in others


@pytest.mark.parametrize("name", SHIPPED)
def test_every_door_but_the_system_either_acts_or_takes_in(name: str) -> None:
    policy = load(name, on=DAY).policy()
    assert sorted(policy.termination_act_doors + policy.termination_intake_doors) == sorted({*DOORS} - {"system"})


def test_no_hotline_ussd_code_or_sum_stands_outside_the_packs() -> None:
    found = [
        f"{path.relative_to(SRC)}: {match[0]}"
        for path, text in program_texts()
        for pattern in (HOTLINE, USSD, ROUBLES)
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_no_contact_of_a_pack_stands_outside_the_packs() -> None:
    contacts = {entry.value for name in SHIPPED for entry in load(name, on=DAY).facts("contacts").values()}
    contacts |= {load("demo", on=DAY).entry(f"gosuslugi.{key}").value for key in ("hotline", "hotline_short")}
    forms = {form for contact in contacts for form in (contact, re.sub(r"[^\d+]", "", contact))}
    quoted = [f"{quote}{form}{quote}" for form in forms for quote in "\"'"] + [form for form in forms if len(form) > 6]
    assert [(path.name, form) for path, text in program_texts() for form in quoted if form in text] == []


def test_the_search_reads_texts_but_not_docstrings() -> None:
    assert list(literals('"""Like 5 RUB."""\nfee = f"{1} for 5 RUB"  # 6 RUB\n')) == ['" for 5 RUB"']


@pytest.mark.parametrize("text", ["8 800 250-08-90", "+78002500890", "8(800)250-08-90"])
def test_the_search_for_hotlines_finds_them(text: str) -> None:
    assert HOTLINE.search(text)


@pytest.mark.parametrize("text", ["*100#", "*152*2#"])
def test_the_search_for_ussd_codes_finds_them(text: str) -> None:
    assert USSD.search(text)


@pytest.mark.parametrize("text", ["100 ₽", "5,50 руб.", "3 RUB"])
def test_the_search_for_sums_finds_them(text: str) -> None:
    assert ROUBLES.search(text)
