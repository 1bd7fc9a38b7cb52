"""A photo of the document, given on the web: what cannot be taken is said in its own words, and nothing lies on a disk."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from lastcall.core.closing import photos
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.scan import Scan
from lastcall.core.ports import PassportPage, PhotoReader
from lastcall.core.provided import provide
from lastcall.elements.identity.unread import LeaveToPerson
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.doors.portal.case_forms import hidden, proved, send
from tests.doors.portal.scenes import LANGUAGES, open_case, speak, text, without_token


@pytest.fixture(autouse=True)
def reader(cast: Cast) -> Iterator[None]:
    """Photos are made harmless as in production and read by nobody: how reading goes is said by each test."""
    provide(PhotoReader, LeaveToPerson)
    yield
    provide(PhotoReader, lambda: cast.elements.photos)


def picture(kind: str = "JPEG", size: tuple[int, int] = (1200, 900), **options: Any) -> bytes:
    """A plain picture."""
    into = io.BytesIO()
    Image.new("RGB", size, (200, 190, 170)).save(into, kind, **options)
    return into.getvalue()


def give(browser: Client, content: bytes | None, name: str = "page.jpg") -> Any:
    """Choose the file and press the button."""
    files: dict[str, Any] = {} if content is None else {"photo": SimpleUploadedFile(name, content)}
    return send(browser, "/case/photo/", **files)


def scans(cast: Cast, receipt: Receipt) -> list[Scan]:
    return cast.base.transact(lambda rows: rows.some(Scan, {"case_id": receipt.case_id}, order="id"))


def note(cast: Cast, receipt: Receipt, page: PassportPage) -> None:
    """The worker's reading gives this page."""

    class Reader(LeaveToPerson):
        def read(self, photo: bytes) -> PassportPage:
            return page

    photos.read(cast.base, scan_id=scans(cast, receipt)[-1].id, photos=Reader())


def test_a_photo_arrives_and_is_being_read(browser: Client, cast: Cast) -> None:
    receipt = proved(browser, cast)
    answer = give(browser, picture())
    assert answer.redirect_chain == [("/case/photo/", 302)]
    assert "The photo has arrived and is being read." in text(answer)
    assert len(scans(cast, receipt)) == 1


def test_the_page_says_what_for_and_what_happens_with_it_from_the_policy(browser: Client, cast: Cast) -> None:
    proved(browser, cast)
    page = text(browser.get("/case/photo/"))
    assert "You need not give one." in page
    assert "compares them with the agreement" in page
    assert "destroyed 72 hours after the decision" in page
    assert "within 30 days" in page


def test_the_file_can_be_a_photo_taken_now_or_one_that_is_there(browser: Client, cast: Cast) -> None:
    proved(browser, cast)
    body = browser.get("/case/photo/").content.decode()
    assert 'type="file" accept="image/jpeg,image/png"' in body
    assert "capture" not in body, "it would leave a phone no way to choose a photo that was taken before"


_FRAMES = [Image.new("RGB", (700, 700), (shade, 0, 0)) for shade in (0, 200)]


def _animated() -> bytes:
    into = io.BytesIO()
    _FRAMES[0].save(into, "GIF", save_all=True, append_images=_FRAMES[1:])
    return into.getvalue()


WRONG: dict[str, tuple[bytes | None, str]] = {
    "none": (None, "Choose a photo first, then send it."),
    "empty": (b"", "The file is empty."),
    "wrong type": (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "This is not a photo that we can read."),
    "locked": (b"%PDF-1.7\n1 0 obj\n<</Encrypt 2 0 R>>\nendobj\n", "The file is locked with a password."),
    "cut short": (picture()[:-4000], "The picture is damaged, or was cut short on its way."),
    "animated": (_animated(), "The picture moves."),
    "too many dots": (picture("PNG", (9000, 6000)), "The picture has too many dots."),
    "too small": (picture(size=(300, 200)), "The picture is too small to be read."),
    "too big": (picture() + b"\0" * settings.LASTCALL_PHOTO_BYTES, "The file is too big."),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_taken_is_said_in_its_own_words(browser: Client, cast: Cast, wrong: str) -> None:
    receipt = proved(browser, cast)
    content, words = WRONG[wrong]
    answer = give(browser, content)
    body = answer.content.decode()
    assert body.count(words) == 2, "in the summary, and at the field"
    assert "<title>Error: " in body
    assert '<a href="#id_photo">' in body
    assert scans(cast, receipt) == []


def test_no_two_kinds_of_refusal_share_their_words() -> None:
    assert len({words for _, words in WRONG.values()}) == len(WRONG)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_in_the_readers_language(browser: Client, cast: Cast, language: str) -> None:
    proved(browser, cast)
    speak(browser, language)
    body = give(browser, b"").content.decode()
    assert {"zh-hans": "错误：", "ru": "Ошибка:", "en": "Error:"}[language] in body


def test_an_upload_never_lies_on_a_disk_in_clear(
    browser: Client, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proved(browser, cast)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))  # whoever writes there fails
    noisy = Image.effect_noise((2400, 1800), 90).convert("RGB")
    into = io.BytesIO()
    noisy.save(into, "JPEG", quality=97)
    assert len(into.getvalue()) > 3_000_000, "larger than what Django would keep in memory"
    page = text(give(browser, into.getvalue()))
    assert "The photo has arrived" in page or "too big" in page


