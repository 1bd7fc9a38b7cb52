"""The errors a caller of the core may meet.

Each carries a ``code`` that machines read and a ``remedy`` that people read. No message holds a full number, a
document number, a PIN or a code.
"""

from __future__ import annotations


class LastcallError(Exception):
    """Base of all errors that the core raises on purpose.

    ``code``: a stable snake_case word. ``message``: what was wrong and where. ``remedy``: what to do about it.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        if code is not None:
            self.code = code


class BadInput(LastcallError):
    """The caller gave something that cannot be read; nothing was changed."""

    code = "bad_input"


class Refused(LastcallError):
    """A rule says no: the input is well formed, the act is not allowed; nothing was changed."""

    code = "refused"


class NotAllowed(Refused):
    """A transition table has no row for this action in this state, or not for this role.

    ``possible``: the actions that this role may take in this state, sorted.
    """

    code = "not_allowed"

    def __init__(self, message: str, *, possible: tuple[str, ...] = (), code: str | None = None) -> None:
        remedy = f"Possible now: {', '.join(possible)}." if possible else "Nothing can be done in this state."
        super().__init__(message, code=code, remedy=remedy)
        self.possible = possible


class Conflict(LastcallError):
    """Somebody else changed the row first, or a constraint of the database held; nothing was changed."""

    code = "conflict"


class NotFound(LastcallError):
    """No such thing. The same words whether it never was or is not the caller's to see."""

    code = "not_found"


class ElementTrouble(LastcallError):
    """An outside element (HLR, SMS, mail, billing) did not do what it was asked.

    ``permanent``: True when trying again cannot help and a person must look; False when it may be tried later.
    """

    code = "element_trouble"

    def __init__(self, message: str, *, permanent: bool, code: str | None = None, remedy: str = "") -> None:
        super().__init__(message, code=code, remedy=remedy)
        self.permanent = permanent
