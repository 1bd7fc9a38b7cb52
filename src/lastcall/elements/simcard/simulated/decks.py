"""Ready cards by name, made anew each time: what people bring, and what goes wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from lastcall.core.errors import BadInput
from lastcall.core.numbers.iccid import parse_iccid

from . import odd, people, written
from .card import SimulatedCard
from .files import MF, Folder, path_of, walk
from .layout import Contents, Layout, Second
from .phone_book import Person, rich_book
from .pins import Pin
from .written import DELETED, READ, Form, Line, Text

MACHINE_ICCID: Final = "898604A0191790C12345"
SECOND_IMSI: Final = "001010000000901"
"""Of a network that is none but for tests (ITU-T E.212, 001-01)."""
LI_WEI_ICCID: Final = "8970199000000005014"
LI_WEI_IMSI: Final = "250990000000501"
LI_WEI_MSISDN: Final = "+79430001003"
ANNA_ICCID: Final = "8970199000000005022"
ANNA_IMSI: Final = "250990000000502"
ANNA_MSISDN: Final = "+79430001004"
PROVIDER: Final = "Demo Mobile"
_SPARE_ICCID, _SPARE_IMSI = "8970199000000009008", "250990000000900"


def empty() -> SimulatedCard:
    """A SIM as it comes from the factory."""
    return _sim(_contents())


def full() -> SimulatedCard:
    """A SIM and USIM with 250 contacts and 30 records of messages, not one place free."""
    kept = tuple(text for text in people.TEXTS if text.status != DELETED)
    used = sum(len(written.sms_records(text, "")) for text in kept)
    texts = (*kept, *people.messages(30 - used))
    own = (Line("My number", "+79430000900"),)
    return _both(
        _contents(
            own=own, phone_book=people.many(250), service=people.SERVICE, dialled=people.RUSSIAN[:4], texts=texts,
            received=people.RECEIVED,
        )
    )  # fmt: skip


def usim_only() -> SimulatedCard:
    """A USIM that does not know the commands of a SIM; its phone book lies under DF_TELECOM."""
    contents = _contents(own=(Line("我的号码", "+79430000901"),), **_lives_in("zh"))
    return SimulatedCard(Layout(contents).uicc(gsm=False), kind="USIM", pin2=_second())


def usim_t1() -> SimulatedCard:
    """The same over T=1."""
    contents = _contents(**_lives_in("ru"))
    return SimulatedCard(Layout(contents).uicc(gsm=False), kind="USIM", pin2=_second(), protocol="T=1")


def with_isim() -> SimulatedCard:
    """A card for IMS too, whose application comes before the USIM."""
    contents = _contents(own=(Line("Мой номер", "+79430000906"),), **_lives_in("ru"))
    return SimulatedCard(Layout(contents).uicc(gsm=True, isim=True), kind="both", pin2=_second())


def no_directory() -> SimulatedCard:
    """A USIM whose applications no file names; it answers to the beginning of its name all the same."""
    contents = _contents(**_lives_in("zh"))
    return SimulatedCard(Layout(contents).uicc(gsm=False, directory=False), kind="USIM", pin2=_second())


def universal_pin() -> SimulatedCard:
    """A USIM with a universal PIN, 4321, beside its own."""
    contents = _contents(**_lives_in("ru"))
    return SimulatedCard(Layout(contents).uicc(gsm=False), kind="USIM", pin2=_second(), universal=Pin(code="4321"))


def blocked() -> SimulatedCard:
    """Its PIN was wrong three times."""
    return _both(_contents(**_lives_in("zh")), Pin(tries=0))


def blocked_sim() -> SimulatedCard:
    """The same, a plain SIM."""
    return _sim(_contents(**_lives_in("ru")), Pin(tries=0))


def dead_puk() -> SimulatedCard:
    """Its PUK was wrong ten times, too."""
    return _both(_contents(**_lives_in("ru")), Pin(tries=0, puk_tries=0))


def last_try() -> SimulatedCard:
    """One try of the PIN is left."""
    return _both(_contents(**_lives_in("ru")), Pin(tries=1))


def last_puk() -> SimulatedCard:
    """The PIN is blocked, and one try of the PUK is left."""
    return _both(_contents(**_lives_in("zh")), Pin(tries=0, puk_tries=1))


def pin_off() -> SimulatedCard:
    """It asks for no PIN."""
    return _both(_contents(**_lives_in("zh")), Pin(enabled=False))


def pin_fixed() -> SimulatedCard:
    """Nobody can switch its PIN off: service 1 is not there (TS 51.011, 10.3.7)."""
    card = _both(_contents(**_lives_in("ru")), Pin(fixed=True))
    services = next(file for file in walk(card.root) if path_of(file) == "7F20/6F38")
    services.data[0] &= 0xFC
    return card


def chinese() -> SimulatedCard:
    """A SIM on which all is Chinese."""
    return _sim(_contents(own=(Line("本机", "+79430000902"),), **_lives_in("zh")))


def russian() -> SimulatedCard:
    """A SIM on which all is Russian."""
    return _sim(_contents(own=(Line("Мой номер", "+79430000903"),), **_lives_in("ru")))


def li_wei(*, iccid: str = LI_WEI_ICCID, imsi: str = LI_WEI_IMSI, msisdn: str = LI_WEI_MSISDN) -> SimulatedCard:
    """A Chinese student's card after four years in Moscow."""
    return _both(
        Contents(
            iccid=iccid, imsi=imsi, provider=PROVIDER, own=(Line("我的号码", msisdn),),
            phone_book=(*people.CHINESE, *people.RUSSIAN[3:6], *people.ENGLISH[:2]), service=people.SERVICE,
            fixed=people.CHINESE[:1], dialled=people.CHINESE[:4], texts=people.TEXTS,
            received=people.RECEIVED, made=people.MADE,
        )
    )  # fmt: skip