def test_a_file_sent_to_another_page_is_dropped(browser: Client, cast: Cast) -> None:
    proved(browser, cast)
    form = hidden(browser.get("/case/sim/")) | {"answer": "keep", "photo": SimpleUploadedFile("page.jpg", picture())}
    assert "Noted" in text(browser.post("/case/sim/", form, follow=True))


def test_a_double_click_is_one_photo(browser: Client, cast: Cast) -> None:
    receipt = proved(browser, cast)
    form = hidden(browser.get("/case/photo/"))
    for _ in range(2):
        answer = browser.post("/case/photo/", form | {"photo": SimpleUploadedFile("a.jpg", picture())}, follow=True)
    assert "is being read" in text(answer)
    assert len(scans(cast, receipt)) == 1


def test_a_page_that_agrees_is_said(browser: Client, cast: Cast) -> None:
    receipt = proved(browser, cast)
    give(browser, picture())
    note(cast, receipt, PassportPage(
        sure=True, kind="foreign_passport", issuer="CN", number="E12345678", surname="LI", given_names="WEI",
        born=date(1999, 1, 1), expires=date(2030, 1, 1),
    ))  # fmt: skip
    page = text(browser.get("/case/photo/"))
    assert "The photo agrees with the agreement" in page
    assert 'id="id_photo"' not in page


def test_a_page_that_differs_leads_to_a_shop_and_takes_no_other(browser: Client, cast: Cast) -> None:
    receipt = proved(browser, cast)
    give(browser, picture())
    note(cast, receipt, PassportPage(
        sure=True, kind="foreign_passport", issuer="CN", number="E00000000", surname="WANG", given_names="FANG",
        born=date(1999, 1, 1), expires=date(2030, 1, 1),
    ))  # fmt: skip
    body = browser.get("/case/photo/").content.decode()
    assert "does not agree with the agreement" in body
    assert 'id="id_photo"' not in body


def test_an_unclear_one_goes_to_a_person_and_a_sharper_one_can_be_given(browser: Client, cast: Cast) -> None:
    receipt = proved(browser, cast)
    give(browser, picture())
    note(cast, receipt, PassportPage(sure=False))
    page = browser.get("/case/photo/")
    assert "could not be read for certain" in text(page)
    give(browser, picture(size=(1300, 900)))
    assert len(scans(cast, receipt)) == 2


def test_after_too_many_photos_it_says_where_to_go(browser: Client, cast: Cast) -> None:
    receipt = proved(browser, cast)
    for width in (1200, 1201, 1202):
        give(browser, picture(size=(width, 900)))
        note(cast, receipt, PassportPage(sure=False))
    assert "Too many photos were given." in text(give(browser, picture(size=(1203, 900))))


def test_whoever_has_not_shown_who_they_are_is_sent_to_do_so_whatever_the_number(browser: Client, cast: Cast) -> None:
    pages = []
    for msisdn in (LI_WEI_MSISDN, FREE_MSISDN):
        open_case(browser, cast.declare(msisdn))
        answer = browser.get("/case/photo/", follow=True)
        assert answer.redirect_chain == [("/case/identity/", 302)]
        pages.append(without_token(answer, msisdn=msisdn))
    assert pages[0] == pages[1]


def test_whoever_was_seen_in_a_shop_needs_no_photo(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.on_hold())
    assert browser.get("/case/photo/")["Location"] == "/case/"
