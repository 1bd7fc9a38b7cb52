"""The card's own number, which every card tells without a PIN."""

from __future__ import annotations

from .coding import digits
from .files import ICCID, ICCID_LENGTH
from .tree import Tree, Unreadable


def read_iccid(tree: Tree) -> str:
    """EF_ICCID in digits (3GPP TS 51.011, 10.1.1; ETSI TS 102.221, 13.2); empty where it cannot be read."""
    try:
        tree.open(ICCID)
        return digits.iccid(tree.binary(ICCID_LENGTH))
    except Unreadable:
        return ""