def anna(*, iccid: str = ANNA_ICCID, imsi: str = ANNA_IMSI, msisdn: str = ANNA_MSISDN) -> SimulatedCard:
    """A plain SIM that Anna has had for fifteen years."""
    texts = tuple(text for text in people.TEXTS if text.text.isascii() or "а" in text.text)
    return _sim(
        Contents(
            iccid=iccid, imsi=imsi, provider=PROVIDER, own=(Line("Мой номер", msisdn),), places=100, text_places=15,
            phone_book=(*people.RUSSIAN, *people.ENGLISH), service=people.SERVICE, dialled=people.RUSSIAN[:6], texts=texts,
        )
    )  # fmt: skip


def emoji() -> SimulatedCard:
    """Names and messages with characters beyond the basic plane, one of them cut in half by the end of its record."""
    names = ("🐼 小熊", "Мама ❤️", "👨‍👩‍👧 дом", "Бабушка🌷", "🎉🎉🎉🎉", "абвгдеж🐼")
    book = tuple(Line(name, f"+7943000600{place}") for place, name in enumerate(names))
    texts = (
        Text(READ, "+79430006001", "生日快乐 🎂🎉", people.at(2, 8, 0)),
        Text(READ, "+79430006002", "🐼" * 80, people.at(3, 8, 0)),
    )
    return _sim(_contents(phone_book=book, texts=texts, loose_texts=odd.split_pair()))


def alpha_forms() -> SimulatedCard:
    """The same names in every form that can hold them (ETSI TS 102.221, annex A)."""
    forms: tuple[tuple[str, tuple[Form, ...]], ...] = (
        ("Ирина", ("80", "81", "82")), ("Anna", ("gsm", "80")), ("[~]{|}^\\€", ("gsm", "80")), ("王玉", ("80", "81", "82")),
        ("Bär Ёж 7", ("80", "81", "82")), ("上下中", ("80", "81", "82")), ("Øre Δ", ("gsm", "80")),
    )  # fmt: skip
    lines = [Line(name, f"+7943000700{len(name)}", form) for name, each in forms for form in each]
    return _both(_contents(phone_book=lines))


