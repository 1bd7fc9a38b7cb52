"""A card as a reader would give it, with what is hard to write down: scripts, signs, damage."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from lastcall.core.simcard.card import Application, Call, Card, Entry, Message, Room
from lastcall.core.simcard.pin import PinState

MADE_AT: Final = datetime(2026, 1, 12, 9, 0, 5, tzinfo=UTC)
MOSCOW: Final = timezone(timedelta(hours=3))
BEIJING: Final = timezone(timedelta(hours=8))
ICCID: Final = "8970199000000005017"


def entry(record: int, name: str, *numbers: str, **other: Any) -> Entry:
    """A line of the phone book."""
    facts: dict[str, Any] = {"list": "phone_book", "file": "7F10/6F3A"} | other
    return Entry(record=record, name=name, numbers=numbers, **facts)


def message(record: int, text: str, **other: Any) -> Message:
    """A message that came and was read."""
    facts: dict[str, Any] = {
        "records": (record,), "status": "read", "sent": False, "party": "+79990000001",
        "at": datetime(2026, 1, 10, 12, 0, record, tzinfo=MOSCOW),
    }  # fmt: skip
    return Message(text=text, **facts | other)


ENTRIES: Final = (
    entry(1, "妈妈", "+8613900000001"),
    entry(2, "Анна Петрова", "+79990000002"),
    entry(3, "José; Zoë, «Łódź» \\ 100%", "89990000003"),
    entry(
        4,
        "Учитель 👩🏽‍🏫🇨🇳",
        "+79990000004",
        "0049300000004",
        mails=("teacher@example.org",),
        second_name="Ольга, 3 «Б»",
    ),
    entry(5, "", "+79990000005"),
    entry(6, "=1+1", "*100#"),
    entry(7, "+7 (999)", "+999000000000000000000007", groups=("Семья", "工作, 学习")),
    entry(8, "李伟" * 40, "8999p1234"),
    entry(9, "Сергей", damaged="two octets of the number are no digits"),
    entry(1, "妈妈", "+8613900000001", list="fixed_dialling", file="7F10/6F3B"),
    entry(2, "Taxi", "0049300000009", list="fixed_dialling", file="7F10/6F3B"),
    entry(1, "", "+79990000000", list="own_numbers", file="7F10/6F40"),
    entry(1, "Support", "0990", list="service_numbers", file="7F10/6F49"),
    entry(1, "", "+79990000002", list="last_dialled", file="7F10/6F44"),
)
MESSAGES: Final = (
    message(1, "Привет! Ты завтра придёшь?\nЯ буду дома после шести."),
    message(2, "明天见。别忘了护照 🛂", party="+8613900000001", at=datetime(2026, 1, 10, 17, 5, 0, tzinfo=BEIJING)),
    message(
        3,
        "Your code is 000000. <b>Tell it to nobody</b> & see https://example.org/?a=1&b=2",
        party="Bank",
        status="unread",
    ),
    message(4, "到了给你发消息", sent=True, status="sent", at=None, party="+8613900000001"),
    message(5, "part one … and three", parts=3, missing=(2,), records=(5, 6)),
    message(7, "", data=bytes(range(40)), party="900"),
    message(8, "שלום, 123 abc", party="\N{RIGHT-TO-LEFT OVERRIDE}evil", damaged="the length is beyond the record"),
    message(9, "черновик", sent=True, status="to_be_sent", at=None, party=""),
    message(10, "=HYPERLINK(1)\r\nold", status="deleted"),
)


CALLS: Final = (
    Call(
        file="7FFF/6F80", record=1, received=True, name="妈妈", number="+8613900000001", seconds=754, answered=True,
        at=datetime(2026, 1, 9, 21, 5, 0, tzinfo=BEIJING),
    ),
    Call(
        file="7FFF/6F80", record=2, received=True, name="=1+1", number="", seconds=0, answered=False,
        at=datetime(2026, 1, 8, 7, 0, 9, tzinfo=MOSCOW).replace(tzinfo=None), application="Демо",
    ),
    Call(file="7FFF/6F81", record=1, received=False, name="", number="+79990000002", damaged="its time is none"),
    Call(file="7FFF/6F81", record=2, received=False, name="Taxi", number="0049300000009", seconds=3725),
)  # fmt: skip
APPLICATIONS: Final = (
    Application(aid="A0000000871002", kind="USIM", label="Демо", imsi="250990000000501"),
    Application(
        aid="A0000000871004", kind="ISIM", label="ISIM", private_identity="me@example.org",
        public_identities=("sip:me@example.org", "tel:+79990000000"),
    ),
)  # fmt: skip


def card(**other: Any) -> Card:
    """Li Wei's card with all of it."""
    facts: dict[str, Any] = {
        "kind": "SIM", "atr": "3B0701020304050607", "iccid": ICCID, "imsi": "250990000000501", "provider": "Демо Мобайл",
        "pin": PinState(enabled=True, tries=3, puk_tries=10), "entries": ENTRIES, "messages": MESSAGES,
        "rooms": (Room(of="phone_book", used=9, total=250), Room(of="messages", used=9, total=30)),
        "notes": ("EF_SPN is shorter than it should be",),
    }  # fmt: skip
    return Card(**facts | other)


def empty() -> Card:
    """A card with nothing on it."""
    return replace(card(), entries=(), messages=(), rooms=(), notes=(), provider="")
