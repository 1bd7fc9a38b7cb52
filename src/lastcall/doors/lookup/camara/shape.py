"""The shape of a request: one table of properties, from which a body is read and its schema is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from lastcall.core.errors import BadInput
from lastcall.core.lookup.days import read_day
from lastcall.core.lookup.subject import SHAPE as NUMBER
from lastcall.doors.lookup.errors import ApiError

INVALID: Final = "INVALID_ARGUMENT"


def invalid(message: str) -> ApiError:
    """A request that is not as the definition has it (400). ``message`` names the place, and repeats no value."""
    return ApiError(400, INVALID, message)


@dataclass(frozen=True)
class Property:
    """A property, always a string: ``pattern`` (of ECMA 262), ``format`` (``date``, ``email``) and ``choices`` as in a schema."""

    name: str
    about: str
    pattern: str = ""
    format: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    example: str = ""

    def check(self, value: object) -> str:
        """The value. Raises :class:`ApiError` (400)."""
        if not isinstance(value, str):
            raise invalid(f"{self.name} must be a string.")
        if self._pattern is not None and not self._pattern.fullmatch(value):
            raise invalid(f"{self.name} does not have the form {self.pattern}.")
        if self.choices and value not in self.choices:
            raise invalid(f"{self.name} must be one of: {', '.join(self.choices)}.")
        if self.format and not _FORMATS[self.format](value):
            raise invalid(f"{self.name} is not of the format {self.format}{_EXAMPLES[self.format]}.")
        return value

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return re.compile(self.pattern.removeprefix("^").removesuffix("$"), re.ASCII) if self.pattern else None

    def schema(self) -> dict[str, Any]:
        """As OpenAPI 3.0.3 has it."""
        words = {"pattern": self.pattern, "format": self.format, "enum": list(self.choices), "example": self.example}
        return {"type": "string", "description": self.about} | {word: value for word, value in words.items() if value}


def _is_day(text: str) -> bool:
    try:
        read_day(text)
    except BadInput:
        return False
    return True


_mail = EmailValidator()


def _is_mail(text: str) -> bool:
    try:
        _mail(text)
    except ValidationError:
        return False
    return True


_FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {"date": _is_day, "email": _is_mail}
_EXAMPLES: Final = {"date": ": a day that exists, as 2026-11-23", "email": ": local-part@domain"}


@dataclass(frozen=True)
class Shape:
    """A flat object of strings. Whatever is not in ``properties`` is refused (Commonalities, request body strictness)."""

    name: str
    about: str
    properties: tuple[Property, ...]

    @cached_property
    def _by_name(self) -> dict[str, Property]:
        return {one.name: one for one in self.properties}

    @cached_property
    def _required(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.properties if one.required)

    def read(self, document: Mapping[str, object]) -> dict[str, str]:
        """The properties given, each checked. Raises :class:`ApiError` (400 ``INVALID_ARGUMENT``), which repeats no value."""
        known = self._by_name
        if not document.keys() <= known.keys():
            raise invalid(f"The request holds a property that is not in the definition, which has: {', '.join(known)}.")
        for name in self._required:
            if name not in document:
                raise invalid(f"{name} is missing.")
        return {name: known[name].check(value) for name, value in document.items()}

    def schema(self) -> dict[str, Any]:
        """As OpenAPI 3.0.3 has it."""
        properties = {one.name: one.schema() for one in self.properties}
        required: dict[str, Any] = {"required": list(self._required)} if self._required else {}
        made = {"type": "object", "description": self.about, "additionalProperties": False, "properties": properties}
        return made | required


PHONE_NUMBER: Final = Property(
    "phoneNumber", "The number in E.164 with +. Only where the access token is bound to no number.", pattern=NUMBER,
    example="+79001234567",
)  # fmt: skip
