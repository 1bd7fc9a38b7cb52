"""The sandbox: made-up numbers with fixed lives, and one number for every error, for relying parties that try things out.

A sandbox's consumer gets answers from here alone, by the same rules as everybody; nothing real is read. The numbers begin with
``+999``, a country code that ITU-T E.164 keeps in reserve, so that no line has one and nobody else is ever answered about them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from lastcall.core import clock
from lastcall.core.lookup.documented import APIS, COMMON, ERRORS, Documented
from lastcall.core.lookup.evidence import Evidence, Span
from lastcall.core.lookup.matching.record import DocumentOnFile, Record
from lastcall.core.lookup.service_state import ACTIVE, SUSPENDED, ServiceState
from lastcall.core.subscribers.file import document_key

KNOWN_SINCE: Final = date(2020, 1, 1)
"""Where the evidence of the sandbox begins; a day before is out of range."""
PREFIX: Final = "999"
_LIFE: Final = 9_990_200_000
_ERROR: Final = 9_990_000_000

_A, _B = 1, 2
_BEGAN, _CEASED, _BEGAN_AGAIN = date(2023, 10, 9), date(2024, 2, 25), date(2024, 9, 21)


@dataclass(frozen=True, slots=True)
class Life:
    """A made-up number: ``about`` says in a few words what it is for.

    ``spans``, ``state``, ``covered``, ``corrected``: as in :class:`Evidence`; ``service`` and ``contract``: of the line that
    is open on it, ``contract`` empty where it is not known; ``needs_document``: KYC Match asks for the document first.
    """

    msisdn: int
    about: str
    spans: tuple[Span, ...]
    state: str = "in_service"
    covered: bool = True
    corrected: bool = False
    service: ServiceState = ACTIVE
    contract: str = "PAYM"
    needs_document: bool = False

    @property
    def is_held(self) -> bool:
        """Whether somebody holds it now."""
        return bool(self.spans) and self.spans[-1].until is None

    def evidence(self) -> Evidence:
        """What is known of it, as of now."""
        return Evidence(self.spans, self.state, self.covered, KNOWN_SINCE, clock.now(), self.corrected)

    def record(self) -> Record:
        """What is on file about its holder; the first holder and the next are different people."""
        return _record(self.spans[-1].holder)


def _held(holder: int = _A, since: date = _BEGAN) -> Span:
    return Span(holder, since, None, "")


def _ended(holder: int = _A, since: date = _BEGAN, until: date = _CEASED, ending: str = "ceased") -> Span:
    return Span(holder, since, until, ending)


def _lives() -> Iterator[Life]:
    """In order of their numbers: new ones only at the end, for consumers write these numbers into their tests."""
    steady = (_held(),)
    lives = (
        ("held by one person since 2023-10-09; contract PAYM", {"spans": steady}),
        ("ceased on 2024-02-25, held by another person since 2024-09-21", {"spans": (_ended(), _held(_B, _BEGAN_AGAIN))}),
        ("ceased on 2024-02-25, back with the same person since 2024-03-20", {"spans": (_ended(), _held(since=date(2024, 3, 20)))}),
        (
            "ceased on 2024-02-25, then another's, back with the first person since 2025-06-01",
            {"spans": (_ended(), _ended(_B, date(2024, 9, 21), date(2024, 12, 1)), _held(since=date(2025, 6, 1)))},
        ),
        (
            "taken over by another person on 2024-02-25, without a break",
            {"spans": (_ended(ending="transferred"), _held(_B, _CEASED))},
        ),
        ("ceased on 2024-02-25, pending release", {"spans": (_ended(),), "state": "pending_release"}),
        ("ceased on 2024-02-25, in quarantine", {"spans": (_ended(),), "state": "quarantined"}),
        ("ceased on 2024-02-25, released, with nobody since", {"spans": (_ended(),), "state": "available"}),
        ("ported out on 2024-02-25", {"spans": (_ended(ending="ported_out"),), "state": "ported_out"}),
        ("with nobody before, held since 2024-09-21", {"spans": (_held(since=_BEGAN_AGAIN),)}),
        ("ours, but never held", {"spans": (), "state": "available"}),
        ("given back to the regulator", {"spans": (), "state": "withdrawn"}),
        ("not one of ours", {"spans": (), "state": "available", "covered": False}),
        ("a closing was reported wrongly and put right: held since 2023-10-09 throughout", {"spans": steady, "corrected": True}),
        ("contract PAYG", {"spans": steady, "contract": "PAYG"}),
        ("contract Business", {"spans": steady, "contract": "Business"}),
        ("contract not known", {"spans": steady, "contract": ""}),
        ("all services suspended", {"spans": steady, "service": SUSPENDED}),
        ("calls and texts out suspended", {"spans": steady, "service": ServiceState("active", "suspended", "active")}),
        ("data throttled", {"spans": steady, "service": ServiceState("active", "active", "throttled")}),
        ("data suspended", {"spans": steady, "service": ServiceState("active", "active", "suspended")}),
        ("KYC Match asks for idDocument first", {"spans": steady, "needs_document": True}),
    )  # fmt: skip
    for place, (about, values) in enumerate(lives, start=1):
        yield Life(msisdn=_LIFE + place, about=about, **values)  # type: ignore[arg-type]


LIVES: Final[Mapping[int, Life]] = {life.msisdn: life for life in _lives()}


def _troubles() -> Iterator[tuple[int, tuple[str, Documented]]]:
    """``+999``, the API from 1 to 4, the status, then the error's place among those of this status."""
    for digit, api in enumerate(APIS, start=1):
        places: dict[int, int] = {}
        for error in (*ERRORS[api], *COMMON):
            places[error.status] = places.get(error.status, 0) + 1
            yield _ERROR + digit * 1_000_000 + error.status * 1000 + places[error.status], (api, error)


