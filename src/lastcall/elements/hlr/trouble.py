"""The troubles an HLR can make, worded once for every adapter."""

from __future__ import annotations

from lastcall.core.errors import ElementTrouble
from lastcall.elements import network

from .digits import scrub, tail


def unreachable(where: str, why: str) -> ElementTrouble:
    """``where``: the element and its address. Temporary."""
    return network.unreachable(
        where, why, remedy="Check that the HLR runs and that its address and ports are the ones set here."
    )


def timed_out(where: str) -> ElementTrouble:
    """Temporary. What was asked may or may not have been done."""
    return network.timed_out(
        where, "what was asked may have been done or not", remedy="Read the entry back before asking again."
    )


def garbled(where: str, why: str) -> ElementTrouble:
    """Temporary. What was asked may or may not have been done."""
    return ElementTrouble(
        f"{where} gave an answer that cannot be read: {why}.",
        permanent=False,
        code="garbled",
        remedy="Check that the ports are not swapped and that the HLR is of a version known to work.",
    )


def not_done(where: str, words: str) -> ElementTrouble:
    """The HLR said no, or said yes and its entry says otherwise; ``words``: its own. Temporary."""
    return ElementTrouble(
        f"{where} did not do as asked: {scrub(words)}",
        permanent=False,
        code="not_done",
        remedy="Look into the HLR's own log for the reason.",
    )


def unknown_imsi(imsi: str) -> ElementTrouble:
    """Permanent."""
    return ElementTrouble(
        f"The HLR knows no IMSI {tail(imsi)}.",
        permanent=True,
        code="unknown_imsi",
        remedy="Compare the SIM's record with the HLR's.",
    )


def still_in_service(imsi: str, act: str) -> ElementTrouble:
    """``act``: what must wait, as in "the number cannot be taken off". Permanent."""
    return ElementTrouble(
        f"IMSI {tail(imsi)} is in service: {act} before it is barred, or the serving VLR would keep it on the air.",
        permanent=True,
        code="still_in_service",
        remedy="Bar the line first.",
    )


def number_in_use(msisdn: str) -> ElementTrouble:
    """Permanent."""
    return ElementTrouble(
        f"Another IMSI in the HLR has MSISDN {tail(msisdn)}.",
        permanent=True,
        code="number_in_use",
        remedy="Find the line that has the number in the HLR and take the number off it first.",
    )
