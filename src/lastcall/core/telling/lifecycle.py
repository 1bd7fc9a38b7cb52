"""The lifecycles of a webhook and of a delivery. ``consumer``'s acts come in as the system's: the door has checked the token."""

from __future__ import annotations

from lastcall.core.lifecycle import Table, rows

WEBHOOK = Table(
    name="webhook",
    states=("unverified", "active", "refused", "gone"),
    start="unverified",
    ends=frozenset(),
    rows=(
        *rows(
            "unverified active refused gone", "set_url", "unverified", who="system", requires="an address on the net"
        ),
        *rows("unverified", "verify", "active", who="system", requires="the receiver allowed it in the handshake"),
        *rows("unverified", "refuse", "refused", who="system", requires="no handshake succeeded"),
        *rows("active", "retire", "gone", who="system", requires="the receiver answered 410"),
    ),
)

DELIVERY = Table(
    name="delivery",
    states=("kept", "waiting", "queued", "delivered", "dead"),
    start="queued",
    ends=frozenset({"kept", "delivered"}),
    rows=(
        *rows("waiting", "queue", "queued", who="system", requires="the one before it was taken"),
        *rows("queued", "take", "delivered", who="system", requires="the receiver answered 2xx"),
        *rows("queued", "give_up", "dead", who="system", requires="its time is over"),
        *rows("dead", "retry", "queued", who="administrator system"),
        *rows("dead", "skip", "kept", who="administrator system", requires="the consumer has read it in another way"),
        *rows("waiting queued dead", "keep", "kept", who="system", requires="the webhook was taken away"),
    ),
)
