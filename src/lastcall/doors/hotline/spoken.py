"""Numbers, amounts and times as pieces that are spoken one after the other, in each language's own grammar.

Each piece is a sound file of ours, so that a voice platform needs no language pack. The words stand here and not in the
translations: which piece follows which is grammar, and no text of another language.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.utils import timezone

PAUSE: Final = "pause"
LARGEST: Final = 99_999_999_99
"""The largest amount that can be said, in minor units."""


def _words(text: str) -> list[str]:
    return text.split()


def _by_tens(size: int, text: str) -> dict[int, str]:
    words = _words(text)
    return {size * (10 - len(words) + place): word for place, word in enumerate(words)}


_EN_SMALL: Final = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_EN_TENS: Final = _by_tens(10, "twenty thirty forty fifty sixty seventy eighty ninety")
_RU_SMALL: Final = _words(
    "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать "
    "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
)
_RU_TENS: Final = _by_tens(10, "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто")
_RU_HUNDREDS: Final = _by_tens(100, "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот")
_RU_COUNTED: Final = {
    "thousand": ("тысяча", "тысячи", "тысяч"),
    "million": ("миллион", "миллиона", "миллионов"),
    "rouble": ("рубль", "рубля", "рублей"),
    "kopeck": ("копейка", "копейки", "копеек"),
    "hour": ("час", "часа", "часов"),
    "minute": ("минута", "минуты", "минут"),
}
_ZH_DIGITS: Final = "零一二三四五六七八九"

PIECES: Final[dict[str, dict[str, str]]] = {
    "en": {
        **{f"digit_{value}": _EN_SMALL[value] for value in range(10)},
        **{f"n_{value}": word for value, word in (*enumerate(_EN_SMALL), *_EN_TENS.items())},
        "hundred": "hundred", "thousand": "thousand", "million": "million",
        "rouble": "rouble", "roubles": "roubles", "kopeck": "kopeck", "kopecks": "kopecks",
        "oh": "oh", "o_clock": "o'clock", "am": "A.M.", "pm": "P.M.", "msk": "Moscow time.",
    },
    "ru": {
        **{f"digit_{value}": _RU_SMALL[value] for value in range(10)},
        **{f"n_{value}": word for value, word in (*enumerate(_RU_SMALL), *_RU_TENS.items(), *_RU_HUNDREDS.items())},
        "n_1f": "одна", "n_2f": "две",
        **{f"{name}_{form}": words[form] for name, words in _RU_COUNTED.items() for form in range(3)},
        "msk": "по московскому времени.",
    },
    "zh-hans": {
        **{f"digit_{value}": "幺" if value == 1 else _ZH_DIGITS[value] for value in range(10)},
        **{f"n_{value}": _ZH_DIGITS[value] for value in range(10)},
        "liang": "两", "ten": "十", "hundred": "百", "thousand": "千", "ten_thousand": "万",
        "roubles": "卢布", "kopecks": "戈比", "hour": "点", "o_clock": "点整", "minute": "分", "msk": "莫斯科时间",
    },
}  # fmt: skip
"""Language -> piece -> what is said."""


def digits(text: str, *, groups: tuple[int, ...]) -> tuple[str, ...]:
    """Digits one by one, with a pause after each of the ``groups``."""
    said: list[str] = []
    start = 0
    for length in (*groups, len(text)):
        said += [f"digit_{digit}" for digit in text[start : start + length]] + [PAUSE]
        start += length
        if start >= len(text):
            break
    return tuple(said)


def amount(minor: int, language: str) -> tuple[str, ...]:
    """An amount of roubles in kopecks, without its sign, at most :data:`LARGEST`: three hundred and fifty roubles, five kopecks."""
    roubles, kopecks = divmod(abs(minor), 100)
    said: tuple[str, ...] = ()
    if roubles or not kopecks:
        said += _counted(roubles, "rouble", language)
    if kopecks:
        said += _counted(kopecks, "kopeck", language)
    return said


def time_of_day(at: datetime, language: str) -> tuple[str, ...]:
    """The time of day on the operator's clocks (setting ``LASTCALL_TIME_ZONE``), with the zone where there is a word for it."""
    local = timezone.localtime(at)
    zone = ("msk",) if local.tzname() == "MSK" else ()
    said = {"en": _time_en, "ru": _time_ru, "zh-hans": _time_zh}[language](local.hour, local.minute)
    return (*zone, *said) if language == "zh-hans" else (*said, *zone)


