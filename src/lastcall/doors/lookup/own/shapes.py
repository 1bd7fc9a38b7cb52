"""The bodies of this API, said once: they check what comes, and the served definition is made from them.

A property that is not in them is refused. No message repeats what was sent.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.json_schema import SkipJsonSchema

from lastcall.core.errors import BadInput, NotFound
from lastcall.core.lookup import readings
from lastcall.core.lookup.days import read_day
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.errors import ApiError

MOST_ROWS: Final = 100
MOST_NUMBERS: Final = 5_000

Number = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{4,14}$", description="E.164 with +.", examples=["+79001234567"])]
NumberHash = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{64}$", examples=["0" * 64],
        description="HMAC-SHA256 under this consumer's hash key over the number as + and its digits in ASCII, in lower case hex.",
    ),
]  # fmt: skip
Semantics = Annotated[
    Literal["rich", "disconnect", "camara"], Field(description="Which reading of the number's history is wanted.")
]
Purpose = Annotated[
    str,
    Field(
        pattern=r"^dpv:[A-Z][A-Za-z]{2,60}$",
        description="W3C DPV. What was agreed; another one is refused. Without it the access token's counts.",
        examples=["dpv:FraudPreventionAndDetection"],
    ),
]  # fmt: skip


def _day(text: str) -> str:
    try:
        read_day(text)
    except BadInput as trouble:
        raise ValueError(trouble.message) from None
    return text


Day = Annotated[
    str,
    AfterValidator(_day),
    Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"}, examples=["2026-01-31"],
        description="A calendar day on the operator's clocks.",
    ),
]  # fmt: skip


Missing = SkipJsonSchema[None]
"""A property may be left out; but it is never null."""
Numbers = Annotated[
    list[Annotated[str, Field(max_length=64)]],
    Field(min_length=1, max_length=MOST_NUMBERS, examples=[["+79001234567"]], description="Each as in the other questions."),
]  # fmt: skip


CallbackUrl = Annotated[
    str,
    Field(
        max_length=2_000, pattern=r"^https?://[\x21-\x7e]+$", examples=["https://bank.example.org/batches"],
        description="Where it is told, signed as events are, that the batch has come to its end.",
    ),
]  # fmt: skip


class Body(BaseModel):
    """What comes in: nothing beside what is said here, and nothing taken for something else."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def without_null(cls, given: Any) -> Any:
        """A property may be left out, but null is no value of any."""
        if isinstance(given, dict) and None in given.values():
            raise ValueError("null")
        return given


class Told(BaseModel):
    """What goes out."""

    model_config = ConfigDict(frozen=True)


_NOT_BOTH: Final[dict[str, Any]] = {"not": {"required": ["number", "numberHash"]}}
_ONE_OF_THEM: Final[dict[str, Any]] = {"oneOf": [{"required": ["number"]}, {"required": ["numberHash"]}]}


class Question(Body):
    """A number, plainly or as a hash, and the day of which it was certain."""

    number: Number | Missing = None
    numberHash: NumberHash | Missing = None
    date: Day


class Row(Question):
    """One of many questions: a number, plainly or as a hash, and the day of which it was certain."""

    model_config = ConfigDict(json_schema_extra=_ONE_OF_THEM)


class Check(Question):
    """One question. Only with an access token that is bound to a line may the number be left out."""

    model_config = ConfigDict(json_schema_extra=_NOT_BOTH)

    semantics: Semantics = "rich"
    purpose: Purpose | Missing = None


class Checks(Body):
    """Up to a hundred questions of one kind."""

    rows: Annotated[list[Row], Field(min_length=1, max_length=MOST_ROWS)]
    semantics: Semantics = "rich"
    purpose: Purpose | Missing = None


_WORDS: Final = sorted({*readings.RICH, *readings.DISCONNECT, *readings.CAMARA})
Word = Annotated[
    str, Field(json_schema_extra={"enum": _WORDS}, description="A word of the reading that was asked for.")
]


class Answered(Told):
    """The reading's word, and the window of evidence it rests on; no other day, and never a holder."""

    answer: Word
    semantics: Semantics
    asOf: AwareDatetime
    knownSince: date
    corrected: Annotated[
        Literal[True] | None, Field(description="Rich answers: a closing of this number was reported wrongly once.")
    ] = None
    evidence: Annotated[str | None, Field(description="With signed=1: a compact JWS that states all of this.")] = None


class AllAnswered(Told):
    """One answer for each question, in order."""

    answers: list[Answered]


class Interest(Body):
    """Numbers that this consumer wants to be told about, or no longer: plainly or as hashes, not both in one call."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["numbers"]}, {"required": ["hashes"]}]})

    numbers: Numbers | Missing = None
    hashes: Numbers | Missing = None


class NewInterest(Interest):
    """``reference``: the consumer's own word, told back with each event."""

    reference: Annotated[
        str,
        Field(max_length=64, pattern=r"^[\x20-\x7e]*$", description="Own word, told back with each event; no number."),
    ] = ""


class NotTaken(Told):
    """``place``: of the number among those sent, from 0; ``code``: why it cannot be read."""

    place: int
    code: str


class Registered(Told):
    """``count``: how many interests there are now; ``new``: how many of these came now."""

    count: int
    new: int
    refused: list[NotTaken]


