"""Numbers, amounts and times as they are said in three languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lastcall.doors.hotline import spoken

AMOUNTS = {
    0: ("zero roubles", "ноль рублей", "零卢布"),
    100: ("one rouble", "один рубль", "一卢布"),
    5: ("five kopecks", "пять копеек", "五戈比"),
    201: ("two roubles one kopeck", "два рубля одна копейка", "两卢布一戈比"),
    -2102: ("twenty one roubles two kopecks", "двадцать один рубль две копейки", "二十一卢布两戈比"),
    35_050: (
        "three hundred fifty roubles fifty kopecks", "триста пятьдесят рублей пятьдесят копеек", "三百五十卢布五十戈比",
    ),
    11_100: ("one hundred eleven roubles", "сто одиннадцать рублей", "一百一十一卢布"),
    100_500: ("one thousand five roubles", "одна тысяча пять рублей", "一千零五卢布"),
    200_000: ("two thousand roubles", "две тысячи рублей", "两千卢布"),
    1_200_000: ("twelve thousand roubles", "двенадцать тысяч рублей", "一万两千卢布"),
    2_003_000: ("twenty thousand thirty roubles", "двадцать тысяч тридцать рублей", "两万零三十卢布"),
    123_456_700: (
        "one million two hundred thirty four thousand five hundred sixty seven roubles",
        "один миллион двести тридцать четыре тысячи пятьсот шестьдесят семь рублей",
        "一百二十三万四千五百六十七卢布",
    ),
}  # fmt: skip
LANGUAGES = ("en", "ru", "zh-hans")


def said(pieces: tuple[str, ...], language: str) -> str:
    return ("" if language == "zh-hans" else " ").join(spoken.PIECES[language][piece] for piece in pieces)


@pytest.mark.parametrize("minor", AMOUNTS)
def test_amounts(minor: int) -> None:
    assert tuple(said(spoken.amount(minor, language), language) for language in LANGUAGES) == AMOUNTS[minor]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_amount_up_to_the_largest_has_its_files(language: str) -> None:
    for minor in (*range(0, 30_000, 7), *range(10**6, 10**9, 9_876_543), spoken.LARGEST):
        assert set(spoken.amount(minor, language)) <= set(spoken.PIECES[language])


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (
            9, 9,
            ("twelve oh nine P.M. Moscow time.", "двенадцать часов девять минут по московскому времени.",
             "莫斯科时间十二点零九分"),
        ),
        (
            21, 0,
            ("twelve o'clock A.M. Moscow time.", "ноль часов по московскому времени.",
             "莫斯科时间零点整"),
        ),
        (
            11, 42,
            ("two forty two P.M. Moscow time.", "четырнадцать часов сорок две минуты по московскому времени.",
             "莫斯科时间十四点四十二分"),
        ),
        (
            22, 21,
            ("one twenty one A.M. Moscow time.", "один час двадцать одна минута по московскому времени.",
             "莫斯科时间一点二十一分"),
        ),
    ],
)  # fmt: skip
def test_times_of_day(hour: int, minute: int, words: tuple[str, str, str]) -> None:
    at = datetime(2026, 1, 12, hour, minute, tzinfo=UTC)
    assert tuple(said(spoken.time_of_day(at, language), language) for language in LANGUAGES) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_minute_of_a_day_has_its_files(language: str) -> None:
    for minute in range(24 * 60):
        at = datetime(2026, 1, 12, minute // 60, minute % 60, tzinfo=UTC)
        assert set(spoken.time_of_day(at, language)) <= set(spoken.PIECES[language])


def test_digits_are_said_in_groups_with_a_pause_after_each() -> None:
    assert spoken.digits("12345678", groups=(4,)) == (
        "digit_1", "digit_2", "digit_3", "digit_4", "pause", "digit_5", "digit_6", "digit_7", "digit_8", "pause",
    )  # fmt: skip
