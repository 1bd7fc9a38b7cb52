"""The phrase card: Russian, the reader's language, and how it sounds."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from lastcall.core.closing.letters.letter import Items, in_language
from lastcall.core.kit.aloud import in_latin, sounding
from lastcall.core.kit.phrases import ANSWERS, QUESTIONS, SAY
from lastcall.core.kit.stress import ACUTE, SPOKEN, VOWELS, WORD, spoken
from tests.core.kit.kits import ALL, make, part


@pytest.mark.parametrize(
    ("russian", "latin"),
    [
        ("Напишите это, пожалуйста.", "Napishite eto, pozhaluysta."),
        ("Повторите ещё раз", "Povtorite yeshchyo raz"),
        ("SIM-карта", "SIM-karta"),
        ("объясните", "obyasnite"),
    ],
)
def test_russian_is_written_as_it_sounds(russian: str, latin: str) -> None:
    assert in_latin(russian) == latin


@pytest.mark.parametrize(
    ("russian", "heard"),
    [
        ("Напишите это, пожалуйста.", "Napishíte éto, pozháluysta."),
        ("Её нет. Ещё раз.", "Yeyó net. Yeshchyó raz."),
        ("Здравствуйте. Я плохо говорю по-русски.", "Zdrástvuyte. Ya plókho govoryú po-rússki."),
        ("SIM-карта утеряна", "SIM-kárta utéryana"),
        ("Что это? Этого номера нет", "Shto éto? Étovo nómera net"),
        ("Электричка", "Elektrichka"),
    ],
)
def test_it_shows_where_the_stress_lies_and_what_is_heard(russian: str, heard: str) -> None:
    assert sounding(russian) == heard


def test_every_word_that_is_said_has_one_stress() -> None:
    """Of words with two vowels or more; ``ё`` is always stressed."""
    with translation.override("ru"):
        said = " ".join(str(phrase.words) for phrase in (*SAY, *ANSWERS, *QUESTIONS))
    words = {word for word in WORD.findall(said.lower()) if sum(sign in VOWELS for sign in word) > 1}

    assert len(words) > 100
    assert sorted(word for word in words if spoken(word).count(ACUTE) != ("ё" not in word)) == []


def test_a_stress_lies_on_a_vowel_and_no_form_is_there_in_vain() -> None:
    with translation.override("ru"):
        said = set(WORD.findall(" ".join(str(each.words) for each in (*SAY, *ANSWERS, *QUESTIONS)).lower()))

    assert set(SPOKEN) - said == set()
    for written, heard in SPOKEN.items():
        at = heard.find(ACUTE)
        assert at < 0 or (heard[at - 1] in VOWELS and heard.count(ACUTE) == 1 and "ё" not in heard), written
        assert len(heard.replace(ACUTE, "")) - len(written) in (-1, 0)


def test_what_the_clerk_reads_has_no_stress_marks() -> None:
    for reason, situation in ALL:
        letter = part(make(reason, situation, "zh-hans"), "kit_phrases")
        assert ACUTE not in str(in_language(letter, "ru"))


def test_each_sentence_stands_in_three_forms_for_a_reader_of_chinese() -> None:
    letter = part(make(language="zh-hans"), "kit_phrases")
    russian, chinese = (in_language(letter, language)["blocks"] for language in ("ru", "zh-hans"))
    said = [(one, other) for here, there in zip(russian, chinese, strict=True) if here["is"] == "Items"
            for one, other in zip(here["items"], there["items"], strict=True)]  # fmt: skip
    assert len(said) > 12
    for one, other in said:
        assert re.search("[а-яё]", one["text"])
        assert not one["under"], "Russians read it as it stands"
        assert re.search("[\u4e00-\u9fff]", other["text"])
        assert re.fullmatch(r"[\x20-\x7eáéíóúýÁÉÍÓÚ]+", other["under"])


def test_each_question_has_a_line_for_the_answer_and_says_how_it_sounds() -> None:
    letter = part(make(language="zh-hans"), "kit_phrases")
    labels = [blank["label"] for block in in_language(letter, "zh-hans")["blocks"] if block["is"] == "Blanks"
              for blank in block["blanks"]]  # fmt: skip
    assert "您贵姓？ (Kak vásha famíliya?)" in labels


def test_it_is_set_large() -> None:
    assert part(make(), "kit_phrases").large


def test_every_card_asks_to_write_it_down_and_tells_no_code() -> None:
    for reason, situation in ALL:
        letter = part(make(reason, situation), "kit_phrases")
        said = [item.text.shown() for block in letter.blocks if isinstance(block, Items) for item in block.items]
        assert "Please write it down." in said
        assert "I will not tell any code." in said


def test_every_phrase_is_on_some_card() -> None:
    for phrase in (*SAY, *ANSWERS, *QUESTIONS):
        assert any(reason in phrase.reasons and situation in phrase.situations for reason, situation in ALL)


def test_no_sentence_is_longer_than_one_can_say() -> None:
    for phrase in (*SAY, *ANSWERS, *QUESTIONS):
        assert len(str(phrase.words).split()) <= 16
