""" "This was not me" on the web: the word from our notice stops a closing; whatever is wrong, the answer is the same."""

from __future__ import annotations

import pytest
from django.test import Client

from lastcall.core.closing.notices import stop_word
from lastcall.core.closing.receipts import Receipt
from tests.cast import Cast
from tests.doors.portal import scenes
from tests.doors.portal.scenes import speak, text

NUMBER = "+7 900 000-10-01"


def word(cast: Cast, receipt: Receipt) -> str:
    return stop_word(cast.case(receipt))


def is_frozen(cast: Cast, receipt: Receipt) -> bool:
    return cast.case(receipt).frozen_at is not None


def test_the_word_stops_the_closing(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    page = text(browser.post("/stop/", {"number": NUMBER, "word": word(cast, receipt)}))
    assert "We have taken this down" in page
    assert is_frozen(cast, receipt)


def test_the_word_is_read_as_people_type_it(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    typed = word(cast, receipt).lower().replace("-", " ")
    browser.post("/stop/", {"number": "8 (900) 000 10 01", "word": f" {typed} "})
    assert is_frozen(cast, receipt)


def test_the_answer_is_the_same_whatever_is_wrong(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    right = word(cast, receipt)
    late = cast.ceasing(cast.anna)
    answers = [
        browser.post("/stop/", {"number": number, "word": said})
        for number, said in (
            (NUMBER, "0000000000"),
            ("+7 900 000-10-03", right),
            ("+7 900 000-10-02", right),
            ("+7 999 999-99-99", "x"),
            ("+7 900 000-10-02", word(cast, late)),
            (NUMBER, right),
            (NUMBER, right),
        )
    ]
    said = {text(answer) for answer in answers}
    assert len(said) == 1
    assert {answer.status_code for answer in answers} == {200}
    assert is_frozen(cast, receipt)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"number": "", "word": "abc"}, "number", "Enter the number of your line."),
        ({"number": "12", "word": "abc"}, "number", "This is not a mobile number."),
        ({"number": NUMBER, "word": " "}, "word", "Enter the word from our message."),
    ],
    ids=["no number", "half a number", "no word"],
)
def test_what_cannot_be_read_is_said_where_it_is(
    browser: Client, fields: dict[str, str], field: str, words: str
) -> None:
    answer = browser.post("/stop/", fields)
    assert words in text(answer)
    assert f'href="#id_{field}"' in answer.content.decode()


@pytest.mark.parametrize("language", scenes.LANGUAGES)
def test_it_asks_for_no_password_and_no_login(browser: Client, language: str) -> None:
    speak(browser, language)
    body = browser.get("/stop/").content.decode()
    assert 'type="password"' not in body
    assert 'name="number"' in body and 'name="word"' in body


def test_another_language_keeps_what_was_typed_and_stops_nothing(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    answer = browser.post("/stop/", {"number": NUMBER, "word": word(cast, receipt), "lang": "zh-hans"})
    assert f'value="{NUMBER}"' in answer.content.decode()
    assert not is_frozen(cast, receipt)


def test_the_answer_is_said_again_after_a_language_switch(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    said = {"number": NUMBER, "word": word(cast, receipt), "sent": "1"}
    answer = browser.post("/stop/", said | {"lang": "ru"})
    assert '<html lang="ru">' in answer.content.decode()
    assert "We have taken this down" not in text(answer)
    assert is_frozen(cast, receipt)