def odd_numbers() -> SimulatedCard:
    """Every type of number and numbering plan, numbers of one digit and of forty-four, and extensions that lead astray."""
    book, ends = odd.loose_numbers(10)
    return _sim(_contents(phone_book=odd.NUMBERS, loose_book=book, loose_extensions=ends))


def phonebook() -> SimulatedCard:
    """A USIM whose application has a phone book of its own, in two sets of files, with mail, second names and groups."""
    students = (
        Person(Line("李娜", "+79430008001"), ("+8615400080001", 1), "lina@example.org", "莉娜", (1,)),
        Person(Line("Дмитрий", "+79430008002"), ("+79430008092", 2), "dmitri@example.org", "Дима", (1, 2)),
        Person(Line("Grace Lee", "+12025550142"), None, "grace_lee@example.com"),
        Person(Line("王芳", "+79430002001")),
        Person(Line("Long way", "+79430008005000000000123"), ("*943#", 2)),
    )
    others = (
        Person(Line("Деканат", "+79430008010"), None, "dean@example.org", "", (2,)),
        Person(Line("Сосед Петя", "+79430008012"), ("0943", 1), "", "Петька"),
    )
    folder = rich_book((students, others), labels=("Дом", "Work"), groups=("朋友", "Учёба"), places=20)
    contents = _contents(own=(Line("Я", "+79430000904"),), texts=people.TEXTS[:2])
    return SimulatedCard(Layout(contents).uicc(gsm=False, local_book=folder), kind="USIM", pin2=_second())


def two_usims() -> SimulatedCard:
    """Two USIMs of two operators and an ISIM. The phone book of the first is common to all; the second has one of its own."""
    people_of_second = (
        Person(Line("李娜", "+79430008001"), ("+8615400080001", 1), "lina@example.org", "莉娜", (1,)),
        Person(Line("Дедушка", "+79430008021"), ("+79430008022", 2)),
        Person(Line("Boss", "+12025550142"), ("+12025550143", 3)),
    )
    book = rich_book((people_of_second,), labels=("家", "Работа", "Дача"), groups=("朋友",), places=10)
    other = _contents(
        imsi=SECOND_IMSI, provider="演示移动", own=(Line("第二", "+8615400080000"),), texts=people.TEXTS[:1],
        received=people.RECEIVED[:1],
    )  # fmt: skip
    own = _contents(own=(Line("Первый", "+79430000907"),), received=people.RECEIVED[1:3], **_lives_in("ru"))
    second = Second(layout=Layout(other), book=book, labels=("Demo Mobile", "演示移动"))
    return SimulatedCard(Layout(own).uicc(gsm=False, isim=True, second=second), kind="USIM", pin2=_second())


def calls() -> SimulatedCard:
    """A USIM whose telephone wrote down of its calls what it could."""
    contents = _contents(received=odd.calls(), made=odd.calls()[1:3], **_lives_in("zh"))
    return SimulatedCard(Layout(contents).uicc(gsm=False), kind="USIM", pin2=_second())


def machine() -> SimulatedCard:
    """Of a machine's telephone: its number holds letters, it has no PIN, and hardly anything stands on it."""
    return _sim(_contents(iccid=MACHINE_ICCID, texts=people.TEXTS[6:7]), Pin(enabled=False))


def wrong_lengths() -> SimulatedCard:
    """Its headers tell other lengths and counts than its files have."""
    return _with_wrong_lengths(_both(_wrongly_told()))


def wrong_lengths_sim() -> SimulatedCard:
    """The same, a plain SIM."""
    return _with_wrong_lengths(_sim(_wrongly_told()))


def cut_short() -> SimulatedCard:
    """Its answers lack bytes at their end, its names and messages say that they are longer than their records."""
    return _with_short_answers(_both(_damaged()))


def cut_short_sim() -> SimulatedCard:
    """The same, a plain SIM."""
    return _with_short_answers(_sim(_damaged()))


def mute() -> SimulatedCard:
    """Worn out: it does not answer its reset."""
    card = empty()
    card.atr = b"\x00"
    return card