def _counted(value: int, unit: str, language: str) -> tuple[str, ...]:
    if language == "ru":
        return _ru_counted(value, unit)
    if language == "en":
        return (*_number_en(value), unit if value == 1 else f"{unit}s")
    return (*_number_zh(value), f"{unit}s")


def _number_en(value: int) -> Iterator[str]:
    for size, word in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= size:
            yield from (*_number_en(value // size), word)
            value %= size
            if not value:
                return
    if value >= 20:
        yield f"n_{value // 10 * 10}"
        value %= 10
        if not value:
            return
    yield f"n_{value}"


def _ru_counted(value: int, unit: str) -> tuple[str, ...]:
    return (*_number_ru(value, feminine=unit in {"thousand", "kopeck", "minute"}), f"{unit}_{_ru_form(value)}")


def _ru_form(value: int) -> int:
    if value % 10 == 1 and value % 100 != 11:
        return 0
    return 1 if value % 10 in {2, 3, 4} and value % 100 not in {12, 13, 14} else 2


def _number_ru(value: int, *, feminine: bool) -> Iterator[str]:
    for size, word in ((1_000_000, "million"), (1000, "thousand")):
        if value >= size:
            yield from _ru_counted(value // size, word)
            value %= size
            if not value:
                return
    yield from _below_thousand_ru(value, feminine=feminine)


def _below_thousand_ru(value: int, *, feminine: bool) -> Iterator[str]:
    for size, least in ((100, 100), (10, 20)):
        if value >= least:
            yield f"n_{value // size * size}"
            value %= size
            if not value:
                return
    yield f"n_{value}f" if feminine and value in {1, 2} else f"n_{value}"


def _number_zh(value: int) -> Iterator[str]:
    """As read aloud: 十二, 一百零五, 两千, 两万零三十."""
    if value >= 10_000:
        yield from (*_number_zh(value // 10_000), "ten_thousand")
        value %= 10_000
        if not value:
            return
        if value < 1000:
            yield "n_0"
        yield from _below_ten_thousand(value, bare_ten=False)
    else:
        yield from _below_ten_thousand(value, bare_ten=True)


def _below_ten_thousand(value: int, *, bare_ten: bool) -> Iterator[str]:
    if value < 10:
        yield "liang" if value == 2 and bare_ten else f"n_{value}"
        return
    gap = False
    begun = False
    for size, word in ((1000, "thousand"), (100, "hundred"), (10, "ten"), (1, "")):
        digit = value // size % 10
        if not digit:
            gap = begun
            continue
        if gap:
            yield "n_0"
            gap = False
        yield from _place_zh(digit, word, bare=bare_ten and not begun)
        begun = True


def _place_zh(digit: int, word: str, *, bare: bool) -> Iterator[str]:
    if not (word == "ten" and digit == 1 and bare):
        yield "liang" if digit == 2 and word == "thousand" else f"n_{digit}"
    if word:
        yield word


def _time_en(hour: int, minute: int) -> tuple[str, ...]:
    half = "am" if hour < 12 else "pm"
    spoken_hour = f"n_{hour % 12 or 12}"
    if not minute:
        return (spoken_hour, "o_clock", half)
    return (spoken_hour, *(("oh",) if minute < 10 else ()), *_number_en(minute), half)


def _time_ru(hour: int, minute: int) -> tuple[str, ...]:
    return (*_ru_counted(hour, "hour"), *(_ru_counted(minute, "minute") if minute else ()))


def _time_zh(hour: int, minute: int) -> tuple[str, ...]:
    said = tuple(_number_zh(hour))
    if not minute:
        return (*said, "o_clock")
    # A minute below ten is read with a zero, and its two is 二.
    read = ("n_0", f"n_{minute}") if minute < 10 else tuple(_number_zh(minute))
    return (*said, "hour", *read, "minute")
