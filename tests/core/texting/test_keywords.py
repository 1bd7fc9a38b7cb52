"""The words of a text, in every way in which people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lastcall.core.texting.answers import Known, say
from lastcall.core.texting.keywords import CLOSE, CODES, HELP, OTHER, STATUS, STOP, WORDS, Keyword, read, word
from lastcall.core.texting.text import OUTCOMES


@pytest.mark.parametrize(
    ("text", "code", "language"),
    [
        ("CLOSE", CLOSE, "en"), ("close", CLOSE, "en"), (" Close! ", CLOSE, "en"), ("ｃｌｏｓｅ", CLOSE, "en"),
        ("C L O S E", CLOSE, "en"), ("«close».", CLOSE, "en"), ("CLOSE\r\n", CLOSE, "en"), ("close 👋", CLOSE, "en"),
        ("СLОSЕ", CLOSE, "en"),  # some of its letters are Cyrillic
        ("ЗАКРЫТЬ", CLOSE, "ru"), ("закрыть", CLOSE, "ru"), ("Закрыть.", CLOSE, "ru"), ("3AKPЫTЬ", OTHER, "ru"),
        ("ЗAKPЫTЬ", CLOSE, "ru"),  # some of its letters are Latin
        ("销户", CLOSE, "zh-hans"), ("注销", CLOSE, "zh-hans"), (" 销 户。", CLOSE, "zh-hans"), ("銷戶", CLOSE, "zh-hans"),
        ("「注銷」", CLOSE, "zh-hans"),
        ("status", STATUS, "en"), ("Статус?", STATUS, "ru"), ("进度", STATUS, "zh-hans"), ("進度", STATUS, "zh-hans"),
        ("Stop", STOP, "en"), ("стоп!!!", STOP, "ru"), ("取消", STOP, "zh-hans"),
        ("HELP", HELP, "en"), ("помощь", HELP, "ru"), ("帮助", HELP, "zh-hans"), ("幫助", HELP, "zh-hans"),
    ],
)  # fmt: skip
def test_a_word_is_read_however_it_is_written(text: str, code: str, language: str) -> None:
    assert read(text) == Keyword(code, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("close stop", "en"), ("CLOSE 1", "en"), ("please close", "en"), ("closed", "en"), ("", "en"), ("?!", "en"),
        ("закрыть номер", "ru"), ("не закрыть", "ru"), ("ёлка", "ru"), ("привет hello", "ru"),
        ("我要销户", "zh-hans"), ("销户吗 закрыть", "zh-hans"), ("\ud83d", "en"),
    ],
)  # fmt: skip
def test_anything_else_is_answered_in_the_language_of_its_script(text: str, language: str) -> None:
    assert read(text) == Keyword(OTHER, language)


def test_a_letter_with_two_dots_is_the_same_letter() -> None:
    assert read("закрыть") == read("закры́ть") == Keyword(CLOSE, "ru")
    assert read("ещё").language == "ru"


def test_every_word_that_we_name_is_read_as_what_it_stands_for() -> None:
    for code in set(CODES) - {OTHER}:
        for language in ("zh-hans", "ru", "en"):
            assert read(word(code, language)) == Keyword(code, language)


def test_no_word_stands_for_two_things() -> None:
    all_words = [written for languages in WORDS.values() for words in languages.values() for written in words]
    assert len(all_words) == len(set(all_words))


def test_no_answer_of_ours_is_an_order_to_another_machine_like_us() -> None:
    known = Known(msisdn=79000001001, received_at=datetime(2026, 1, 12, tzinfo=UTC))
    for outcome in set(OUTCOMES) - {"", "silent"}:
        for language in ("zh-hans", "ru", "en"):
            assert read(say(outcome, language=language, known=known)).code == OTHER