TROUBLES: Final[Mapping[int, tuple[str, Documented]]] = dict(_troubles())
"""Number -> the API that answers with an error when asked about it, and which."""


def is_sandbox(msisdn: int) -> bool:
    """Whether it is a number that only a sandbox may have."""
    return str(msisdn).startswith(PREFIX)


def trouble(api: str, msisdn: int) -> Documented | None:
    """The error that this API plays for the number."""
    playing, error = TROUBLES.get(msisdn, ("", None))
    return error if playing == api else None


def number_of(api: str, code: str) -> int:
    """The number for which an API plays the error of this code. Raises ``StopIteration`` when it has none."""
    return next(msisdn for msisdn, (playing, error) in TROUBLES.items() if playing == api and error.code == code)


_PEOPLE: Final[Mapping[int, tuple[tuple[str, ...], str, tuple[str, str, str], str]]] = {
    _A: (("李伟", "Li Wei"), "CN", ("foreign_passport", "CN", "E00000001"), "li.wei@example.org"),
    _B: (("Анна Петрова", "Anna Petrova"), "RU", ("ru_passport", "RU", "0000000002"), "anna@example.org"),
}
_VALID_UNTIL: Final = date(2033, 5, 31)


@cache
def _record(holder: int) -> Record:
    names, citizenship, document, mail = _PEOPLE[holder]
    on_file = DocumentOnFile(document[0], document[1], document_key(*document), _VALID_UNTIL)
    return Record(names, citizenship, (on_file,), (mail,))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: ``api`` is ``all`` for a number with a life, which every API reads in its own way."""

    number: str
    api: str
    about: str


def table() -> tuple[Line, ...]:
    """All numbers of the sandbox, for people."""
    lives = (Line(f"+{life.msisdn}", "all", life.about) for life in LIVES.values())
    troubles = (Line(f"+{msisdn}", api, f"{error.status} {error.code}") for msisdn, (api, error) in TROUBLES.items())
    return (*lives, *troubles)
