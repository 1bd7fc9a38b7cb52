"""The files that are read, by their places (3GPP TS 51.011, 10; TS 31.102, 4; ETSI TS 102.221, 13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from .coding.calls import MADE_TRAILER, RECEIVED_TRAILER

Path = tuple[int, ...]
"""File identifiers below the master file, as ``(0x7F10, 0x6F3A)``; ``7FFF`` is the directory of the USIM that is read first
(ADF.USIM), :func:`further` that of another application."""

MASTER: Final = 0x3F00
MASTER_PATH: Final[Path] = ()
GSM: Final = 0x7F20
TELECOM: Final = 0x7F10
USIM: Final = 0x7FFF
_FURTHER: Final = 0x1_0000
"""Above all file identifiers: what other applications' directories are called here, as the card calls each of them 7FFF."""
BOOK: Final = 0x5F3A
PBR: Final = 0x4F30

ICCID: Final[Path] = (0x2FE2,)
ICCID_LENGTH: Final = 10
IMSI_LENGTH: Final = 9
PROVIDER_LENGTH: Final = 17
IDENTITY_LENGTH: Final = 255
"""As the standard has them, whatever a card announces (3GPP TS 51.011, 10.1.1, 10.3.2, 10.3.11); of an IMPI, what one command
reads."""
DIR: Final[Path] = (0x2F00,)
USIM_AID: Final = bytes.fromhex("A0000000871002")
"""The first bytes of a USIM's application identifier (ETSI TS 101.220, annex E; 3GPP is A000000087, USIM 1002)."""


MOST_APPLICATIONS: Final = 8
"""That are listed, and of which what is ours is read."""
IMSI: Final = 0x6F07
IMPI: Final = 0x6F02
IMPU: Final = 0x6F04
Calls = Literal["", "received", "made"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile:
    """A list of numbers: ``list`` as in :data:`lastcall.core.simcard.card.LISTS`, or ``received_calls``; ``extension``: where
    what does not fit into its records continues, ``trailer``: bytes after the record that are not of it, ``words``: as notes
    call it; ``calls``: whether its records are calls; ``application``: as in :class:`~lastcall.core.simcard.card.Entry`."""

    list: str
    path: Path
    extension: Path
    words: str
    trailer: int = 0
    calls: Calls = ""
    application: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A directory that keeps ``lists`` and ``messages``, or a phone book in files of its own (``book``: where EF_PBR is).

    ``application``: as in :class:`ListFile`; ``whose``: what notes say behind the words for a file.
    """

    lists: tuple[ListFile, ...] = ()
    messages: Path | None = None
    book: Path | None = None
    application: str = ""
    whose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An application that EF_DIR names: ``kind`` and ``label`` as in :class:`lastcall.core.simcard.card.Application`;
    ``directory``: what its own is called here, 0 for one that holds nothing of ours."""

    aid: bytes
    kind: str
    label: str
    directory: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where one kind of card keeps what. Of several places of ``imsi`` and ``provider`` the first that is there holds; of
    ``places`` all, in this order, without what is the same file once more. ``applications``: as EF_DIR names them."""

    imsi: tuple[Path, ...]
    provider: tuple[Path, ...]
    places: tuple[Place, ...]
    applications: tuple[Named, ...] = ()


_TRAILERS: Final[dict[Calls, int]] = {"": 0, "received": RECEIVED_TRAILER, "made": MADE_TRAILER}
_TELECOM_LISTS: Final = (
    ListFile(list="phone_book", path=(TELECOM, 0x6F3A), extension=(TELECOM, 0x6F4A), words="phone book"),
    ListFile(list="own_numbers", path=(TELECOM, 0x6F40), extension=(TELECOM, 0x6F4A), words="own numbers"),
    ListFile(list="last_dialled", path=(TELECOM, 0x6F44), extension=(TELECOM, 0x6F4A), words="last-dialled numbers"),
    ListFile(
        list="fixed_dialling", path=(TELECOM, 0x6F3B), extension=(TELECOM, 0x6F4B), words="fixed dialling numbers"
    ),
    ListFile(list="service_numbers", path=(TELECOM, 0x6F49), extension=(TELECOM, 0x6F4C), words="service numbers"),
)
_TELECOM: Final = Place(lists=_TELECOM_LISTS, messages=(TELECOM, 0x6F3C))


def _usim(directory: int, application: str = "") -> tuple[Place, ...]:
    """What an application of its own keeps, and its phone book. EF_ICI and EF_OCI hold a record of EF_LND and what is told of the
    call (3GPP TS 31.102, 4.2.33 and 4.2.34); what goes on in EF_EXT5 stands together."""
    whose = f" of application {directory - _FURTHER}" if directory > _FURTHER else ""

    def file(name: str, fid: int, extension: int, words: str, calls: Calls = "") -> ListFile:
        return ListFile(
            list=name, path=(directory, fid), extension=(directory, extension), words=words + whose,
            trailer=_TRAILERS[calls], calls=calls, application=application,
        )  # fmt: skip

    lists = (
        file("own_numbers", 0x6F40, 0x6F4E, "own numbers"),
        file("last_dialled", 0x6F81, 0x6F4E, "outgoing calls", "made"),
        file("received_calls", 0x6F80, 0x6F4E, "received calls", "received"),
        file("fixed_dialling", 0x6F3B, 0x6F4B, "fixed dialling numbers"),
        file("service_numbers", 0x6F49, 0x6F4C, "service numbers"),
    )
    return (
        Place(lists=lists, messages=(directory, 0x6F3C), application=application, whose=whose),
        Place(book=(directory, BOOK), application=application, whose=whose),
    )


SIM_LAYOUT: Final = Layout(imsi=((GSM, IMSI),), provider=((GSM, 0x6F46),), places=(_TELECOM,))


def usim_layout(applications: Sequence[Named] = ()) -> Layout:
    """Of a USIM; ``applications``: all that EF_DIR names. What each of several USIMs has of its own carries its name."""
    named = called(applications)
    own = next((name for each, name in named if each.directory == USIM), "")
    others = [(each.directory, name) for each, name in named if each.kind == "USIM" and each.directory not in (0, USIM)]
    return Layout(
        imsi=((USIM, IMSI), (GSM, IMSI)),
        provider=((USIM, 0x6F46), (GSM, 0x6F46)),
        places=(
            *_usim(USIM, own if others else ""),
            Place(book=(TELECOM, BOOK)),
            _TELECOM,
            # Last, since to select another application may close what the PIN opened of the first (TS 102.221, 8.5).
            *(place for directory, name in others for place in _usim(directory, name)),
        ),
        applications=tuple(applications),
    )


def called(applications: Sequence[Named]) -> tuple[tuple[Named, str], ...]:
    """Each with a name that no other one has: its label or its kind, a number behind it where that is needed."""
    names = [each.label or each.kind or each.aid.hex().upper() for each in applications]
    return tuple(
        (each, name if names.count(name) == 1 else f"{name} {names[: place + 1].count(name)}")
        for place, (each, name) in enumerate(zip(applications, names, strict=True))
    )


def further(place: int) -> int:
    """What the directory of an application other than the first is called here; ``place``: in EF_DIR, from 1."""
    return _FURTHER + place


def is_application(directory: int) -> bool:
    """Whether it is an application's own, and not below the master file."""
    return directory == USIM or directory > _FURTHER


def shown(path: Path) -> str:
    """As ``7F10/6F3A``; another application's directory as ``7FFF.2``, by its place in EF_DIR."""
    return "/".join(f"{part:04X}" if part < _FURTHER else f"7FFF.{part - _FURTHER}" for part in path)
