"""The folder of sound files: ``<language>/<key>.wav`` beside a manifest of what was spoken for which text.

A file that somebody recorded stands in the same place as the spoken one and is never overwritten: it is known by not being what
the manifest says we made.
"""

from __future__ import annotations

import hashlib
import json
import wave
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lastcall.core.errors import BadInput
from lastcall.doors.hotline.prompts import catalogue
from lastcall.doors.hotline.spoken import PAUSE
from lastcall.doors.hotline.voice import RATE, Voice, silence

MANIFEST: Final = "manifest.json"
_PAUSE_SECONDS: Final = 0.3
_AT_ONCE: Final = 4
MISSING: Final = "missing"
STALE: Final = "stale"
WRONG_FORMAT: Final = "wrong format"


@dataclass(frozen=True, slots=True)
class Fault:
    """``what`` is :data:`MISSING`, :data:`STALE` (its text has changed since) or :data:`WRONG_FORMAT`."""

    language: str
    key: str
    what: str


@dataclass(frozen=True, slots=True)
class Built:
    """How many files were spoken now, were left as spoken before, and were recorded by somebody."""

    spoken: int
    kept: int
    recorded: int


Manifest = dict[str, dict[str, dict[str, str]]]


def build(folder: Path, *, languages: Sequence[str], voice: Voice) -> Built:
    """Speak what is missing or stale into ``folder``; recorded files are left alone. Raises ``ElementTrouble``, ``BadInput``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{PAUSE}.wav").write_bytes(silence(_PAUSE_SECONDS))
    manifest = _read(folder)
    done = Built(0, 0, 0)
    for language in languages:
        known = manifest.setdefault(language, {})
        (folder / language).mkdir(exist_ok=True)
        done = _sum(done, _build_language(folder, language, known, voice))
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return done


def _sum(left: Built, right: Built) -> Built:
    return Built(left.spoken + right.spoken, left.kept + right.kept, left.recorded + right.recorded)


def _build_language(folder: Path, language: str, known: dict[str, dict[str, str]], voice: Voice) -> Built:
    texts = catalogue(language)
    recorded = {key for key in texts if _is_recorded(folder, language, key, known.get(key, {}))}
    wanted = [key for key in texts if key not in recorded and _is_due(folder, language, key, texts[key], known)]
    for key in recorded:
        _accept(folder, language, key, texts[key], known)

    def one(key: str) -> None:
        sound = voice.speak(texts[key], language=language)
        _path(folder, language, key).write_bytes(sound)
        known[key] = {"text": texts[key], "text_sha256": _sha(texts[key].encode()), "made_sha256": _sha(sound)}

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(one, wanted))
    return Built(len(wanted), len(texts) - len(wanted) - len(recorded), len(recorded))


def _is_recorded(folder: Path, language: str, key: str, entry: Mapping[str, str]) -> bool:
    path = _path(folder, language, key)
    return path.is_file() and _sha(path.read_bytes()) != entry.get("made_sha256")


def _is_due(folder: Path, language: str, key: str, text: str, known: Mapping[str, Mapping[str, str]]) -> bool:
    return not _path(folder, language, key).is_file() or known[key]["text_sha256"] != _sha(text.encode())


def _accept(folder: Path, language: str, key: str, text: str, known: dict[str, dict[str, str]]) -> None:
    """A recording seen for the first time is of the present text; one seen before stays of the text that it was of."""
    found = _sha(_path(folder, language, key).read_bytes())
    if known.get(key, {}).get("recorded_sha256") != found:
        known[key] = {"text": text, "text_sha256": _sha(text.encode()), "recorded_sha256": found}


def faults(folder: Path, *, languages: Sequence[str]) -> list[Fault]:
    """What is missing, stale or in a format that the voice platform does not play, by language and key. Raises ``BadInput``."""
    manifest = _read(folder)
    found = [fault for language in languages for fault in _faults(folder, language, manifest.get(language, {}))]
    if not (folder / f"{PAUSE}.wav").is_file():
        found.insert(0, Fault("", PAUSE, MISSING))
    return found


def _faults(folder: Path, language: str, known: Mapping[str, Mapping[str, str]]) -> Iterator[Fault]:
    for key, text in catalogue(language).items():
        path = _path(folder, language, key)
        if not path.is_file():
            yield Fault(language, key, MISSING)
        elif seconds(path) <= 0:
            yield Fault(language, key, WRONG_FORMAT)
        elif known.get(key, {}).get("text_sha256", _sha(text.encode())) != _sha(text.encode()):
            yield Fault(language, key, STALE)


def seconds(path: Path) -> float:
    """How long a file plays; 0 when it is no WAV of 8 kHz, one channel and 16 bits."""
    try:
        with wave.open(str(path)) as file:
            right = (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
            return file.getnframes() / RATE if right else 0
    except (wave.Error, EOFError, OSError):
        return 0


def _path(folder: Path, language: str, key: str) -> Path:
    return folder / language / f"{key}.wav"


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(folder: Path) -> Manifest:
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
        return {str(language): dict(entries) for language, entries in found.items()}
    except (ValueError, AttributeError) as trouble:
        raise BadInput(
            f"{path} cannot be read", code="bad_manifest",
            remedy="Delete it and build again: every file then counts as recorded.",
        ) from trouble  # fmt: skip
