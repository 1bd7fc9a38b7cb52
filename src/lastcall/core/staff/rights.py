"""Who may do what at the desk: one table, and the one question that is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lastcall.core.actor import ADMINISTRATOR, AGENT, AUDITOR, CLERK, DESK, NUMBER_MANAGER, REVIEWER, Actor
from lastcall.core.errors import Refused
from lastcall.core.staff.member import Member


@dataclass(frozen=True, slots=True)
class Right:
    """``roles``: who has it; ``own_shop``: it reaches no further than the member's own shop."""

    name: str
    roles: tuple[str, ...]
    own_shop: bool = False


_TABLE: Final = (
    Right("queue.run", (CLERK,), own_shop=True),
    Right("counter.work", (CLERK,), own_shop=True),
    Right("call.take", (AGENT,)),
    Right("review.decide", (REVIEWER,)),
    Right("papers.take_in", (CLERK, REVIEWER)),
    Right("file.see", (CLERK, AGENT, REVIEWER, NUMBER_MANAGER, AUDITOR)),
    Right("numbers.look", (NUMBER_MANAGER, AUDITOR)),
    Right("numbers.act", (NUMBER_MANAGER,)),
    Right("numbers.release_early", (NUMBER_MANAGER,)),
    Right("work.retry", (NUMBER_MANAGER, ADMINISTRATOR)),
    Right("people.manage", (ADMINISTRATOR,)),
    Right("shops.manage", (ADMINISTRATOR,)),
    Right("glass.ask", (CLERK, AGENT, REVIEWER, NUMBER_MANAGER)),
    Right("glass.approve", (AUDITOR, ADMINISTRATOR)),
    Right("log.read", (AUDITOR,)),
    Right("figures.see", (REVIEWER, NUMBER_MANAGER, AUDITOR, ADMINISTRATOR)),
    Right("relying.see", (ADMINISTRATOR, AUDITOR, NUMBER_MANAGER)),
    Right("relying.manage", (ADMINISTRATOR,)),
    Right("correction.ask", (NUMBER_MANAGER,)),
    Right("correction.approve", (NUMBER_MANAGER,)),
    Right("self", (CLERK, AGENT, REVIEWER, NUMBER_MANAGER, AUDITOR, ADMINISTRATOR)),
)
RIGHTS: Final = {right.name: right for right in _TABLE}
"""Name -> right. ``self``: what concerns only oneself, such as one's second factor."""
_DOORS: Final = {CLERK: "store", AGENT: "hotline"}


def has(member: Member, right: str) -> bool:
    """Whether the member has the right, somewhere."""
    return member.left_at is None and any(role in RIGHTS[right].roles for role in member.roles.split())


def actor_for(member: Member, right: str, *, door: str | None = None, shop_id: int | None = None) -> Actor:
    """The member in the role by which they hold ``right``. ``shop_id``: the shop it is about, where it is about one.

    Raises ``Refused``: ``has_left``, ``no_right``, ``other_shop``.
    """
    if member.left_at is not None:
        raise Refused("this member has left", code="has_left", remedy="Ask an administrator.")
    found = RIGHTS[right]
    role = next((role for role in found.roles if role in member.roles.split()), None)
    if role is None:
        raise Refused(f"the right {right} is not yours", code="no_right", remedy="Ask somebody whose work it is.")
    if found.own_shop and shop_id is not None and shop_id != member.shop_id:
        raise Refused("that is another shop's", code="other_shop", remedy="Ask a colleague there.")
    return Actor(role, member.login, door or _DOORS.get(role, DESK))
