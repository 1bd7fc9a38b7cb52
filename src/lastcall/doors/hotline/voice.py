"""A voice for the prompts until somebody records them: espeak-ng, a program of its own (GPL-3.0-or-later; what it speaks is not).

It speaks at 22.05 kHz; telephones carry 8 kHz, so the sound is band-limited and brought down here (ITU-T G.711, 300 to 3400 Hz).
"""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from lastcall.core.errors import ElementTrouble

RATE: Final = 8000
_VOICES: Final = {"zh-hans": "cmn-latn-pinyin", "ru": "ru", "en": "en-us"}
_WORDS_A_MINUTE: Final = "145"
_SECONDS: Final = 30
_WAV_HEADER: Final = 44
_PEAK: Final = 0.7
_QUIET: Final = 0.01
_MARGIN: Final = 0.06

Samples = NDArray[np.float64]


class Voice(Protocol):
    """What speaks a text."""

    name: str

    def speak(self, text: str, *, language: str) -> bytes:
        """``text`` as a WAV file: 8 kHz, one channel, 16 bits. Raises ``ElementTrouble``."""


class Espeak:
    """espeak-ng, as Debian has it. Raises ``ElementTrouble`` (``no_voice``) where it is not installed."""

    name = "espeak-ng"

    def __init__(self) -> None:
        program = shutil.which("espeak-ng")
        if program is None:
            raise ElementTrouble(
                "espeak-ng is not installed", permanent=True, code="no_voice",
                remedy="Install it (Debian: apt-get install espeak-ng), or record every prompt.",
            )  # fmt: skip
        self._program = program

    def speak(self, text: str, *, language: str) -> bytes:
        sound = self._run(text, language, "-s", _WORDS_A_MINUTE, "-w", "/dev/stdout")
        if len(sound) <= _WAV_HEADER:
            raise ElementTrouble("espeak-ng spoke nothing", permanent=True, code="no_voice", remedy="Try it by hand.")
        return as_telephone(sound)

    def phonemes(self, text: str, *, language: str) -> str:
        """How it will be spoken, in espeak-ng's own signs; ``(en)`` where it falls back to English."""
        return self._run(text, language, "-q", "-x").decode()

    def _run(self, text: str, language: str, *options: str) -> bytes:
        # Debian's voice for Han characters knows few of them and reads the others as English: 你好 as "nee three how three".
        said = pinyin(text) if language == "zh-hans" else text
        call = [self._program, "-v", _VOICES[language], *options, "--stdin"]
        done = subprocess.run(call, input=said.encode(), capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
        if done.returncode:
            raise ElementTrouble("espeak-ng failed", permanent=True, code="no_voice", remedy="Try it by hand.")
        return done.stdout


def pinyin(text: str) -> str:
    """Chinese as syllables with tone numbers, characters of several readings by the word that they stand in."""
    from pypinyin import Style, lazy_pinyin  # its dictionary is read on import, and only those who build need it

    return " ".join(lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True))


def as_telephone(sound: bytes) -> bytes:
    """A 16-bit WAV of one channel as the telephone takes it: 8 kHz, trimmed, at an even loudness."""
    samples, rate = _read(sound)
    return written(_levelled(_trimmed(_resampled(samples, rate))))


def _read(sound: bytes) -> tuple[Samples, int]:
    # A program that writes to a pipe cannot go back to write the length: whatever follows the header is sound.
    with wave.open(io.BytesIO(sound)) as file:
        rate = file.getframerate()
    body = sound[sound.index(b"data") + 8 :]
    whole = body[: len(body) // 2 * 2]
    return np.frombuffer(whole, dtype="<i2").astype(np.float64) / 32768, rate


def _resampled(samples: Samples, rate: int) -> Samples:
    """By the spectrum: everything above the new half rate is left out, with a slope so that nothing rings."""
    length = max(round(len(samples) * RATE / rate), 2)
    spectrum = np.fft.rfft(samples)[: length // 2 + 1]
    frequencies = np.arange(len(spectrum)) * rate / max(len(samples), 1)
    slope = np.clip((3900 - frequencies) / 400, 0, 1)
    resampled: Samples = np.fft.irfft(spectrum * slope, length) * (length / max(len(samples), 1))
    return resampled


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > _QUIET)
    if not len(loud):
        return samples
    margin = int(_MARGIN * RATE)
    return samples[max(loud[0] - margin, 0) : loud[-1] + margin]


def _levelled(samples: Samples) -> Samples:
    peak = float(np.max(np.abs(samples), initial=0))
    return samples * (_PEAK / peak) if peak > _QUIET else samples


def written(samples: Samples) -> bytes:
    """Samples between -1 and 1 as a WAV file of 8 kHz, one channel, 16 bits."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return out.getvalue()


def silence(seconds: float) -> bytes:
    """A WAV file of silence."""
    return written(np.zeros(int(seconds * RATE)))
