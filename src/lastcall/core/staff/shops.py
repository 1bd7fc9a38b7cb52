"""Shops are opened, named and closed."""

from __future__ import annotations

import re
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import BadInput, NotFound, Refused
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.staff.member import Member
from lastcall.core.staff.rights import RIGHTS
from lastcall.core.staff.shop import Shop
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.inputs import parse_name

_CODE: Final = re.compile(r"[a-z][a-z0-9-]{0,30}[a-z0-9]")


@transaction
def open_shop(rows: Store, *, code: str, name: str, actor: Actor) -> Shop:
    """A shop with this code, or a new name for the one that has it. The same again changes nothing.

    Raises ``BadInput`` (``bad_shop_code``, ``malformed_name``), ``Refused`` (``no_right``, ``shop_closed``).
    """
    _may(actor)
    if not _CODE.fullmatch(code):
        raise BadInput(
            "a shop's code is 2 to 32 lower-case Latin letters, digits and dashes", code="bad_shop_code",
            remedy="Choose one such as centre or north-2.",
        )  # fmt: skip
    name, now, known = parse_name(name), clock.now(), rows.one(Shop, {"code": code})
    if known is None:
        shop = Shop(id=clock.new_id(), code=code, name=name, opened_at=now)
        rows.apply(Plan((Insert(shop),), (_noted("opened", shop, actor),)))
        return shop
    if known.closed_at is not None:
        raise Refused("this shop was closed", code="shop_closed", remedy="Choose another code.")
    if known.name != name:
        rename = Change(Shop, {"id": known.id, "name": known.name}, {"name": name})
        rows.apply(Plan((rename,), (_noted("renamed", known, actor),)))
    return Shop(id=known.id, code=code, name=name, opened_at=known.opened_at)


@transaction
def close_shop(rows: Store, *, code: str, actor: Actor) -> None:
    """Close a shop in which nobody works any more. Raises ``NotFound`` (``no_such_shop``), ``Refused`` (``shop_has_members``)."""
    _may(actor)
    shop = rows.one(Shop, {"code": code, "closed_at": None})
    if shop is None:
        raise NotFound("no open shop has this code", code="no_such_shop", remedy="See the list of shops.")
    if rows.one(Member, {"shop_id": shop.id, "left_at": None}) is not None:
        raise Refused("somebody works in this shop", code="shop_has_members", remedy="Move its members first.")
    close = Change(Shop, {"id": shop.id, "closed_at": None}, {"closed_at": clock.now()})
    rows.apply(Plan((close,), (_noted("closed", shop, actor),)))


def _may(actor: Actor) -> None:
    if actor.role not in RIGHTS["shops.manage"].roles:
        raise Refused("the right shops.manage is not yours", code="no_right", remedy="Ask an administrator.")


def _noted(what: str, shop: Shop, actor: Actor) -> Event:
    return Event(
        at=clock.now(), kind=f"shop.{what}", subject="shop", subject_id=shop.id, actor=str(actor), door=actor.door,
        data={"shop": shop.code},
    )  # fmt: skip


def shops(rows: Store) -> tuple[Shop, ...]:
    """The open shops by code."""
    return tuple(rows.some(Shop, {"closed_at": None}, order="code"))


all_shops = transaction(shops)
