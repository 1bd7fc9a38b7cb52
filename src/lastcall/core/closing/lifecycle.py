"""The lifecycle of the case (``docs/design.md``, section 4), as data."""

from __future__ import annotations

from lastcall.core.lifecycle import Table, rows

_OPEN = "declared checking waiting review on_hold"

CASE = Table(
    name="case",
    states=(
        "declared",
        "checking",
        "waiting",
        "review",
        "on_hold",
        "ceasing",
        "closed",
        "withdrawn",
        "rejected",
        "lapsed",
    ),
    start="declared",
    ends=frozenset({"closed", "withdrawn", "rejected", "lapsed"}),
    rows=(
        *rows("declared waiting review on_hold", "check", "checking", who="system", requires="facts read afresh"),
        *rows("checking", "wait", "waiting", who="system", requires="something is missing from the subscriber"),
        *rows("checking", "refer", "review", who="system", requires="a person must look"),
        *rows(
            "checking", "hold", "on_hold", who="system", requires="every check passed; notice queued to an old contact"
        ),
        *rows("checking", "cease", "ceasing", who="system", requires="every check passed and the hold has ended"),
        *rows(
            "ceasing",
            "check",
            "checking",
            who="system",
            requires="a lock, legal hold or port-out came in between; no outside effect attempted yet",
        ),
        *rows("review", "approve", "checking", who="reviewer", requires="neither opener nor verifier"),
        *rows("review", "ask", "checking", who="reviewer", requires="a coded request; neither opener nor verifier"),
        *rows(
            "review",
            "judge_photo",
            "checking",
            who="reviewer",
            requires="the photo was looked at; neither opener nor verifier",
        ),
        *rows("review waiting", "reject", "rejected", who="reviewer", requires="a coded reason"),
        *rows("checking", "reject", "rejected", who="system", requires="the line has ended otherwise"),
        *rows("declared checking waiting", "lapse", "lapsed", who="system", requires="lapse_at has passed"),
        *rows(
            _OPEN,
            "withdraw",
            "withdrawn",
            who="holder representative clerk agent",
            requires="the case's secret, or the holder present",
        ),
        *rows(
            "ceasing",
            "withdraw",
            "withdrawn",
            who="holder representative clerk agent",
            requires="no outside effect attempted yet",
        ),
        *rows(_OPEN, "freeze", "=", who="holder stranger clerk agent reviewer system", requires="'this was not me'"),
        *rows(
            "ceasing",
            "freeze",
            "review",
            who="holder stranger clerk agent reviewer system",
            requires="no outside effect attempted yet",
        ),
        *rows(_OPEN, "unfreeze", "=", who="reviewer", requires="the holder was asked; neither opener nor verifier"),
        *rows(
            _OPEN,
            "prove",
            "=",
            who="holder representative clerk agent system",
            requires="identity, papers, SIM or payment given",
        ),
        *rows(_OPEN, "take_in", "=", who="reviewer", requires="papers that came by post"),
        *rows("ceasing", "step", "=", who="system", requires="the step before it is done"),
        *rows("ceasing", "close", "closed", who="system", requires="every step done and read back"),
    ),
)
