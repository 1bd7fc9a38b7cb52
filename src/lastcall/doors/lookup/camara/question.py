"""What a relying party asks in one request, and how a handler's refusals become CAMARA's errors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import TypeVar

from lastcall.core.database import database
from lastcall.core.errors import Refused
from lastcall.core.lookup import sandbox
from lastcall.core.lookup.documented import RECYCLING, Documented, documented
from lastcall.core.lookup.subject import read_number, require_mobile
from lastcall.core.numbers.life import latest_tenure
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.policies.present import present_policy
from lastcall.core.relying import asked as asking
from lastcall.core.relying.access import Access
from lastcall.core.store import Store
from lastcall.doors.lookup.answer import Answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.errors import ApiError, unauthenticated
from lastcall.doors.lookup.routes import NotHere

T = TypeVar("T")
Convention = Callable[..., int]
"""``subject.either`` or ``subject.agreeing``."""


@dataclass(frozen=True, slots=True)
class Question:
    """``given``: the request's properties; ``life``: of the sandbox's number, None for a real one."""

    api: str
    access: Access
    given: Mapping[str, str]
    msisdn: int
    life: sandbox.Life | None = None

    def real(self, read: Callable[[Store], T]) -> T:
        """What ``read`` finds, in one transaction. Never called for a sandbox."""
        assert not self.access.sandbox
        return database().transact(read)

    def note(self, reading: str) -> None:
        """Write down that this consumer asked about the number, before it is answered. A sandbox's question is nobody's."""
        if not self.access.sandbox:
            asking.note(database(), consumer_id=self.access.consumer_id, msisdn=self.msisdn, reading=reading)

    def held(self, rows: Store) -> Tenure:
        """The tenure that lasts on the number. Raises :class:`ApiError`: 404, or 401 where the token's own has ended meanwhile."""
        latest = latest_tenure(rows, self.msisdn)
        if self.access.tenure_id is not None and (latest is None or latest.id != self.access.tenure_id or latest.until):
            raise error(self.api, "UNAUTHENTICATED")
        if latest is None or latest.until is not None:
            raise error(self.api, "IDENTIFIER_NOT_FOUND")
        return latest


def ask(
    api: str, access: Access, given: Mapping[str, str], convention: Convention, *, mobiles_only: bool = True
) -> Question:
    """The question, with the number that it is about. Raises ``Refused`` and :class:`ApiError` as documented for ``api``.

    ``mobiles_only``: look at once whether the service is for this number; it costs more than an answer from the index.
    """
    _agreed_to(api, access)
    named = given.get("phoneNumber")
    msisdn = convention(bound=access.msisdn, given=read_number(named) if named is not None else None)
    if access.sandbox:
        return Question(api, access, given, msisdn, _life(api, msisdn))
    if mobiles_only:
        require_mobile(msisdn)
    return Question(api, access, given, msisdn)


def _agreed_to(api: str, access: Access) -> None:
    """Number Recycling is about a number; of the others the operator may demand that the subscriber signed in for it."""
    if access.msisdn is None and api != RECYCLING and api in present_policy().lookup_three_legged_only:
        raise ApiError(
            403, "PERMISSION_DENIED", "This needs an access token that the subscriber's sign-in bound to the number."
        )


def _life(api: str, msisdn: int) -> sandbox.Life:
    played = sandbox.trouble(api, msisdn)
    if played is not None:
        raise _as_error(played)
    life = sandbox.LIVES.get(msisdn)
    if life is None:
        raise error(api, "IDENTIFIER_NOT_FOUND")
    return life


def error(api: str, code: str) -> ApiError:
    """The error of this code, in the words that the API has for it."""
    return _as_error(documented(api, code))


def out_of_range(api: str, earliest: date) -> ApiError:
    """``OUT_OF_RANGE``, with the days that can be asked about."""
    what = documented(api, "OUT_OF_RANGE")
    return ApiError(what.status, what.code, f"{what.message} Ask about {earliest.isoformat()} to the present day.")


def _as_error(what: Documented) -> ApiError:
    if what.status == 401:
        return unauthenticated()
    headers = (("retry-after", "1"),) if what.status in {429, 503} else ()
    return ApiError(what.status, what.code, what.message, headers)


def answering(api: str) -> Callable[[Callable[[Asked], Answer]], Callable[[Asked], Answer]]:
    """Make the core's refusals the errors that ``api`` documents."""

    def wrap(handle: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
        @wraps(handle)
        def handled(asked: Asked) -> Answer:
            try:
                return handle(asked)
            except Refused as refusal:
                try:
                    raise error(api, refusal.code.upper()) from refusal
                except KeyError:
                    raise refusal from None

        return handled

    return wrap


def not_on_the_loop() -> None:
    """Raises ``NotHere`` on the loop, where nobody may wait for the database."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise NotHere
