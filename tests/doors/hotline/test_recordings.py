"""Sound files: spoken once, again when their text changes, recorded ones left alone; and what is wrong with a folder."""

from __future__ import annotations

import io
import shutil
import wave
from pathlib import Path

import numpy as np
import pytest

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.subscribers.inputs import LANGUAGES
from lastcall.doors.hotline import prompts, recordings
from lastcall.doors.hotline.recordings import MISSING, STALE, WRONG_FORMAT, Fault, build, faults
from lastcall.doors.hotline.voice import Espeak, as_telephone, pinyin, written
from tests.doors.hotline.conftest import Hum
from tests.doors.hotline.programs import require


@pytest.fixture
def folder(hummed: Path, tmp_path: Path) -> Path:
    """A folder with every file, to be spoilt."""
    return Path(shutil.copytree(hummed, tmp_path / "prompts"))


def test_a_folder_that_was_built_is_in_order_and_is_not_spoken_again(folder: Path) -> None:
    assert faults(folder, languages=LANGUAGES) == []
    again = build(folder, languages=LANGUAGES, voice=Hum())
    assert (again.spoken, again.recorded) == (0, 0)


def test_a_missing_file_is_named_and_spoken(folder: Path) -> None:
    (folder / "ru" / "main.wav").unlink()
    (folder / "pause.wav").unlink()
    assert faults(folder, languages=LANGUAGES) == [Fault("", "pause", MISSING), Fault("ru", "main", MISSING)]
    assert build(folder, languages=("ru",), voice=Hum()).spoken == 1
    assert faults(folder, languages=LANGUAGES) == []


def test_a_file_whose_text_has_changed_is_stale_and_spoken_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(prompts.SENTENCES, "goodbye", "Farewell.")
    assert faults(folder, languages=("en",)) == [Fault("en", "goodbye", STALE)]
    assert build(folder, languages=("en",), voice=Hum()).spoken == 1
    assert faults(folder, languages=("en",)) == []


def test_a_recorded_file_is_never_overwritten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = written(0.3 * np.sin(np.arange(4000) / 5))
    (folder / "en" / "goodbye.wav").write_bytes(recorded)
    assert build(folder, languages=("en",), voice=Hum()).recorded == 1
    monkeypatch.setitem(prompts.SENTENCES, "goodbye", "Farewell.")
    assert build(folder, languages=("en",), voice=Hum()).spoken == 0
    assert (folder / "en" / "goodbye.wav").read_bytes() == recorded
    assert faults(folder, languages=("en",)) == [Fault("en", "goodbye", STALE)], "it says the old text"
    (folder / "en" / "goodbye.wav").write_bytes(written(0.3 * np.sin(np.arange(5000) / 5)))
    build(folder, languages=("en",), voice=Hum())
    assert faults(folder, languages=("en",)) == [], "recorded again, it is of the new text"


def sound(channels: int = 1, width: int = 2, rate: int = 8000, frames: int = 800) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(b"\1" * channels * width * frames)
    return out.getvalue()


@pytest.mark.parametrize(
    "content", [sound(channels=2), sound(width=1), sound(rate=22050), sound(frames=0), b"ID3 mp3", b""]
)
def test_a_file_in_a_wrong_format_is_named(folder: Path, content: bytes) -> None:
    (folder / "zh-hans" / "n_3.wav").write_bytes(content)
    assert faults(folder, languages=LANGUAGES) == [Fault("zh-hans", "n_3", WRONG_FORMAT)]


def test_a_manifest_that_cannot_be_read_is_said_so(folder: Path) -> None:
    (folder / recordings.MANIFEST).write_text("{", encoding="utf-8")
    with pytest.raises(BadInput, match="manifest"):
        faults(folder, languages=LANGUAGES)


def test_a_sound_comes_down_to_eight_kilohertz_without_what_telephones_cannot_carry() -> None:
    rate = 22050
    moments = np.arange(rate) / rate
    high = 0.5 * np.sin(2 * np.pi * 6000 * moments)
    low = 0.2 * np.sin(2 * np.pi * 1000 * moments)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(((high + low) * 32767).astype("<i2").tobytes())
    with wave.open(io.BytesIO(as_telephone(out.getvalue()))) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
        assert file.getframerate() == 8000 and abs(file.getnframes() - 8000) < 20
    spectrum = np.abs(np.fft.rfft(samples))
    loudest = float(np.argmax(spectrum)) * 8000 / len(samples)
    assert abs(loudest - 1000) < 5
    aside = spectrum[round(1500 * len(samples) / 8000) :].max()
    assert aside < spectrum.max() / 50, "the tone of 6 kHz is gone and did not fold back"


@pytest.mark.element
@pytest.mark.parametrize(
    ("language", "text"), [("zh-hans", "请输入号码"), ("ru", "Введите номер линии"), ("en", "Enter the number")]
)
def test_espeak_speaks_each_language(language: str, text: str) -> None:
    require("espeak-ng")
    spoken = Espeak().speak(text, language=language)
    with wave.open(io.BytesIO(spoken)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
    assert 0.5 < len(samples) / 8000 < 5
    assert np.sqrt(np.mean(samples**2)) > 1000 and np.abs(samples).max() > 20_000


def test_without_espeak_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ElementTrouble) as refused:
        Espeak()
    assert refused.value.code == "no_voice" and "espeak-ng" in refused.value.remedy


@pytest.mark.element
@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("您好", "nin2 hao3"),
        ("请重新输入", "qing3 chong2 xin1 shu1 ru4"),
        ("还需要办理", "hai2 xu1 yao4 ban4 li3"),
        ("银行行长", "yin2 hang2 hang2 zhang3"),
    ],
)
def test_chinese_is_read_by_its_words_and_never_as_english(text: str, syllables: str) -> None:
    require("espeak-ng")
    assert pinyin(text) == syllables
    assert "(en)" not in Espeak().phonemes(text, language="zh-hans")


@pytest.mark.element
def test_every_chinese_prompt_is_spoken_in_chinese() -> None:
    require("espeak-ng")
    texts = [text.replace("SIM", "") for text in prompts.catalogue("zh-hans").values() if not text.isascii()]
    assert "(en)" not in Espeak().phonemes("\n".join(texts), language="zh-hans")
