"""The two models of rapidocr's wheel: one finds lines of writing, the other spells them.

Imported when the first photo is read, for it takes a second and a hundred megabytes. Nothing is fetched: the models are named by
their paths in the wheel.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Corners = NDArray[np.float32]
"""Four points: the two ends of the upper edge, then those of the lower one from right to left."""

THREADS: Final = 2
_FIND_AT: Final = 960  # longest side, in dots, at which lines are looked for
_STRIP_HEIGHT: Final = 48  # what the spelling model was trained on
_SIGNS: Final = "<0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALIKE: Final = dict(zip("«〈く‹《＜l|", "<<<<<<11", strict=True))
_TWINS: Final = {"O": "O0", "0": "O0", "I": "I1", "1": "I1"}
UNKNOWN: Final = "?"
_RIVAL_ODDS: Final = 0.01

_cv2: Any = importlib.import_module("cv2")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One line as spelled. ``places``: the middle of each character in steps of the model; ``odds``: 0 to 1, how likely each is.

    A zero and the letter O count as one character in the odds, so do a one and the letter I: in print they hardly differ, and the
    fields' alphabets and check digits tell them apart. ``rivals``: for each character, what else it may be.
    """

    text: str
    places: tuple[float, ...]
    odds: tuple[float, ...]
    rivals: tuple[str, ...]


class Ocr:
    """Both models, loaded once; may be used by several threads."""

    def __init__(self) -> None:
        folder = Path(importlib.import_module("rapidocr").__file__ or "").with_name("models")
        self._finder = _load_finder(_only(folder, "*_det_*.onnx"))
        self._speller = _load_speller(_only(folder, "*_rec_*.onnx"))
        signs = self._speller.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._signs = ["", *(_sign(sign) for sign in signs), UNKNOWN]  # first the blank of CTC, last the space
        self._kin = {sign: [column for column, other in enumerate(self._signs) if other and other in _TWINS.get(sign, sign)]
                     for sign in set(self._signs)}  # fmt: skip

    def find(self, picture: Picture) -> list[Corners]:
        """The lines of writing in ``picture`` (BGR), each with its long side as upper edge, by length."""
        found = self._finder(picture, use_det=True, use_cls=False, use_rec=False).boxes
        boxes = [] if found is None else [_along(np.asarray(box, dtype=np.float32)) for box in found]
        return sorted(boxes, key=length, reverse=True)

    def spell(self, strips: Sequence[Picture]) -> list[Spelling]:
        """What stands in ``strips`` (BGR), each one line from left to right."""
        scaled = [_to_model(strip) for strip in strips]
        widest = max(strip.shape[2] for strip in scaled)
        batch = np.zeros((len(scaled), 3, _STRIP_HEIGHT, widest), dtype=np.float32)
        for row, strip in enumerate(scaled):
            batch[row, :, :, : strip.shape[2]] = strip
        source = self._speller.get_inputs()[0].name
        chances = self._speller.run(None, {source: batch})[0]
        return [self._read(line) for line in chances]

    def _read(self, chances: NDArray[np.float32]) -> Spelling:
        best = chances.argmax(axis=1)
        text, places, odds, rivals = "", [], [], []
        step = 0
        while step < len(best):
            end = step
            while end < len(best) and best[end] == best[step]:
                end += 1
            sign = self._signs[best[step]]
            if sign:
                text += sign
                places.append((step + end - 1) / 2)
                peak = step + int(chances[step:end, best[step]].argmax())
                odds.append(float(chances[peak, self._kin[sign]].sum()) if sign != UNKNOWN else 0.0)
                rivals.append(self._rivals(chances[peak], sign))
            step = end
        return Spelling(text, tuple(places), tuple(odds), tuple(rivals))

    def _rivals(self, chances: NDArray[np.float32], sign: str) -> str:
        likely = {self._signs[column] for column in np.flatnonzero(chances >= _RIVAL_ODDS)}
        return "".join(sorted(likely - {sign, "", UNKNOWN}))


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise FileNotFoundError(f"rapidocr's wheel holds {len(found)} models called {pattern}, not one")
    return found[0]


def _load_finder(model: Path) -> Any:
    settings = {
        "Global.log_level": "critical", "Global.use_cls": False, "Global.use_rec": False,
        "Det.model_path": str(model), "Det.limit_type": "max", "Det.limit_side_len": _FIND_AT,
        "EngineConfig.onnxruntime.intra_op_num_threads": THREADS, "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }  # fmt: skip
    return importlib.import_module("rapidocr").RapidOCR(params=settings)


def _load_speller(model: Path) -> Any:
    runtime: Any = importlib.import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    return runtime.InferenceSession(str(model), sess_options=options, providers=["CPUExecutionProvider"])


def _sign(sign: str) -> str:
    capital = _ALIKE.get(sign, sign.upper())
    return capital if len(capital) == 1 and capital in _SIGNS else UNKNOWN


def _to_model(strip: Picture) -> NDArray[np.float32]:
    width = max(_STRIP_HEIGHT, round(strip.shape[1] * _STRIP_HEIGHT / strip.shape[0]))
    shrinks = strip.shape[0] > _STRIP_HEIGHT
    scaled = _cv2.resize(strip, (width, _STRIP_HEIGHT), interpolation=_cv2.INTER_AREA if shrinks else _cv2.INTER_CUBIC)
    return np.asarray(scaled.astype(np.float32).transpose(2, 0, 1) / 127.5 - 1)


def _along(box: Corners) -> Corners:
    upright = np.linalg.norm(box[1] - box[0]) >= np.linalg.norm(box[3] - box[0])
    return box if upright else np.roll(box, -1, axis=0)


def length(box: Corners) -> float:
    """Of its longer sides, in dots."""
    return float(np.linalg.norm(box[1] - box[0]) + np.linalg.norm(box[2] - box[3])) / 2


def height(box: Corners) -> float:
    """Of its shorter sides, in dots."""
    return float(np.linalg.norm(box[3] - box[0]) + np.linalg.norm(box[2] - box[1])) / 2
