"""The status of a number, for anybody: the register's word and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from lastcall.core.numbers.range import Operator, Range
from lastcall.core.numbers.sweep import sweep
from lastcall.core.plan import Insert, Plan
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.doors.portal import scenes
from tests.doors.portal.scenes import speak, text, without_token


@pytest.mark.parametrize(
    ("language", "given"),
    [("zh-hans", "分配给 Demo Mobile"), ("ru", "Выделен оператору Demo Mobile"), ("en", "Given to Demo Mobile")],
)
def test_it_says_whom_the_register_gives_the_range_to(browser: Client, language: str, given: str) -> None:
    speak(browser, language)
    assert given in text(browser.post("/number/", {"number": "8 (900) 000-10-01"}))


def test_in_service_at_rest_and_free_are_one_answer(browser: Client, cast: Cast) -> None:
    def ask() -> bytes:
        return without_token(browser.post("/number/", {"number": str(LI_WEI_MSISDN)}))

    answers = {"in service": ask()}
    cast.on_hold()
    answers["on hold"] = ask()
    cast.time.advance(timedelta(days=8))
    cast.work()
    answers["pending release"] = ask()
    cast.time.advance(timedelta(days=61))
    sweep(cast.base)
    answers["quarantined"] = ask()
    cast.time.advance(timedelta(days=121))
    sweep(cast.base)
    answers["released"] = ask()
    cast.give_line(cast.anna, LI_WEI_MSISDN)
    answers["with a new holder"] = ask()
    assert set(answers.values()) == {answers["in service"]}


def test_a_number_never_held_differs_in_its_digits_only(browser: Client) -> None:
    held = without_token(browser.post("/number/", {"number": str(ANNA_MSISDN)}))
    never = without_token(browser.post("/number/", {"number": str(FREE_MSISDN)}))
    assert held.replace(b"10-02", b"10-03").replace(b"1002", b"1003") == never


def test_a_number_in_no_range_is_given_to_nobody(browser: Client) -> None:
    assert "given to no operator" in text(browser.post("/number/", {"number": "+7 999 123-45-67"}))


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("en", "", "Enter a number."),
        ("en", "12345", "This is not a mobile number. Write it with +7 and ten digits."),
        ("ru", "+86 138 0013 8000", "Это не российский номер."),
        ("zh-hans", "+7 701 123 45 67", "这不是俄罗斯号码。"),
        ("zh-hans", "abc", "这不是手机号码。"),
    ],
    ids=["empty", "too short", "from China", "from Kazakhstan", "letters"],
)
def test_a_number_that_cannot_be_one_is_answered_with_what_to_do(
    browser: Client, language: str, number: str, words: str
) -> None:
    speak(browser, language)
    answer = browser.post("/number/", {"number": number})
    assert answer.status_code == 200
    body = answer.content.decode()
    assert words in text(answer)
    assert 'role="alert"' in body
    assert 'href="#id_number"' in body
    assert f'value="{number}"' in body


def test_a_refused_number_is_said_again_after_a_language_switch(browser: Client) -> None:
    page = text(browser.post("/number/", {"number": "12345", "sent": "1", "lang": "ru"}))
    assert "Это не мобильный номер." in page


def test_an_answer_is_said_again_after_a_language_switch(browser: Client) -> None:
    page = text(browser.post("/number/", {"number": str(FREE_MSISDN), "sent": "1", "lang": "zh-hans"}))
    assert "分配给 Demo Mobile" in page


def test_what_was_typed_survives_a_language_switch(browser: Client) -> None:
    body = browser.post("/number/", {"number": "+7 900", "lang": "ru"}).content.decode()
    assert 'value="+7 900"' in body
    assert "Ошибка" not in body


def test_markup_in_a_number_stays_text(browser: Client) -> None:
    body = browser.post("/number/", {"number": '"><b>x</b>'}).content.decode()
    assert "<b>x</b>" not in body


def test_a_leaver_is_shown_the_way_to_more(browser: Client) -> None:
    body = browser.get("/number/").content.decode()
    assert 'href="/case/"' in body


@pytest.mark.parametrize("language", scenes.LANGUAGES)
def test_words_of_the_register_are_marked_as_russian(browser: Client, cast: Cast, language: str) -> None:
    speak(browser, language)
    operator = Operator(inn="7800000000", name="ООО «Пример»")
    held = Range(
        id=2, first=79990000000, last=79990009999, operator_id=operator.inn, region="Московская область", territory=""
    )
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(operator), Insert(held)))))
    body = browser.post("/number/", {"number": "+7 999 000 00 01"}).content.decode()
    assert '<dd lang="ru">ООО «Пример»</dd>' in body
    assert '<dd lang="ru">Московская область</dd>' in body
