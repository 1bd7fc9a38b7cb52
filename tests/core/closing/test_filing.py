"""The signed statement: sealed, counted, opened by reviewers alone, destroyed when its days are over."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from lastcall.core.audit.reading import readings
from lastcall.core.closing.filing import MOST, file_statement, open_signed_paper, signed_papers
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.signed_paper import SignedPaper
from lastcall.core.errors import BadInput, LastcallError, NotAllowed, NotFound, Refused
from tests.cast import IRINA, OLGA, ON_THE_WEB, Cast

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def _picture(side: int = 1000) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(held, "PNG")
    return held.getvalue()


def _file(cast: Cast, receipt: Receipt, upload: bytes, *, way: str = "scan") -> SignedPaper:
    return file_statement(
        cast.base, case_id=receipt.case_id, upload=upload, way=way, reader=cast.elements.photos, actor=OLGA
    )


@pytest.mark.parametrize(
    ("upload", "way", "media", "start"),
    [
        (_picture(), "scan", "image/jpeg", b"\xff\xd8\xff"),
        (_picture(), "drawn", "image/jpeg", b"\xff\xd8\xff"),
        (PDF, "scan", "application/pdf", b"%PDF-"),
    ],
)
def test_a_signed_paper_completes_the_act_and_is_kept_sealed(
    cast: Cast, upload: bytes, way: str, media: str, start: bytes
) -> None:
    receipt = cast.declare()
    paper = _file(cast, receipt, upload, way=way)
    assert cast.case(receipt).signed_at is not None
    assert (paper.media, paper.filed_by) == (media, "clerk:olga")
    found = open_signed_paper(cast.base, case_id=receipt.case_id, actor=IRINA, reason="review")
    assert found.media == media and found.content.startswith(start)
    assert [each.reason for each in cast.base.transact(lambda rows: readings(rows, case_id=receipt.case_id))] == [
        "review"
    ]


@pytest.mark.parametrize(
    ("upload", "way", "code"),
    [
        (b"", "scan", "photo_empty"),
        (b"hello", "scan", "photo_wrong_type"),
        (_picture(100), "scan", "photo_too_small"),
        (PDF[:-7], "scan", "photo_broken"),
        (PDF.replace(b"<<>>", b"<</Encrypt 1>>", 1), "scan", "photo_locked"),
        (PDF, "drawn", "photo_wrong_type"),
        (b"%PDF-" + b"x" * 5_000_000 + b"%%EOF", "scan", "photo_too_big"),
        (PDF, "faxed", "bad_way"),
    ],
)
def test_what_is_no_paper_is_refused(cast: Cast, upload: bytes, way: str, code: str) -> None:
    receipt = cast.declare()
    with pytest.raises(BadInput) as refusal:
        _file(cast, receipt, upload, way=way)
    assert refusal.value.code == code
    assert cast.case(receipt).signed_at is None


def test_only_staff_file_papers(cast: Cast) -> None:
    receipt = cast.declare()
    with pytest.raises(Refused) as refusal:
        file_statement(
            cast.base, case_id=receipt.case_id, upload=PDF, way="scan", reader=cast.elements.photos, actor=ON_THE_WEB
        )
    assert refusal.value.code == "not_staff"


def test_more_papers_than_that_are_a_mistake(cast: Cast) -> None:
    receipt = cast.declare()
    for _ in range(MOST):
        _file(cast, receipt, PDF)
    with pytest.raises(Refused) as refusal:
        _file(cast, receipt, PDF)
    assert refusal.value.code == "too_many_papers"


def test_after_the_end_nothing_is_filed(cast: Cast) -> None:
    receipt = cast.closed()
    with pytest.raises(NotAllowed):
        _file(cast, receipt, PDF)


def test_only_reviewers_open_a_paper_and_only_one_that_is_there(cast: Cast) -> None:
    receipt = cast.declare()
    with pytest.raises(NotFound):
        open_signed_paper(cast.base, case_id=receipt.case_id, actor=IRINA, reason="review")
    _file(cast, receipt, PDF)
    with pytest.raises(LastcallError) as refusal:
        open_signed_paper(cast.base, case_id=receipt.case_id, actor=OLGA, reason="review")
    assert refusal.value.code == "not_a_reviewer"


def test_a_paper_is_destroyed_when_its_days_are_over(cast: Cast) -> None:
    receipt = cast.declare()
    _file(cast, receipt, PDF)
    days = cast.policy.retention_signed_statement_days
    cast.time.advance(timedelta(days=days - 1))
    cast.work()
    [paper] = cast.base.transact(lambda rows: signed_papers(rows, receipt.case_id))
    assert paper.destroyed_at is None
    cast.time.advance(timedelta(days=1))
    cast.work()
    [gone] = cast.base.transact(lambda rows: signed_papers(rows, receipt.case_id))
    assert (gone.sealed_key, gone.sealed_content, gone.method) == ("", "", "crypto_erase")
    with pytest.raises(NotFound):
        open_signed_paper(cast.base, case_id=receipt.case_id, actor=IRINA, reason="review")
