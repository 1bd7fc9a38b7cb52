"""Interests: of which numbers a relying party wants to be told. They can be counted, never listed."""

from __future__ import annotations

from collections.abc import Sequence

from lastcall.core.database import database
from lastcall.core.policies.present import present_policy
from lastcall.core.telling import interests
from lastcall.core.telling.interests import Registered
from lastcall.doors.lookup.answer import Answer, json_answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.own.asker import asker
from lastcall.doors.lookup.own.shapes import Interest, NewInterest, invalid, read


def register(asked: Asked) -> Answer:
    """``POST /lookup/v1/interests``."""
    access, body = asker(asked), read(asked, NewInterest)
    numbers, hashed = _named(body)
    registered = interests.register(
        database(), access=access, numbers=numbers, hashed=hashed, reference=body.reference, policy=present_policy()
    )
    return json_answer(_registered(registered))


def withdraw(asked: Asked) -> Answer:
    """``POST /lookup/v1/interests/withdraw``."""
    access, body = asker(asked), read(asked, Interest)
    numbers, hashed = _named(body)
    return json_answer(_registered(interests.withdraw(database(), access=access, numbers=numbers, hashed=hashed)))


def withdraw_former(asked: Asked) -> Answer:
    """``DELETE /lookup/v1/interests/former``: those under hash keys that were changed."""
    return json_answer({"ended": interests.withdraw_former(database(), access=asker(asked))})


def count(asked: Asked) -> Answer:
    """``GET /lookup/v1/interests``."""
    listed = interests.listed(database(), access=asker(asked), policy=present_policy())
    return json_answer(
        {
            "count": listed.count, "plain": listed.plain, "hashed": listed.hashed,
            "underFormerKeys": listed.under_former_keys, "most": listed.most,
        }
    )  # fmt: skip


def _named(body: Interest) -> tuple[Sequence[str], bool]:
    if (body.numbers is None) == (body.hashes is None):
        raise invalid("Send numbers or hashes, one of them.")
    return (body.hashes, True) if body.hashes is not None else (body.numbers or (), False)


def _registered(registered: Registered) -> dict[str, object]:
    refused = [{"place": one.place, "code": one.code} for one in registered.refused]
    return {"count": registered.count, "new": registered.new, "refused": refused}
