"""Which number a request is about: the one its token is bound to, or the one it names. CAMARA has two conventions for both.

Number Recycling and Tenure refuse a number beside a token that is bound to one, even the same; Subscription Status and KYC
Match take it when it is the same.
"""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

from lastcall.core.errors import BadInput, Refused
from lastcall.core.numbers.msisdn import COUNTRY_CODE, parse_msisdn

SHAPE: Final = r"^\+[1-9][0-9]{4,14}$"
"""ITU-T E.164 with ``+``, as all CAMARA definitions have it."""
_SHAPE: Final = re.compile(r"\+[1-9][0-9]{4,14}", re.ASCII)


def read_number(text: str) -> int:
    """The number in E.164 as the integer of its digits, any country's. Raises ``BadInput`` (``malformed_number``)."""
    if not _SHAPE.fullmatch(text):
        raise BadInput("this is not a number in E.164", code="malformed_number", remedy="Write + and 5 to 15 digits.")
    return int(text[1:])


def either(*, bound: int | None, given: int | None) -> int:
    """The number by the convention of Number Recycling and Tenure: from the token or from the request, never from both.

    Raises ``Refused``: ``missing_identifier``, ``unnecessary_identifier``.
    """
    if bound is not None and given is not None:
        raise Refused(
            "the access token already says which number this is about", code="unnecessary_identifier",
            remedy="Leave phoneNumber out, or use a token that is bound to no number.",
        )  # fmt: skip
    return _present(given if bound is None else bound)


def agreeing(*, bound: int | None, given: int | None) -> int:
    """The number by the convention of Subscription Status and KYC Match: from the token, which the request may repeat.

    Raises ``Refused``: ``missing_identifier``, ``invalid_token_context``.
    """
    if bound is not None and given is not None and bound != given:
        raise Refused(
            "phoneNumber is not the number of the access token", code="invalid_token_context",
            remedy="Leave phoneNumber out, or send the number that the token is bound to.",
        )  # fmt: skip
    return _present(given if bound is None else bound)


def _present(msisdn: int | None) -> int:
    if msisdn is None:
        raise Refused(
            "neither the access token nor the request says which number this is about", code="missing_identifier",
            remedy="Send phoneNumber, or use a token that is bound to a number.",
        )  # fmt: skip
    return msisdn


def require_mobile(msisdn: int) -> None:
    """Raises ``Refused`` (``service_not_applicable``) for a number that no mobile line of this country can have."""
    if not _is_mobile(msisdn):
        raise Refused(
            "the service is for mobile numbers of this country", code="service_not_applicable",
            remedy="Ask the operator that serves this number.",
        )  # fmt: skip


def _is_mobile(msisdn: int) -> bool:
    try:
        number = phonenumbers.PhoneNumber(COUNTRY_CODE, int(str(parse_msisdn(f"+{msisdn}"))[1:]))
    except BadInput:
        return False
    kinds = phonenumbers.PhoneNumberType
    return phonenumbers.number_type(number) in {kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE}
