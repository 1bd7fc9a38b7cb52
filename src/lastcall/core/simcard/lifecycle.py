"""The lifecycles of a counter's reader and of what is done there with one card, as data."""

from __future__ import annotations

from lastcall.core.lifecycle import Table, rows

READER = Table(
    name="reader",
    states=("offered", "paired", "ended", "lapsed"),
    start="offered",
    ends=frozenset({"ended", "lapsed"}),
    rows=(
        *rows("offered", "pair", "paired", who="system", requires="the code, in its minutes, once"),
        *rows("offered", "lapse", "lapsed", who="clerk system", requires="its minutes are over, or a newer code"),
        *rows(
            "paired", "end", "ended", who="clerk system", requires="the shop's clerk, the reader itself, or its time"
        ),
    ),
)

HANDLING = Table(
    name="handling",
    states=("asked", "taken", "done", "failed", "cancelled", "lapsed", "missed"),
    start="asked",
    ends=frozenset({"done", "failed", "cancelled", "lapsed", "missed"}),
    rows=(
        *rows("asked", "take", "taken", who="system", requires="the line's own card is in the reader"),
        *rows(
            "taken", "outlive", "=", who="system", requires="the visit is over; for some minutes the reader may finish"
        ),
        *rows("taken", "finish", "done", who="system", requires="what was asked is done"),
        *rows("asked taken", "fail", "failed", who="system", requires="another card, or a coded problem"),
        *rows("asked taken", "cancel", "cancelled", who="clerk system", requires="the clerk, or the visit is over"),
        *rows("asked taken", "lapse", "lapsed", who="system", requires="its minutes are over"),
        *rows("asked", "miss", "missed", who="system", requires="its reader gave no sign for some minutes"),
    ),
)
OPEN = ("asked", "taken")
"""The states of a handling that is still to be done."""
