"""What the screen shows at one moment, and what may be pressed then."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from lastcall.doors.reader.order import Order, Saved

STAGES: Final = ("unpaired", "waiting", "asked", "pin", "puk", "working", "done", "stopped")
STEPS: Final = ("checking", "reading", "writing", "sending", "unlocking")
"""Of the work on a card: its number is compared, it is read, files are made, they go to the desk, the PIN is taken off."""
_WITH_THE_CARD: Final = frozenset({"checking", "reading", "unlocking"})
SILENT: Final = timedelta(minutes=1)
"""After so long without a sign from the reader the visitor need not wait on: nothing else ends a reader that hangs."""
ACTS: Final[dict[str, tuple[str, ...]]] = {
    "pair": ("unpaired",),
    "leave": ("waiting",),
    "agree": ("asked",),
    "decline": ("asked",),
    "pin": ("pin",),
    "unblock": ("puk",),
    "give_up": ("working",),
    "again": ("stopped",),
    "stop": ("pin", "puk", "stopped"),
    "finish": ("done", "stopped"),
}
"""Each button and the stages in which it counts."""
AGAIN: Final = frozenset({
    "no_card", "card_mute", "not_a_sim", "card_removed", "reader_gone", "reader_busy", "no_reader", "which_reader",
    "no_card_service", "card_failed", "card_changed", "no_iccid", "desk_away", "printer_failed", "broken",
})  # fmt: skip
"""Troubles after which the visitor may begin again; the desk still waits."""
TOLD: Final = ("", "later", "over")
"""Whether the desk knows that it is done: yes; it does not answer, and is told later; it had ended the order before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """``name``: one of :data:`STAGES`; ``page``: a word of this stage, sent back by its buttons: what an older page or another
    site sends has it not. ``note``: a code of what to say first; ``tries``: of PIN or PUK, None when the card does not say.

    ``step``, ``done``, ``of``: how far the work is, since ``moved_at``. ``problem``: why it stopped; ``again``: whether to begin
    again may help.
    ``saved`` and ``pin`` (``removed``, ``was_off``, ``kept``, ``unsure`` or empty): what was done, also where it stopped.
    ``told``: one of :data:`TOLD`; ``clears_at``: then the screen clears itself.
    """

    name: str
    page: str
    order: Order | None = None
    note: str = ""
    tries: int | None = None
    step: str = ""
    done: int = 0
    of: int = 0
    moved_at: datetime | None = None
    problem: str = ""
    again: bool = False
    saved: Saved | None = field(default=None, repr=False)
    pin: str = ""
    told: str = ""
    clears_at: datetime | None = None

    def silent(self, now: datetime) -> bool:
        """Whether the reader has given no sign for so long that the visitor need not wait on."""
        return self.step in _WITH_THE_CARD and self.moved_at is not None and now - self.moved_at >= SILENT

    def takes(self, act: str, page: str, now: datetime) -> bool:
        """Whether ``act`` counts, sent from a page with the word ``page``."""
        counts = page == self.page and self.name in ACTS.get(act, ())
        return counts and (act != "give_up" or self.silent(now))
