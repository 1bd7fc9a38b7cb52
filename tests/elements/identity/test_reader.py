"""Reading photographed pages through the real models; ``python -m bench.passports`` reads far more of them."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import Any

import pytest

from lastcall.core.errors import BadInput
from lastcall.core.ports import PassportPage, PhotoReader
from lastcall.elements.identity import make_photo_reader

from .pages import DEGRADATIONS, FORGERIES, PEOPLE, make, named

_NONE = DEGRADATIONS[0]
NOTHING = PassportPage(sure=False)


@pytest.fixture(scope="module")
def reader() -> PhotoReader:
    return make_photo_reader("rapidocr")


@pytest.mark.parametrize(
    ("degradation", "person"),
    [
        ("none", 0),
        ("rotated 90", 4),
        ("upside down, dark, perspective", 8),
        ("skew 5", 2),
        ("noise", 13),
        ("shadow", 11),
    ],
)
def test_a_readable_page_is_read(reader: PhotoReader, degradation: str, person: int) -> None:
    page = named(degradation, person=person)
    truth = page.truth
    assert reader.read(reader.clean(page.photo)) == PassportPage(
        sure=True, kind="foreign_passport", issuer=truth.issuer, number=truth.number, surname=truth.surname,
        given_names=truth.given_names, born=truth.born, expires=truth.expires,
    )  # fmt: skip


@pytest.mark.parametrize("degradation", ["cut below", "finger on the zone", "strong blur"])
def test_an_unreadable_page_is_never_sure(reader: PhotoReader, degradation: str) -> None:
    assert reader.read(reader.clean(named(degradation, person=3).photo)) == NOTHING


@pytest.mark.parametrize(
    "forgery", ["wrong check digit of the number", "number altered, last digit made right", "a digit in the name"]
)
def test_a_forged_page_is_never_sure(reader: PhotoReader, forgery: str) -> None:
    assert reader.read(reader.clean(named("none", person=5, forgery=forgery).photo)) == NOTHING


@pytest.mark.parametrize("photo", [b"", b"no picture", b"\xff\xd8\xff\xe0"])
def test_what_is_no_photo_is_never_sure(reader: PhotoReader, photo: bytes) -> None:
    assert reader.read(photo) == NOTHING


def test_without_a_reader_every_page_is_for_a_person() -> None:
    nobody = make_photo_reader("none")
    page = named("none")
    assert nobody.read(nobody.clean(page.photo)) == NOTHING
    with pytest.raises(BadInput):
        nobody.clean(b"no picture")


def test_a_reader_that_is_not_known_is_refused() -> None:
    with pytest.raises(BadInput) as refusal:
        make_photo_reader("tesseract")
    assert refusal.value.code == "unknown_photo_reader"


def test_the_models_are_loaded_once_and_nothing_is_fetched(
    reader: PhotoReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lastcall.elements.identity import reader as module

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("something reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(module, "_loaded", [])
    first = module._ocr()
    assert module._ocr() is first
    assert reader.read(reader.clean(named("none", person=6).photo)).sure


def test_nothing_heavy_is_imported_before_a_photo_is_read() -> None:
    """The web process only cleans."""
    program = (
        "import sys; from lastcall.elements.identity import make_photo_reader; make_photo_reader('rapidocr');"
        "print([name for name in ('cv2', 'onnxruntime', 'rapidocr', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_read_says_nothing_aloud(reader: PhotoReader, capfd: pytest.CaptureFixture[str]) -> None:
    page = named("cut right", person=2)
    reader.read(reader.clean(page.photo))
    assert capfd.readouterr() == ("", "")


def test_the_pages_are_the_same_for_the_same_seed() -> None:
    one, again, other = (make(PEOPLE[0], _NONE, seed) for seed in (1, 1, 2))
    assert one == again and one.photo != other.photo


def test_every_forgery_spoils_what_it_says() -> None:
    for forgery in FORGERIES:
        page = named("none", person=5, forgery=forgery)
        assert not page.honest and not page.readable
        assert page.lines != named("none", person=5).lines
