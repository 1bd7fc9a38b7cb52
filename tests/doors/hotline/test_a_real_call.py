"""One real telephone call: SIP, RTP and DTMF between two telephones, the real menu behind one of them."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lastcall.core.closing.case import Case
from lastcall.doors.hotline.prompts import catalogue
from lastcall.doors.hotline.voice import Espeak, silence
from tests.baresip import Baresip
from tests.cast import LI_WEI_MSISDN, PASSPORT, Cast
from tests.doors.hotline.bridge import Bridge
from tests.doors.hotline.conftest import ONE_DATABASE, Line, serving
from tests.doors.hotline.programs import require

pytestmark = [pytest.mark.element, ONE_DATABASE]
SPOKEN = ("ask_number", "bad_number")


@pytest.fixture
def spoken(hummed: Path, tmp_path: Path) -> Path:
    """Sound files of which some are real speech."""
    require("espeak-ng"), require("baresip")
    folder, voice = Path(shutil.copytree(hummed, tmp_path / "prompts")), Espeak()
    for key in SPOKEN:
        (folder / "en" / f"{key}.wav").write_bytes(voice.speak(catalogue("en")[key], language="en"))
    return folder


@contextmanager
def telephones(tmp_path: Path) -> Iterator[tuple[Baresip, Baresip]]:
    """The one that answers, and the caller's."""
    quiet = tmp_path / "quiet.wav"
    quiet.write_bytes(silence(60))
    with (
        Baresip(tmp_path / "hotline", "hotline", quiet, answers=True) as hotline,
        Baresip(tmp_path / "caller", "caller", quiet) as caller,
    ):
        yield hotline, caller


def samples(path: Path) -> NDArray[np.float64]:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float64)


def likeness(heard: NDArray[np.float64], prompt: NDArray[np.float64]) -> float:
    """How like the likeliest place in what was heard is to the prompt: 1 is the same sound."""
    length = len(heard) + len(prompt)
    product = np.fft.irfft(np.fft.rfft(heard, length) * np.conj(np.fft.rfft(prompt, length)), length)
    summed = np.concatenate(([0.0], np.cumsum(heard**2)))
    power = summed[len(prompt) :] - summed[: -len(prompt)]
    norm = np.sqrt(np.maximum(power, 1) * np.sum(prompt**2))
    return float(np.max(product[: len(norm)] / norm))


def wait_until_asked(bridge: Bridge, prompt: str) -> None:
    while bridge.asked.get(timeout=10) != prompt:
        pass


def test_a_caller_hears_the_prompts_presses_keys_and_has_declared(cast: Cast, spoken: Path, tmp_path: Path) -> None:
    with serving(cast, spoken) as line, telephones(tmp_path) as (hotline, caller):
        bridge = Bridge(hotline, line.port, tmp_path)
        caller.dial(hotline.address)
        wait_until_asked(bridge, "en/choose_language")
        caller.press("3", heard_by=hotline)
        wait_until_asked(bridge, "en/main")
        caller.press("1", heard_by=hotline)
        wait_until_asked(bridge, "en/ask_number")
        caller.press(f"{LI_WEI_MSISDN}#1{PASSPORT[2][-4:]}#", heard_by=hotline)
        wait_until_asked(bridge, "en/again_or_on")
        caller.hang_up()
        bridge.join()
        call = line.over()
        assert (call.state, call.outcome, call.matched) == ("gone", "hung_up", True)
        case = declared(line)
        assert (case.id, case.claimed_msisdn, case.door) == (call.case_id, LI_WEI_MSISDN, "hotline")
    heard = samples(caller.recorded()[0])
    said, unsaid = (samples(spoken / "en" / f"{key}.wav")[:16000] for key in SPOKEN)
    assert likeness(heard, said) > 0.8 > 0.5 > likeness(heard, unsaid), "the caller heard that very prompt"
    line.refuse_personal_events()


def declared(line: Line) -> Case:
    (case,) = line.cast.base.transact(lambda rows: rows.some(Case, {}))
    return case


def test_a_caller_who_wants_an_agent_is_handed_back_to_the_platform(cast: Cast, spoken: Path, tmp_path: Path) -> None:
    with serving(cast, spoken) as line, telephones(tmp_path) as (hotline, caller):
        bridge = Bridge(hotline, line.port, tmp_path, query="lang=en")
        caller.dial(hotline.address)
        caller.wait_for("CALL_ESTABLISHED")
        caller.press("0", heard_by=hotline)
        bridge.join()
        caller.wait_for("CALL_CLOSED")
        assert bridge.variables["LASTCALL_RESULT"] == "agent"
        assert (line.last().state, line.last().stage) == ("queued", "main")
