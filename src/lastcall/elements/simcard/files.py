"""The files that are read, by their places (3GPP TS 51.011, 10; TS 31.102, 4; ETSI TS 102.221, 13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Path = tuple[int, ...]
"""File identifiers below the master file, as ``(0x7F10, 0x6F3A)``; ``7FFF`` is the USIM's own directory (ADF.USIM)."""

MASTER: Final = 0x3F00
MASTER_PATH: Final[Path] = ()
GSM: Final = 0x7F20
TELECOM: Final = 0x7F10
USIM: Final = 0x7FFF
BOOK: Final = 0x5F3A
PBR: Final = 0x4F30

ICCID: Final[Path] = (0x2FE2,)
ICCID_LENGTH: Final = 10
IMSI_LENGTH: Final = 9
PROVIDER_LENGTH: Final = 17
"""As the standard has them, whatever a card announces (3GPP TS 51.011, 10.1.1, 10.3.2, 10.3.11)."""
DIR: Final[Path] = (0x2F00,)
USIM_AID: Final = bytes.fromhex("A0000000871002")
"""The first bytes of a USIM's application identifier (ETSI TS 101.220, annex E; 3GPP is A000000087, USIM 1002)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile:
    """A list of numbers: ``list`` as in :data:`lastcall.core.simcard.card.LISTS`, ``extension``: where what does not fit
    into its records continues, ``trailer``: bytes after the record that are not of it, ``words``: as notes call it."""

    list: str
    path: Path
    extension: Path
    words: str
    trailer: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A directory that keeps ``lists`` and ``messages``, or a phone book in files of its own (``book``: where EF_PBR is)."""

    lists: tuple[ListFile, ...] = ()
    messages: Path | None = None
    book: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where one kind of card keeps what. Of several places of ``imsi`` and ``provider`` the first that is there holds; of
    ``places`` all, in this order, without what is the same file once more."""

    imsi: tuple[Path, ...]
    provider: tuple[Path, ...]
    places: tuple[Place, ...]


_TELECOM_LISTS: Final = (
    ListFile(list="phone_book", path=(TELECOM, 0x6F3A), extension=(TELECOM, 0x6F4A), words="phone book"),
    ListFile(list="own_numbers", path=(TELECOM, 0x6F40), extension=(TELECOM, 0x6F4A), words="own numbers"),
    ListFile(list="last_dialled", path=(TELECOM, 0x6F44), extension=(TELECOM, 0x6F4A), words="last-dialled numbers"),
    ListFile(
        list="fixed_dialling", path=(TELECOM, 0x6F3B), extension=(TELECOM, 0x6F4B), words="fixed dialling numbers"
    ),
    ListFile(list="service_numbers", path=(TELECOM, 0x6F49), extension=(TELECOM, 0x6F4C), words="service numbers"),
)
_USIM_LISTS: Final = (
    ListFile(list="own_numbers", path=(USIM, 0x6F40), extension=(USIM, 0x6F4E), words="own numbers"),
    # EF_OCI is a record of EF_LND followed by date and time, duration and a link (3GPP TS 31.102, 4.2.34).
    ListFile(list="last_dialled", path=(USIM, 0x6F81), extension=(USIM, 0x6F4E), words="outgoing calls", trailer=13),
    ListFile(list="fixed_dialling", path=(USIM, 0x6F3B), extension=(USIM, 0x6F4B), words="fixed dialling numbers"),
    ListFile(list="service_numbers", path=(USIM, 0x6F49), extension=(USIM, 0x6F4C), words="service numbers"),
)
_TELECOM: Final = Place(lists=_TELECOM_LISTS, messages=(TELECOM, 0x6F3C))

SIM_LAYOUT: Final = Layout(imsi=((GSM, 0x6F07),), provider=((GSM, 0x6F46),), places=(_TELECOM,))
USIM_LAYOUT: Final = Layout(
    imsi=((USIM, 0x6F07), (GSM, 0x6F07)),
    provider=((USIM, 0x6F46), (GSM, 0x6F46)),
    places=(
        Place(lists=_USIM_LISTS, messages=(USIM, 0x6F3C)),
        Place(book=(USIM, BOOK)),
        Place(book=(TELECOM, BOOK)),
        _TELECOM,
    ),
)


def shown(path: Path) -> str:
    """As ``7F10/6F3A``."""
    return "/".join(f"{part:04X}" for part in path)
