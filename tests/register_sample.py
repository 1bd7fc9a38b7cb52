"""A numbering register file to test with: the published one when it is at hand, else a sample made here."""

from __future__ import annotations

import os
from pathlib import Path

HEADER_2026 = "АВС/ DEF;От;До;Емкость;Оператор;Регион;Территория ГАР;ИНН"
PUBLISHED_SHA256 = "67925c52"  # the first digits for DEF-9xx.csv of April 2026, whose counts are known
_BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared" / "data" / "def-9xx-2026-04.csv"
_SAMPLE_OPERATORS = (
    ("1234567894", 'ООО "Пример Мобайл"', "Тверская обл.", "Тверская область"),
    ("7700000009", 'ПАО "Образец"', "г. Москва * Московская область", "Москва, Московская область"),
    ("500100732259", "ИП Петрова", "Краснодарский край", "Краснодарский край"),
)


def register_file(tmp_path: Path) -> Path:
    """The register in ``LASTCALL_REGISTER_FILE``, or one kept beside the checkout, or a sample written to ``tmp_path``.

    The sample has 300 ranges: of 1 number, of 999 and of 1,000 in turn, with gaps, over three operators.
    """
    published = published_register()
    if published is not None:
        return published
    sample = tmp_path / "register-sample.csv"
    sample.write_text("\n".join([HEADER_2026, *sample_lines()]), encoding="utf-8-sig")
    return sample


def published_register() -> Path | None:
    """The published register file, if one is at hand."""
    named = os.environ.get("LASTCALL_REGISTER_FILE")
    if named:
        return Path(named)
    return _BESIDE_THE_CHECKOUT if _BESIDE_THE_CHECKOUT.is_file() else None


def sample_lines() -> list[str]:
    """The lines of the sample's 300 ranges, in order, without their ends."""
    return [_sample_line(index) for index in range(300)]


def _sample_line(index: int) -> str:
    inn, name, region, territory = _SAMPLE_OPERATORS[index % 3]
    size = (1, 999, 1000)[index % 3]
    first = (index % 100) * 2000
    return f"{900 + index // 100};{first:07d};{first + size - 1:07d};{size};{name};{region};{territory};{inn}"
