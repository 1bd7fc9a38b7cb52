"""What may go wrong with somebody else's receiver. No message holds the address: it may hold a secret of its owner."""

from __future__ import annotations

from lastcall.core.errors import ElementTrouble


def bad_address(why: str) -> ElementTrouble:
    """Permanent: nothing was sent, and trying again cannot help until the address, or where its name leads, is another."""
    return ElementTrouble(
        f"the receiver's address is not spoken to: {why}", permanent=True, code="bad_address",
        remedy="The consumer gives an https:// address whose name leads to the public net only.",
    )  # fmt: skip


def redirected(status: int) -> ElementTrouble:
    """Temporary."""
    return _temporary(
        "redirected", f"the receiver answers with a redirect (HTTP {status}), which is not followed",
        "The consumer sets the address that the redirect leads to.",
    )  # fmt: skip


def unreachable(why: str) -> ElementTrouble:
    """Temporary."""
    return _temporary("unreachable", f"the receiver cannot be reached: {why}", "The consumer sees whether it is up.")


def timed_out() -> ElementTrouble:
    """Temporary. The receiver may have taken it."""
    return _temporary(
        "timeout", "the receiver did not answer in time; it may have taken it or not",
        "The receiver answers at once and works afterwards.",
    )  # fmt: skip


def untrusted(why: str) -> ElementTrouble:
    """Temporary: a certificate can be mended."""
    return _temporary("untrusted", f"the receiver's certificate is not trusted: {why}", "The consumer mends it.")


def garbled(why: str) -> ElementTrouble:
    """Temporary. The receiver may have taken it."""
    return _temporary(
        "garbled",
        f"the receiver ended the connection, or its answer is no HTTP: {why}",
        "The consumer looks into its log.",
    )


def _temporary(code: str, message: str, remedy: str) -> ElementTrouble:
    return ElementTrouble(message, permanent=False, code=code, remedy=remedy)
