"""``messages.html``: one page in three languages that fetches nothing, runs nothing and says what it does not hold."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from lastcall.core.simcard.saving.page import messages_page
from tests import axe
from tests.core.simcard.filled import CALLS, MADE_AT, card, empty, entry, message
from tests.doors import chromium

LANGUAGES = ("zh-hans", "ru", "en")


class Seen(HTMLParser):
    """Elements with their attributes, and the text below each ``class="text"``."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._in_text = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_text = dict(attrs).get("class") == "text"
        self.texts += [""] if self._in_text else []

    def handle_endtag(self, tag: str) -> None:
        self._in_text = False

    def handle_data(self, data: str) -> None:
        if self._in_text:
            self.texts[-1] += data


def page(language: str = "en") -> str:
    """The filled card's page."""
    return messages_page(card(), language=language, made_at=MADE_AT).decode()


def test_texts_stand_there_as_text_in_every_script() -> None:
    texts = Seen(page()).texts
    assert texts[0] == "Привет! Ты завтра придёшь?\nЯ буду дома после шести."
    assert texts[1] == "明天见。别忘了护照 🛂"
    assert texts[2] == "Your code is 000000. <b>Tell it to nobody</b> & see https://example.org/?a=1&b=2"


def test_nothing_is_fetched_or_run() -> None:
    seen = Seen(page())
    assert not {tag for tag, _ in seen.tags} & {"script", "link", "img", "iframe", "object", "a", "form", "b"}
    assert not [
        name for _, given in seen.tags for name in given if name.startswith("on") or name in {"src", "href", "style"}
    ]
    (policy,) = [
        str(given["content"]) for _, given in seen.tags if given.get("http-equiv") == "Content-Security-Policy"
    ]
    style = re.search("<style>(.*)</style>", page(), re.DOTALL)
    assert style is not None
    assert "url(" not in style[1] and "@import" not in style[1]
    assert base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode() in policy
    assert policy.startswith("default-src 'none';")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_its_language_and_leaves_each_texts_direction_to_the_text(language: str) -> None:
    seen = Seen(page(language))
    assert next(given for tag, given in seen.tags if tag == "html") == {"lang": language, "dir": "ltr"}
    texts = [given for _, given in seen.tags if given.get("class") == "text"]
    assert {given["dir"] for given in texts} == {"auto"}
    assert [given["lang"] for given in texts][:4] == ["", "zh", "", "zh"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh-hans",
            ["9 条短信", "发件人：<bdi>Bank</bdi>", "卡上缺少第 2 段（共 3 段）。", "2026年1月10日 17:05:00 (UTC+8)"],
        ),
        (
            "ru",
            ["9 сообщений", "От: <bdi>Bank</bdi>", "На карте нет части 2 из 3.", "10 января 2026 г. 17:05:00 (UTC+8)"],
        ),
    ],
)
def test_what_we_say_is_said_in_the_readers_language(language: str, words: list[str]) -> None:
    made = page(language)
    assert [word for word in words if word not in made] == []


def test_what_is_not_there_is_said() -> None:
    made = page()
    assert "Part 2 of 3 is not on the card." in made
    assert "Not all of this message could be read from the card." in made
    assert "No text, but 40 octets of data:" in made
    assert "00 01 02 03" in made
    assert "time not known" in made
    assert "deleted, but still on the card" in made
    assert "To: <bdi>unknown</bdi>" in made


def test_times_are_those_of_the_message_and_the_card_is_named_by_its_last_digits() -> None:
    made = page()
    assert '<time datetime="2026-01-10T17:05:00+08:00">Jan. 10, 2026 17:05:00 (UTC+8)</time>' in made
    assert "from the card •••• 5017." in made
    assert card().iccid not in made


def test_who_is_in_the_phone_book_is_called_by_name() -> None:
    made = page()
    assert "From: <bdi>妈妈, +8613900000001</bdi>" in made
    assert "To: <bdi>妈妈, +8613900000001</bdi>" in made
    assert "From: <bdi>+79990000001</bdi>" in made


def test_calls_stand_below_with_their_time_and_how_they_went() -> None:
    made = messages_page(card(calls=CALLS), language="en", made_at=MADE_AT).decode()
    calls = made.partition('<ul class="calls">')[2]
    assert "Call from: <bdi>妈妈, +8613900000001</bdi>" in calls
    assert "Jan. 9, 2026 21:05:00 (UTC+8)</time> · <bdi>answered</bdi> · <bdi>duration 0:12:34</bdi></p>" in calls
    assert "Call from: <bdi>=1+1</bdi>" in calls
    assert "Jan. 8, 2026 07:00:09</time> · <bdi>not answered</bdi> · <bdi>Демо</bdi></p>" in calls
    assert "Call to: <bdi>Анна Петрова, +79990000002</bdi>" in calls and "<bdi>not read in full</bdi>" in calls
    assert "Call to: <bdi>Taxi, 0049300000009</bdi>" in calls and "duration 1:02:05" in calls


def test_a_card_without_calls_says_nothing_of_them() -> None:
    assert "Calls" not in page() and "<section" not in page()


def test_who_is_known_by_a_further_number_is_called_with_what_the_card_calls_it() -> None:
    known = entry(1, "Анна", "+79990000002", "+79990000001", labels=("", "Work"))
    made = messages_page(card(entries=(known,)), language="en", made_at=MADE_AT).decode()
    assert "From: <bdi>Анна (Work), +79990000001</bdi>" in made


def test_a_message_of_one_of_several_applications_names_it() -> None:
    several = card(messages=(message(1, "hello", application="演示移动"),))
    assert "received, read · 演示移动" in messages_page(several, language="en", made_at=MADE_AT).decode()


def test_a_card_without_messages_has_a_page_that_says_so() -> None:
    made = messages_page(empty(), language="en", made_at=MADE_AT).decode()
    assert "There are no messages on this card." in made
    assert "<article" not in made


def test_control_characters_and_lone_surrogates_do_no_harm() -> None:
    broken = card(messages=(message(1, "a\x00b\ud83d c\u2028d\x1b[31m"),))
    assert Seen(messages_page(broken, language="en", made_at=MADE_AT).decode()).texts == ["a�b� c\nd�[31m"]


def test_in_a_browser_it_is_accessible_at_every_width_and_in_the_dark(tmp_path: Path) -> None:
    axe.require()
    file = tmp_path / "messages.html"
    file.write_bytes(messages_page(card(calls=CALLS), language="zh-hans", made_at=MADE_AT))
    with chromium.running() as browser:
        complaints: list[str] = []
        for scheme, width in (("light", 1280), ("dark", 320)):
            seen = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})  # type: ignore[arg-type]
            seen.on("console", lambda said: complaints.append(said.text))
            seen.goto(file.as_uri())
            assert seen.evaluate("document.documentElement.scrollWidth") == width
            assert axe.violations(seen) == []
            assert complaints == []


def test_a_name_that_looks_like_a_number_is_nobodys() -> None:
    sent = (
        message(1, "a", party="+79990000002"), message(2, "b", party="+79990000002", named=True),
        message(3, "c", party="Bank", named=True),
    )  # fmt: skip
    page = messages_page(card(messages=sent), language="en", made_at=MADE_AT).decode()
    assert re.findall("<bdi>(.*?)</bdi></h2>", page) == [
        "Анна Петрова, +79990000002", "+79990000002 (a name that the sender chose, not a number)", "Bank",
    ]  # fmt: skip
