"""The lifecycle of a call to the hotline, as data."""

from __future__ import annotations

from lastcall.core.lifecycle import Table, rows

CALL = Table(
    name="call",
    states=("menu", "queued", "with_agent", "done", "gone"),
    start="menu",
    ends=frozenset({"done", "gone"}),
    rows=(
        *rows("menu", "note", "=", who="system", requires="the caller chose or said something"),
        *rows("menu", "want_agent", "queued", who="system", requires="0 was pressed, or the menu gave up"),
        *rows("menu", "finish", "done", who="system", requires="everything was said"),
        *rows("menu queued", "hang_up", "gone", who="system agent", requires="the caller has gone"),
        *rows("queued", "take", "with_agent", who="agent", requires="nobody else has taken it"),
        *rows("with_agent", "note", "=", who="agent system", requires="something was asked, answered, sent or heard"),
        *rows("with_agent", "finish", "done", who="agent system", requires="a coded outcome, or the time is over"),
    ),
)
