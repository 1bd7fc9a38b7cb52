"""What a leaver writes of themselves into a file (TOML), read for the statement."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from lastcall.core.errors import BadInput
from lastcall.core.kit.kit import Details
from lastcall.core.numbers.msisdn import parse_msisdn
from lastcall.core.subscribers.inputs import parse_name

LONGEST: Final = 200
"""Characters of one entry: more does not fit on its line."""
TEMPLATE: Final = """\
# For the statement: what is known of the holder. Fill in what you like; what stays empty becomes a line to write on.
# Keep this file to yourself: nothing of it is sent anywhere, it is printed into kit.pdf and written into kit.json.

# Surname and given names, as they stand in the agreement. Whoever acts for the holder, or inherits, writes their own by hand.
name = ""
# The number whose line shall end: "+7 916 123-45-67".
msisdn = ""
# The document that stands in the agreement: kind, series and number, issued by whom and when.
document = ""
# Date and place of birth.
born = ""
# Address, as it stands in the agreement.
address = ""
# A telephone number or an e-mail address that goes on working when the line has ended.
contact = ""
# Where the refund shall go: bank, BIC and account in your name.
account = ""
# With --operator other only: the operator's name, and its INN, as they stand in the agreement.
operator = ""
"""


def read_details(text: str) -> Details:
    """The details in a file made after :data:`TEMPLATE`.

    Raises :class:`BadInput` (``bad_details``) naming the key and never repeating what stands there.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as trouble:
        # Its own message quotes the text.
        raise _bad(f"it is no TOML{_place(trouble)}", 'Write each entry as: name = "…"') from None
    known = tuple(field.name for field in fields(Details))
    for key in given:
        if key not in known:
            raise _bad(f"there is no entry '{key[:40]}'", f"Known: {', '.join(known)}.")
    return _details({key: _line(key, value) for key, value in given.items()})


def _details(given: Mapping[str, str]) -> Details:
    values: dict[str, Any] = {key: value for key, value in given.items() if value}
    if "name" in values:
        values["name"] = _taken("name", parse_name, values["name"])
    if "msisdn" in values:
        values["msisdn"] = _taken("msisdn", parse_msisdn, values["msisdn"])
    return Details(**values)


def _taken(key: str, parse: Any, text: str) -> Any:
    try:
        return parse(text)
    except BadInput as refused:
        raise _bad(f"{key}: {refused.message}", refused.remedy) from None


def _line(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _bad(f"{key} is no text", f'Write it between quotation marks: {key} = "…"')
    text = " ".join(unicodedata.normalize("NFC", value).split())
    if len(text) > LONGEST:
        raise _bad(f"{key} has {len(text)} characters", f"Shorten it to {LONGEST}.")
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Cs"} for sign in text):
        raise _bad(f"{key} holds a sign that cannot be printed", "Type it instead of pasting it.")
    return text


def _place(trouble: tomllib.TOMLDecodeError) -> str:
    line = getattr(trouble, "lineno", None)
    if line is None:
        _words, _at, tail = str(trouble).rpartition("(at line ")
        line = tail.partition(",")[0] if _at else None
    return f", line {line}" if line else ""


def _bad(what: str, remedy: str) -> BadInput:
    return BadInput(f"details: {what}", code="bad_details", remedy=remedy)
