"""The lifecycle of a queue ticket, as data."""

from __future__ import annotations

from lastcall.core.lifecycle import Table, rows

TICKET = Table(
    name="ticket",
    states=("waiting", "called", "serving", "done", "no_show", "left"),
    start="waiting",
    ends=frozenset({"done", "no_show", "left"}),
    rows=(
        *rows("waiting", "call", "called", who="clerk", requires="a window, and no other visitor at it"),
        *rows("called", "recall", "=", who="clerk", requires="the clerk who called"),
        *rows("called", "begin", "serving", who="clerk", requires="the clerk who called"),
        *rows("called", "no_show", "no_show", who="clerk", requires="the clerk who called"),
        *rows("called serving", "transfer", "waiting", who="clerk", requires="another purpose or another window"),
        *rows("serving", "finish", "done", who="clerk", requires="the clerk who serves"),
        *rows("waiting called", "leave", "left", who="stranger", requires="the ticket's own page"),
        *rows("waiting called", "end_day", "left", who="system", requires="its day is over"),
        *rows("serving", "end_day", "done", who="system", requires="its day is over"),
    ),
)