def other_trade() -> SimulatedCard:
    """A card of another trade, such as a bank's."""
    return SimulatedCard(Folder(MF), kind="other", atr=b"\x3b\x07OTHER\x20\x20")


DECKS: Final[dict[str, Callable[[], SimulatedCard]]] = {
    made.__name__: made
    for made in (
        empty, full, usim_only, usim_t1, with_isim, no_directory, universal_pin, blocked, blocked_sim, dead_puk, last_try,
        last_puk, pin_off, pin_fixed, chinese, russian, li_wei, anna, emoji, alpha_forms, odd_numbers, phonebook, two_usims, calls,
        machine, wrong_lengths, wrong_lengths_sim, cut_short, cut_short_sim, mute, other_trade,
    )
}  # fmt: skip
_NUMBERED: Final[dict[str, Callable[..., SimulatedCard]]] = {"anna": anna, "li_wei": li_wei}


def deck(name: str) -> SimulatedCard:
    """A new card of that name (one of :data:`DECKS`); ``anna@ICCID`` and ``li_wei@ICCID``: theirs, with that number.

    Raises :class:`~lastcall.core.errors.BadInput`: ``unknown_deck``, ``malformed_iccid``.
    """
    called, _, iccid = name.partition("@")
    if called not in DECKS or (iccid and called not in _NUMBERED):
        raise BadInput(
            f"There is no simulated card called {name!r}.",
            code="unknown_deck",
            remedy=f"Choose one of: {', '.join(DECKS)}.",
        )
    return _NUMBERED[called](iccid=parse_iccid(iccid)) if iccid else DECKS[called]()


def _contents(**more: Any) -> Contents:
    return Contents(**{"iccid": _SPARE_ICCID, "imsi": _SPARE_IMSI, "provider": PROVIDER, "centre": odd.CENTRE, **more})


def _lives_in(language: str) -> dict[str, Any]:
    """What a card holds all of whose owner's friends speak one language."""
    book = people.CHINESE if language == "zh" else people.RUSSIAN
    texts = tuple(text for text in people.TEXTS if ("а" in text.text) is (language == "ru") and not text.text.isascii())
    return {"phone_book": book, "service": people.SERVICE, "fixed": book[:1], "dialled": book[:3], "texts": texts}


def _wrongly_told() -> Contents:
    return _contents(own=(Line("My number", "+79430000905"),), **_lives_in("ru"))


def _with_wrong_lengths(card: SimulatedCard) -> SimulatedCard:
    told = {0x6F3A: (30, None), 0x4F3A: (30, None), 0x6F3C: (None, 32 * written.SMS_RECORD), 0x6F40: (0, None)}
    sizes = {0x2FE2: 12, 0x6F46: 20, 0x6F07: 4}
    for file in walk(card.root):
        file.told_record, file.told_size = told.get(file.fid, (None, sizes.get(file.fid)))
    return card


def _damaged() -> Contents:
    return _contents(
        phone_book=people.RUSSIAN[:3], loose_book=odd.damaged_names(), texts=people.TEXTS[:1],
        loose_texts=(*odd.damaged_texts(), *odd.lone_parts()), dialled=people.RUSSIAN[:2], own=people.RUSSIAN[:1],
    )  # fmt: skip


def _with_short_answers(card: SimulatedCard) -> SimulatedCard:
    for file in walk(card.root):
        file.short = {0x6F40: 5, 0x6F44: 15, 0x6F81: 30, 0x6F46: 3, 0x6F4A: 1, 0x6F49: 32}.get(file.fid, 0)
    return card


def _second() -> Pin:
    return Pin(code="5678", puk="87654321")


def _sim(contents: Contents, pin: Pin | None = None) -> SimulatedCard:
    return SimulatedCard(Layout(contents).sim(), kind="SIM", pin=pin, pin2=_second())


def _both(contents: Contents, pin: Pin | None = None) -> SimulatedCard:
    return SimulatedCard(Layout(contents).uicc(gsm=True), kind="both", pin=pin, pin2=_second())
