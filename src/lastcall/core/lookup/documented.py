"""The errors that each CAMARA API documents: what a handler may answer, what the served definition says, what the sandbox plays.

The codes are those of Number Recycling 0.2.0, Tenure 0.3.0-rc.1, Subscription Status 0.1.0 and KYC Match 0.4.0; after them come
those that the CAMARA API Design Guide leaves to every provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

RECYCLING: Final = "number-recycling"
TENURE: Final = "kyc-tenure"
SUBSCRIPTION: Final = "subscription-status"
MATCH: Final = "kyc-match"
APIS: Final = (RECYCLING, TENURE, SUBSCRIPTION, MATCH)


@dataclass(frozen=True, slots=True)
class Documented:
    """``status``: of HTTP; ``code``: CAMARA's word; ``message``: what was wrong and what to do, without a number."""

    status: int
    code: str
    message: str


_INVALID: Final = Documented(400, "INVALID_ARGUMENT", "The request is not as the definition has it.")
_RANGE: Final = Documented(
    400, "OUT_OF_RANGE", "Our evidence does not reach that day, or it is yet to come: no answer can be drawn from this."
)
_COMBINATION: Final = Documented(
    400,
    "KNOW_YOUR_CUSTOMER.INVALID_PARAM_COMBINATION",
    "Beside phoneNumber at least one attribute to compare is needed.",
)
_UNKNOWN_CALLER: Final = Documented(
    401, "UNAUTHENTICATED", "The access token is missing, wrong or no longer valid: ask for a new one."
)
_NOT_PERMITTED: Final = Documented(403, "PERMISSION_DENIED", "The access token lacks the scope for this.")
_CONTEXT: Final = Documented(
    403, "INVALID_TOKEN_CONTEXT", "phoneNumber is not the number of the access token: leave it out, or send that one."
)
_DOCUMENT_NEEDED: Final = Documented(
    403, "KNOW_YOUR_CUSTOMER.ID_DOCUMENT_REQUIRED", "Attributes are compared only together with idDocument: send it."
)
_DOCUMENT_DIFFERS: Final = Documented(
    403, "KNOW_YOUR_CUSTOMER.ID_DOCUMENT_MISMATCH", "idDocument is not the number of a valid document on file."
)
_NOTHING_THERE: Final = Documented(404, "NOT_FOUND", "There is nothing at this address.")
_NOBODY: Final = Documented(404, "IDENTIFIER_NOT_FOUND", "The number is not in use with this operator.")
_NOT_SERVED: Final = Documented(
    422, "SERVICE_NOT_APPLICABLE", "The service is for mobile numbers of this country: ask the operator of this number."
)
_MISSING: Final = Documented(
    422,
    "MISSING_IDENTIFIER",
    "Neither the access token nor the request says which number this is about: send phoneNumber.",
)
_UNSUPPORTED: Final = Documented(
    422, "UNSUPPORTED_IDENTIFIER", "This kind of identifier is not supported: send phoneNumber."
)
_UNNECESSARY: Final = Documented(
    422, "UNNECESSARY_IDENTIFIER", "The access token already says which number this is about: leave phoneNumber out."
)

COMMON: Final = (
    Documented(429, "QUOTA_EXCEEDED", "The quota of the day is used up: go on after Retry-After."),
    Documented(429, "TOO_MANY_REQUESTS", "Too many requests at once: go on after Retry-After."),
    Documented(500, "INTERNAL", "Something broke on our side; it was noted."),
    Documented(503, "UNAVAILABLE", "The service is away for a moment: try again."),
)
"""What any API may answer (CAMARA API Design Guide, error responses)."""

ERRORS: Final[Mapping[str, tuple[Documented, ...]]] = {
    RECYCLING: (
        _INVALID, _RANGE, _UNKNOWN_CALLER, _NOT_PERMITTED, _NOBODY, _NOT_SERVED, _MISSING, _UNNECESSARY,
    ),
    TENURE: (
        _INVALID, _RANGE, _UNKNOWN_CALLER, _NOT_PERMITTED, _CONTEXT, _NOTHING_THERE, _NOBODY, _NOT_SERVED, _MISSING,
        _UNSUPPORTED, _UNNECESSARY,
    ),
    SUBSCRIPTION: (
        _INVALID, _UNKNOWN_CALLER, _NOT_PERMITTED, _CONTEXT, _NOBODY, _NOT_SERVED, _MISSING, _UNNECESSARY,
    ),
    MATCH: (
        _INVALID, _COMBINATION, _UNKNOWN_CALLER, _NOT_PERMITTED, _CONTEXT, _DOCUMENT_NEEDED, _DOCUMENT_DIFFERS,
        _NOTHING_THERE, _NOBODY, _NOT_SERVED, _MISSING,
    ),
}  # fmt: skip
"""API -> the errors that its definition documents."""


def documented(api: str, code: str) -> Documented:
    """The error of an API by its code, with or without the API's own prefix. Raises ``KeyError`` for one it does not document."""
    for error in (*ERRORS[api], *COMMON):
        if error.code.rpartition(".")[2] == code.rpartition(".")[2]:
            return error
    raise KeyError(code)
