"""What became of a number since a day: one question, or up to a hundred in one request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lastcall.core.database import database
from lastcall.core.lookup import answers, hashed, subject
from lastcall.core.lookup.answers import Answer as Said
from lastcall.core.lookup.answers import Question as Looked
from lastcall.core.lookup.answers import in_json
from lastcall.core.lookup.days import read_day
from lastcall.core.lookup.index.file import Index
from lastcall.core.policies.present import present_policy
from lastcall.core.relying import asked as asking
from lastcall.core.relying import quotas
from lastcall.core.relying.access import Access
from lastcall.doors.lookup import lookup
from lastcall.doors.lookup.answer import Answer, json_answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.errors import ApiError
from lastcall.doors.lookup.own import evidence
from lastcall.doors.lookup.own.asker import asker
from lastcall.doors.lookup.own.shapes import Check, Checks, Question, Row, invalid, read


def check(asked: Asked) -> Answer:
    """``POST /lookup/v1/check``."""
    access, body, sign = asker(asked), read(asked, Check), evidence.wanted(asked)
    purpose = _purpose(access, body.purpose)
    msisdn = _about(access, body)
    said = _answer(access, [body], [msisdn], body.semantics)[0]
    return json_answer(
        evidence.told(said, _named(access, body), access=access, purpose=purpose, sign=sign), headers=_as_of(said)
    )


def check_all(asked: Asked) -> Answer:
    """``POST /lookup/v1/checks``. Costs as many requests of the day as it has rows."""
    access, body, sign = asker(asked), read(asked, Checks), evidence.wanted(asked)
    purpose = _purpose(access, body.purpose)
    if access.msisdn is not None:
        raise ApiError(403, "INVALID_TOKEN_CONTEXT", "The access token is bound to one line: ask about it with check.")
    msisdns = [_present(access, row, place) for place, row in enumerate(body.rows)]
    quotas.spend_more(database(), access, len(body.rows) - 1)
    said = _answer(access, body.rows, msisdns, body.semantics)
    told = [
        evidence.told(one, row, access=access, purpose=purpose, sign=sign)
        for one, row in zip(said, body.rows, strict=True)
    ]
    return json_answer({"answers": told}, headers=_as_of(said[0]))


def _purpose(access: Access, named: str | None) -> str:
    if named is not None and named != access.purpose:
        raise ApiError(
            403, "PERMISSION_DENIED", "This purpose was not agreed. Leave it out, or ask for another agreement."
        )
    return access.purpose


def _given(access: Access, row: Question) -> int | None:
    """The number that the question names, 0 for a hash that stands for none of ours, None when it names none."""
    if row.number is not None and row.numberHash is not None:
        raise invalid("number and numberHash: send one of them.")
    if row.numberHash is not None:
        return hashed.number_of(database(), access=access, number_hash=row.numberHash, index=_index()) or 0
    return subject.read_number(row.number) if row.number is not None else None


def _index() -> Index | None:
    present = lookup.present()
    return present.index if present is not None else None


def _about(access: Access, question: Question) -> int | None:
    """The number that the question is about: the token's, which it may repeat, or the one it names."""
    given = _given(access, question)
    if given is None and access.msisdn is None:
        raise ApiError(422, "MISSING_IDENTIFIER", "Neither the access token nor the request names a number: send one.")
    return subject.agreeing(bound=access.msisdn, given=given) or None


def _present(access: Access, row: Row, place: int) -> int | None:
    given = _given(access, row)
    if given is None:
        raise invalid(f"rows.{place} names no number: send number or numberHash.")
    return given or None


def _named(access: Access, row: Question) -> Question:
    """The question with its number: where it comes from the token, as the token has it."""
    if row.number is not None or row.numberHash is not None:
        return row
    return row.model_copy(update={"number": f"+{access.msisdn}"})


def _answer(
    access: Access, rows: Sequence[Question], msisdns: Sequence[int | None], semantics: str
) -> tuple[Said, ...]:
    questions = [Looked(msisdn, read_day(row.date)) for msisdn, row in zip(msisdns, rows, strict=True)]
    if access.sandbox:
        return answers.sandbox_answers(questions, semantics=semantics)
    for msisdn, reading in _to_note(rows, msisdns, semantics):
        asking.note(database(), consumer_id=access.consumer_id, msisdn=msisdn, reading=reading)
    index = lookup.present()
    since = index.known_since if index is not None else None
    return answers.answer_all(database(), asked=questions, semantics=semantics, policy=present_policy(), since=since)


def _to_note(rows: Sequence[Question], msisdns: Sequence[int | None], semantics: str) -> Iterator[tuple[int, str]]:
    for row, msisdn in zip(rows, msisdns, strict=True):
        if msisdn is not None:
            yield msisdn, semantics + (asking.HASHED if row.numberHash is not None else "")


def _as_of(said: Said) -> tuple[tuple[str, str], ...]:
    return (("x-lastcall-as-of", in_json(said.as_of)),)
