"""Whom the cards of the decks know, and what they were written.

Nobody has these numbers: +7 943 is a code that the Russian register gives to nobody; after +86 10 no subscriber's number begins
with 0, and +86 154 was never given out; +44 7700 900 and +1 xxx 555 01 are kept for stories.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import product
from typing import Final

from .written import DELETED, READ, SENT, TO_BE_SENT, UNREAD, Line, Rung, Text

MOSCOW: Final = timezone(timedelta(hours=3))
BEIJING: Final = timezone(timedelta(hours=8))
NEWFOUNDLAND: Final = timezone(-timedelta(hours=3, minutes=30))
SHOP: Final = "DemoMobile"

CHINESE: Final = (
    Line("妈妈", "+8615400010001"),
    Line("爸爸", "+8615400010002"),
    Line("姐姐", "+8615400010003"),
    Line("王芳", "+79430002001"),
    Line("张伟", "+79430002002"),
    Line("刘洋 同学", "+79430002003"),
    Line("陈静", "+8615400020004"),
    Line("赵磊（室友）", "+79430002005"),
    Line("欧阳晓梅", "+8615400020006"),
    Line("国际学生处", "+79430002007"),
    Line("北京 招生办", "+861000510108"),
    Line("宿舍值班室", "+79430002009"),
)
RUSSIAN: Final = (
    Line("Мама", "+79430003001"),
    Line("Бабушка Галя", "+79430003002"),
    Line("Сергей К.", "+79430003003"),
    Line("Ольга работа", "+79430003004"),
    Line("Сантехник", "89430003005"),
    Line("Ёлкина Щука", "+79430003006"),
    Line("Поликлиника 7", "+79430003007"),
    Line("Ирина Юрьевна", "+79430003008"),
)
ENGLISH: Final = (
    Line("Tom (London)", "+447700900123"),
    Line("Grace Lee", "+12025550142"),
    Line("Taxi [night]", "+79430004003"),
    Line("José Ñandú", "+447700900456"),
    Line("Café €5", "+79430004005"),
)
SERVICE: Final = (Line("Справка", "0943"), Line("Balance", "*943#"))
_SURNAMES: Final = (
    "Иванов", "Петров", "Смирнов", "Кузнецов", "Соколов", "Попов", "Лебедев", "Козлов", "Новиков", "Морозов",
)  # fmt: skip
_FIRST: Final = ("Анна", "Пётр", "Юлия", "Олег", "Нина", "Илья", "Вера", "Глеб", "Яна", "Максим")
_FAMILIES: Final = ("王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴")
_GIVEN: Final = ("伟", "芳", "秀英", "敏", "静", "丽华", "强", "磊", "洋", "晓燕")
_ENGLISH_NAMES: Final = ("Alice", "Ben", "Chloe", "Daniel", "Emma", "Finn", "Hannah", "Jack", "Lucy", "Noah")
_INITIALS: Final = ("A.", "B.", "C.", "D.", "E.")


def many(count: int) -> tuple[Line, ...]:
    """``count`` people, at most 250: Russians, Chinese and English in turn, no two alike."""
    names = [f"{surname} {first}" for surname, first in product(_SURNAMES, _FIRST)]
    names += [family + given for family, given in product(_FAMILIES, _GIVEN)]
    names += [f"{first} {initial}" for first, initial in product(_ENGLISH_NAMES, _INITIALS)]
    mixed = [names[place * 7 % len(names)] for place in range(count)]
    return tuple(Line(name, f"+7943{place + 1:07d}") for place, name in enumerate(mixed))


def at(day: int, hour: int, minute: int, zone: timezone = MOSCOW) -> datetime:
    """A moment in December 2025, where it was seen."""
    return datetime(2025, 12, day, hour, minute, 30, tzinfo=zone)


LONG_CHINESE: Final = (
    "李伟同学：你好！你的学生签证将于明年一月到期，请在离境前到国际学生处办理离校手续，并交还宿舍钥匙和图书馆借书证。"
    "退还押金需要本人银行卡。如有问题请直接回复本短信。祝你旅途顺利！"
)
LONG_RUSSIAN: Final = (
    "Здравствуйте! Ваш заказ собран и ждёт вас по адресу: ул. Примерная, д. 1. Возьмите с собой паспорт. "
    "Хранится семь дней, потом уедет обратно на склад."
)
LONG_ENGLISH: Final = (
    "Your parcel could not be delivered today because nobody was at home. It will be kept at the post office for thirty days; "
    "please bring a document with your photo. You may also ask for a second delivery [free of charge] on any working day."
)

TEXTS: Final = (
    Text(READ, "+8615400010001", "到了莫斯科给妈妈打个电话。", at(1, 9, 5, BEIJING)),
    Text(READ, "+79430002005", "周五宿舍聚餐，你来吗？", at(2, 18, 40)),
    Text(UNREAD, "+79430002001", LONG_CHINESE, at(3, 10, 0), reference=17),
    Text(SENT, "+79430002005", "来！我带饺子 🥟"),
    Text(READ, "+79430003001", "Сынок, позвони вечером.", at(4, 20, 15)),
    Text(READ, "Sklad", LONG_RUSSIAN, at(5, 12, 30), reference=18),
    Text(UNREAD, SHOP, "Balance: 350.50 RUB", at(6, 8, 1)),
    Text(READ, "Post", LONG_ENGLISH, at(7, 15, 45), reference=19),
    Text(READ, "+12025550142", "See you at the gate ~ 5 {maybe 6} o'clock €", at(8, 23, 59, NEWFOUNDLAND)),
    Text(TO_BE_SENT, "+447700900123", "Tom, I am leaving on the 20th"),
    Text(DELETED, "+79430003003", "Это уже удалено", at(9, 11, 11)),
)


RECEIVED: Final = (
    Rung("妈妈", "+8615400010001", at(9, 21, 5, BEIJING), 754),
    Rung("Ольга работа", "+79430003004", at(9, 18, 40), 0, answered=False),
    Rung("", "", at(8, 12, 0), 35),
    Rung("Tom (London)", "+447700900123", at(7, 23, 59, NEWFOUNDLAND), 3725),
    Rung("", "+79430002005", at(6, 8, 1), 0, answered=False),
)
MADE: Final = (
    Rung("妈妈", "+8615400010001", at(9, 22, 10), 61),
    Rung("爸爸", "+8615400010002", at(8, 9, 30), 0),
    Rung("姐姐", "+8615400010003", at(7, 7, 15), 4010),
    Rung("王芳", "+79430002001", at(6, 19, 0), 12),
)


def messages(count: int) -> tuple[Text, ...]:
    """``count`` short ones, one record each."""
    bodies = ("好的，明天见", "Хорошо, до завтра", "OK, see you tomorrow", "Je prends le café à 8 heures")
    return tuple(
        Text(
            READ if place % 3 else UNREAD,
            f"+7943{5000 + place:07d}",
            f"{bodies[place % 4]} {place}",
            at(10 + place % 20, 9, place),
        )
        for place in range(count)
    )
