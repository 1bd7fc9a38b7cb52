"""Small packs for the tests: the shipped jurisdiction changed in one place, and operators made up on the spot."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

DAY = date(2026, 11, 23)
SHIPPED = ("beeline", "demo", "megafon", "mts", "t2", "yota")

JURISDICTION = '[pack]\nname = "x"\nkind = "jurisdiction"\ntitle = "X"\n'
OPERATOR = """\
[pack]
name = "{name}"
kind = "operator"
title = "A made-up operator"
jurisdiction = "ru"
[operator.name]
value = {{ zh-hans = "甲", ru = "А", en = "A" }}
source = "made up"
source_date = "undated"
confidence = "operator_choice"
[operator.brand]
value = "A"
source = "made up"
source_date = "undated"
confidence = "operator_choice"
[operator.legal_name]
value = "A"
source = "made up"
source_date = "undated"
confidence = "operator_choice"
[operator.inn]
value = "{inn}"
source = "made up"
source_date = "undated"
confidence = "operator_choice"
"""
OPERATOR_LINES = OPERATOR.count("\n")
OTHER_INN = "0023456784"


def entry(key: str, value: str, *more: str) -> str:
    """One entry with a source; ``value`` and ``more`` as TOML."""
    lines = (f"[{key}]", f"value = {value}", 'source = "s"', "source_date = 2024-01-26", 'confidence = "confirmed"')
    return "\n".join((*lines, *more)) + "\n"


def ru() -> str:
    """The shipped jurisdiction's text."""
    return files("lastcall.core.policies").joinpath("packs/ru.toml").read_text(encoding="utf-8")


def operator(folder: Path, *entries: str, name: str = "ours", inn: str = OTHER_INN) -> Path:
    """A file with an operator's pack and these entries."""
    path = folder / f"{name}.toml"
    path.write_text(OPERATOR.format(name=name, inn=inn) + "".join(entries), encoding="utf-8")
    return path
