"""What the worker does with the kinds of job that texts bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Billing, Messenger
from lastcall.core.store import Database
from lastcall.core.texting.answer import answer
from lastcall.core.work import Handler


def handlers(
    database: Database, *, messengers: Mapping[str, Messenger], billing: Billing, policy: Callable[[], Policy]
) -> dict[str, Handler]:
    """A handler for every kind of job, by kind. ``policy``: the one in force now."""

    def answer_text(text_id: int) -> None:
        answer(database, text_id=text_id, messengers=messengers, billing=billing, policy=policy())

    return {"text.answer": answer_text}
