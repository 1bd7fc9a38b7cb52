"""The applications on a card: which they are, and who they say the holder is (ETSI TS 102.221, 13.1; TS 101.220, annex E)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lastcall.core.simcard.card import Application

from .coding import digits
from .coding.shown import shown
from .coding.tlv import tlv
from .files import IDENTITY_LENGTH, IMPI, IMPU, IMSI, IMSI_LENGTH, USIM, USIM_AID, Named, Path
from .linear import RecordReader
from .progress import Progress
from .tree import Tree, Unreadable

_KINDS: Final = {
    USIM_AID: "USIM",
    bytes.fromhex("A0000000871004"): "ISIM",
    bytes.fromhex("A0000003431002"): "CSIM",
}
"""By the first bytes of the identifier: the registered provider (3GPP, 3GPP2) and its application."""
OURS: Final = ("USIM", "ISIM")
"""What something is read of."""
_IDENTITY: Final = 0x80
_MOST_IDENTITIES: Final = 10


def kind_of(aid: bytes) -> str:
    """As in :class:`~lastcall.core.simcard.card.Application`."""
    return next((kind for start, kind in _KINDS.items() if aid.startswith(start)), "")


def read_applications(tree: Tree, named: tuple[Named, ...], *, imsi: str) -> tuple[Application, ...]:
    """All of them. ``imsi``: of the USIM that was read first. What cannot be read is empty, and nothing is said of it."""
    return tuple(_read(tree, each, imsi) for each in named)


def _read(tree: Tree, named: Named, imsi: str) -> Application:
    own = named.directory == USIM
    other = named.directory if not own else 0
    return Application(
        aid=named.aid.hex().upper(),
        kind=named.kind,
        label=named.label,
        imsi=imsi if own else _imsi(tree, other) if other and named.kind == "USIM" else "",
        private_identity=_identity(_binary(tree, (other, IMPI))) if other and named.kind == "ISIM" else "",
        public_identities=tuple(_identities(tree, other)) if other and named.kind == "ISIM" else (),
    )


def _imsi(tree: Tree, directory: int) -> str:
    return digits.imsi(_binary(tree, (directory, IMSI), IMSI_LENGTH))


def _binary(tree: Tree, path: Path, most: int = IDENTITY_LENGTH) -> bytes:
    try:
        found = tree.open(path)
        return tree.binary(min(found.size or most, most))
    except Unreadable:
        return b""


def _identities(tree: Tree, directory: int) -> Iterator[str]:
    path = (directory, IMPU)
    try:
        found = tree.open(path)
    except Unreadable:
        return
    wanted = range(1, min(found.records or _MOST_IDENTITIES, _MOST_IDENTITIES) + 1)
    records = RecordReader(tree, found, Progress(None)).read(wanted)
    yield from filter(None, map(_identity, records.raw.values()))


def _identity(raw: bytes) -> str:
    """The URI or the name in its data object (3GPP TS 31.103, 4.2.2 and 4.2.4)."""
    value = next((value for tag, value in tlv(raw) if tag == _IDENTITY), b"")
    return shown(value.decode("utf-8", "replace"), lines=False).text.strip()
