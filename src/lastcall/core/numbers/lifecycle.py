"""The lifecycles of number and SIM (``docs/design.md``, section 4), and of asking for an early release or a correction."""

from __future__ import annotations

from lastcall.core.lifecycle import Table, rows

NUMBER = Table(
    name="number",
    states=(
        "available",
        "reserved",
        "in_service",
        "pending_release",
        "quarantined",
        "ported_out",
        "withdrawn",
    ),
    start="available",
    ends=frozenset({"withdrawn"}),
    rows=(
        *rows("available", "reserve", "reserved", who="number_manager clerk system", requires="in a range of ours"),
        *rows("reserved", "unreserve", "available", who="number_manager clerk system"),
        *rows(
            "available reserved",
            "assign",
            "in_service",
            who="number_manager clerk system",
            requires="a SIM in stock; for a reserved number the same purpose",
        ),
        *rows("in_service", "cease", "pending_release", who="system", requires="confirmed by the network"),
        *rows(
            "pending_release",
            "reactivate",
            "in_service",
            who="system clerk reviewer",
            requires="the former holder, before reclaim_until, limit and self-ban",
        ),
        *rows("pending_release", "quarantine", "quarantined", who="system", requires="reclaim_until has passed"),
        *rows("quarantined", "release", "available", who="system", requires="quarantine_until has passed"),
        *rows(
            "quarantined",
            "shorten",
            "=",
            who="number_manager",
            requires="asked by one, approved by another, both without a part in the closing; not below the floor",
        ),
        *rows(
            "pending_release quarantined",
            "extend",
            "=",
            who="holder system",
            requires="the leaver asks, once a case, as long as the policy offers; attempts go on; or a notice is owed",
        ),
        *rows(
            "in_service",
            "transfer",
            "=",
            who="system number_manager clerk",
            requires="another subscriber takes the line over in the same moment; no open case, lock, hold or order",
        ),
        *rows("in_service", "port_out", "ported_out", who="system number_manager", requires="an open port-out order"),
        *rows(
            "ported_out", "return", "quarantined", who="system number_manager", requires="back from the other operator"
        ),
        *rows(
            "ported_out available",
            "withdraw",
            "withdrawn",
            who="number_manager",
            requires="given back to the regulator",
        ),
    ),
)

SIM = Table(
    name="sim",
    states=("in_stock", "active", "barred", "dead"),
    start="in_stock",
    ends=frozenset({"dead"}),
    rows=(
        *rows("in_stock", "activate", "active", who="system number_manager clerk", requires="put into one line, once"),
        *rows("active", "bar", "barred", who="system", requires="the HLR refuses service"),
        *rows("barred", "kill", "dead", who="system"),
        *rows(
            "active", "port_out", "dead", who="system number_manager", requires="the number went to another operator"
        ),
        *rows(
            "active",
            "transfer",
            "dead",
            who="system number_manager clerk",
            requires="another subscriber has the number",
        ),
        *rows("in_stock", "scrap", "dead", who="number_manager"),
    ),
)

EARLY_RELEASE = Table(
    name="early_release",
    states=("asked", "approved", "refused", "withdrawn", "lapsed"),
    start="asked",
    ends=frozenset({"approved", "refused", "withdrawn", "lapsed"}),
    rows=(
        *rows(
            "asked",
            "approve",
            "approved",
            who="number_manager",
            requires="another than who asked, in time; shortens the quarantine",
        ),
        *rows("asked", "refuse", "refused", who="number_manager", requires="another than who asked"),
        *rows("asked", "take_back", "withdrawn", who="number_manager", requires="who asked"),
        *rows("asked", "lapse", "lapsed", who="system", requires="its time has passed"),
    ),
)

CORRECTION = Table(
    name="correction",
    states=("asked", "approved"),
    start="asked",
    ends=frozenset({"approved"}),
    rows=(
        *rows(
            "asked",
            "approve",
            "approved",
            who="reviewer number_manager administrator",
            requires="another than who asked, without a part in the closing",
        ),
    ),
)