class Interests(Told):
    """How many interests there are, and may be; which numbers they are about cannot be read back."""

    count: int
    plain: int
    hashed: int
    underFormerKeys: Annotated[
        int, Field(description="Hashes made with a hash key that was changed since: they hold; register them anew.")
    ]
    most: int


class NewWebhook(Body):
    """Where to push events to: an https address that agrees in the handshake of CloudEvents' web hooks.

    ``http`` is refused too, but by who sends: an installation for trying out may let it through to itself.
    """

    url: Annotated[
        str, Field(max_length=2_000, pattern=r"^https?://[\x21-\x7e]+$", examples=["https://bank.example.org/numbers"])
    ]


class Hook(Told):
    """``state``: ``unverified`` until the receiver agreed, ``active``, ``refused``, or ``gone`` when it answered 410."""

    url: str
    state: Literal["unverified", "active", "refused", "gone"]
    since: AwareDatetime
    failures: Annotated[int, Field(description="Deliveries in a row that were not taken.")]
    formerSecretUntil: AwareDatetime | None = None
    pausedUntil: AwareDatetime | None = None
    lastError: str | None = None
    secret: Annotated[
        str | None, Field(description="Shown once: whsec_ and the key in base64 (Standard Webhooks 1.0.0).")
    ] = None


class NewBatch(Body):
    """How the file is written, and in which reading its rows are asked."""

    semantics: Semantics = "rich"
    format: Annotated[Literal["csv", "ndjson", "parquet"], Field(description="Of the rows, and of the answers.")] = (
        "csv"
    )
    hashed: Annotated[bool, Field(description="The numbers are keyed hashes.")] = False
    callbackUrl: CallbackUrl | Missing = None


class BatchTold(Told):
    """``doneRows`` of ``rows`` are answered; ``badRows`` of them could not be read."""

    id: str
    state: Literal["uploading", "queued", "running", "done", "failed", "deleted"]
    semantics: Semantics
    format: Literal["csv", "ndjson", "parquet"]
    hashed: bool
    uploadedBytes: int
    rows: int
    doneRows: int
    badRows: int
    createdAt: AwareDatetime
    failure: Annotated[str | None, Field(description="Why it failed.")] = None
    finishedAt: AwareDatetime | None = None
    asOf: AwareDatetime | None = None


class Dead(Told):
    """An event that no webhook took in time; ``id``: as in the feed, where it can be read."""

    id: str
    kind: str
    deadAt: AwareDatetime
    attempts: int
    lastError: str


class AllDead(Told):
    """The oldest first."""

    deliveries: list[Dead]


class Queued(Told):
    """It will be sent again."""

    queued: Literal[True]


class Removed(Told):
    """It is gone."""

    removed: Literal[True]


class Ended(Told):
    """How many interests ended."""

    ended: int


class Correction(Told):
    """A number whose closing was reported wrongly: it was not disconnected. ``evidence``: a JWS that states this."""

    number: Number | None = None
    numberHash: NumberHash | None = None
    correction: Literal["not_disconnected"]
    correctedAt: AwareDatetime
    evidence: str


class Corrections(Told):
    """``cursor``: to be given as ``after`` next time; ``more``: something is there already."""

    corrections: list[Correction]
    cursor: str
    more: bool


B = TypeVar("B", bound=Body)


def read(asked: Asked, shape: type[B]) -> B:
    """The body in this shape. Raises ``ApiError`` (400 ``INVALID_ARGUMENT``) that says where it is off."""
    try:
        return shape.model_validate(asked.document())
    except ValidationError as trouble:
        first = trouble.errors(include_url=False, include_context=False, include_input=False)[0]
        raise invalid(f"{_where(first['loc'])}: {_why(first['type'])}.") from None


_KINDS: Final = {
    "missing": "it is missing",
    "extra_forbidden": "there is no such property",
    "string_pattern_mismatch": "it is not written as the definition has it",
    "value_error": "this is no value for it",
    "literal_error": "it is none of the words of the definition",
    "too_short": "there are too few",
    "too_long": "there are too many",
}


def _why(kind: str) -> str:
    return _KINDS.get(kind, "it is not of the kind that the definition has")


def _where(path: tuple[int | str, ...]) -> str:
    """Where in the body; a name that only the sender knows is not repeated."""
    known = [str(part) for part in path if isinstance(part, int) or part in _NAMES]
    return ".".join(known) if len(known) == len(path) else "The body"


_NAMES: Final = {
    "number", "numberHash", "date", "semantics", "purpose", "rows", "numbers", "hashes", "reference", "url", "format",
    "hashed", "callbackUrl",
}  # fmt: skip


def id_of(asked: Asked) -> int:
    """The id in the path. Raises ``NotFound`` for what can be none."""
    text = asked.params["id"]
    if not _ID.fullmatch(text):
        raise NotFound("there is no such thing of yours", remedy="Check the id.")
    return int(text)


_ID: Final = re.compile("[1-9][0-9]{0,17}|[1-8][0-9]{18}", re.ASCII)


def in_json(moment: datetime) -> str:
    """A moment in UTC, to the second (RFC 3339)."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def invalid(message: str) -> ApiError:
    """400 ``INVALID_ARGUMENT``."""
    return ApiError(400, "INVALID_ARGUMENT", message)
