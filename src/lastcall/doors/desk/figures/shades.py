"""The charts' colours, told apart by the colour-blind too: Okabe and Ito's set; one hue for what has an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Shade:
    """``ordered``: from little to much; ``apart``: for things without an order; ``worse``: from good to bad."""

    ink: str
    soft: str
    rule: str
    track: str
    ordered: tuple[str, ...]
    apart: tuple[str, ...]
    worse: tuple[str, str, str]


LIGHT: Final = Shade(
    ink="#1c2526", soft="#516062", rule="#cfd6d4", track="#e8eef0",
    ordered=("#bfdde4", "#8cc0cc", "#579fae", "#2f7d8d", "#155967", "#082f38"),
    apart=("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#6b6b6b"),
    worse=("#0072b2", "#56b4e9", "#d55e00"),
)  # fmt: skip
DARK: Final = Shade(
    ink="#e8edec", soft="#a9b6b6", rule="#3d494a", track="#2a3637",
    ordered=("#2f4d55", "#3b6a76", "#4e8c9b", "#70b0be", "#a0d0da", "#dcf1f5"),
    apart=("#4ba3e0", "#f0b429", "#2fbf94", "#e39cc2", "#8ed0f5", "#9a9a9a"),
    worse=("#2f8fd0", "#8ed0f5", "#f0813c"),
)  # fmt: skip
