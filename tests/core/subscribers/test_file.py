"""The subscriber's file: what is kept of a person, what is not, and what cannot be put there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lastcall.core import keyed
from lastcall.core.audit.event import Event
from lastcall.core.errors import BadInput, Conflict, LastcallError, NotFound
from lastcall.core.subscribers.file import (
    contact_address,
    contact_binding,
    document_key,
    open_file,
    put_contact_on_file,
    put_document_on_file,
    put_representative_on_file,
    valid_document_keys,
)
from lastcall.core.subscribers.subscriber import Contact, Document, Representative, Subscriber
from tests.cast import ANNAS_PASSPORT, OLGA, SERGEIS_PASSPORT, Cast
from tests.core.tools import only, refused, some, written


def test_a_name_is_kept_as_in_the_document_and_in_latin(cast: Cast) -> None:
    subscriber = open_file(
        cast.base, name="  王  芳 ", name_latin="Wang Fang", citizenship="cn", language="zh-hans", actor=OLGA
    )
    kept = only(cast.base, Subscriber, id=subscriber.id)
    assert (kept.name, kept.name_latin, kept.citizenship) == ("王 芳", "Wang Fang", "CN")
    assert kept.created_at == cast.time.now()


def test_of_a_document_the_number_itself_is_dropped(cast: Cast) -> None:
    document = put_document_on_file(
        cast.base, subscriber_id=cast.li_wei.subscriber.id, kind="residence_permit", issuer="ru", number="82 №1234567",
        actor=OLGA,
    )  # fmt: skip
    assert (document.last_four, document.issuer) == ("4567", "RU")
    assert document.number_key == document_key("residence_permit", "RU", "821234567")
    assert "821234567" not in written()


def test_a_contact_is_sealed_for_its_own_row(cast: Cast) -> None:
    contact = only(cast.base, Contact, id=cast.li_wei.mail.id)
    assert contact_address(contact) == "li@example.org"
    with pytest.raises(LastcallError) as trouble:
        keyed.unseal(contact.sealed_address, bound_to=contact_binding(cast.anna.mail.id))
    assert trouble.value.code == "unsealable"


def test_the_first_contact_is_no_change_and_the_next_one_is(cast: Cast) -> None:
    newcomer = open_file(cast.base, name="Пётр", actor=OLGA)
    put_contact_on_file(cast.base, subscriber_id=newcomer.id, kind="mail", address="p@example.org", actor=OLGA)
    assert only(cast.base, Subscriber, id=newcomer.id).contact_changed_at is None
    cast.time.advance(timedelta(days=1))
    put_contact_on_file(cast.base, subscriber_id=newcomer.id, kind="sms", address="+79000007777", actor=OLGA)
    assert only(cast.base, Subscriber, id=newcomer.id).contact_changed_at == cast.time.now()


def test_papers_say_what_they_give_and_until_when(cast: Cast) -> None:
    papers = put_representative_on_file(
        cast.base, subscriber_id=cast.li_wei.subscriber.id, kind="power_of_attorney", name="Сергей",
        document=SERGEIS_PASSPORT, powers=("money", "close"), notarised=True, actor=OLGA,
        valid_until=cast.time.now().date(),
    )  # fmt: skip
    today = cast.time.now().date()
    assert papers.may("close", on=today) and papers.may("money", on=today)
    assert not papers.may("reactivate", on=today)
    assert not papers.may("close", on=today + timedelta(days=1))
    assert only(cast.base, Representative, id=papers.id) == papers


def test_documents_that_ran_out_prove_nothing(cast: Cast) -> None:
    who = cast.anna.subscriber.id
    keys = cast.base.transact(lambda rows: valid_document_keys(rows, who))
    put_document_on_file(
        cast.base, subscriber_id=who, kind="other", issuer="RU", number="A1", actor=OLGA,
        valid_until=cast.time.now().date() - timedelta(days=1),
    )  # fmt: skip
    assert cast.base.transact(lambda rows: valid_document_keys(rows, who)) == keys == [document_key(*ANNAS_PASSPORT)]


def test_every_entry_leaves_an_event_with_who_and_through_which_door(cast: Cast) -> None:
    events = some(cast.base, Event, subject="subscriber", subject_id=cast.li_wei.subscriber.id)
    assert [event.kind for event in sorted(events, key=lambda event: event.id)] == [
        "subscriber.opened", "subscriber.document_on_file", "subscriber.contact_on_file",
    ]  # fmt: skip
    assert {(event.actor, event.door) for event in events} == {("clerk:olga", "store")}


def test_the_same_document_is_not_put_on_file_twice(cast: Cast) -> None:
    kind, issuer, number = ANNAS_PASSPORT
    with refused("conflict", Conflict):
        put_document_on_file(
            cast.base, subscriber_id=cast.anna.subscriber.id, kind=kind, issuer=issuer, number=f" {number[:4]}-{number[4:]}",
            actor=OLGA,
        )  # fmt: skip
    assert len(some(cast.base, Document, subscriber_id=cast.anna.subscriber.id)) == 1


def test_a_file_that_cannot_be_is_not_opened(cast: Cast) -> None:
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"name": " "}, "malformed_name"),
        ({"name": "12"}, "malformed_name"),
        ({"kind": "robot"}, "bad_kind"),
        ({"language": "tlh"}, "bad_language"),
        ({"citizenship": "RUS"}, "bad_country"),
        ({"citizenship": "Р1"}, "bad_country"),
    )
    for given, code in wrong:
        with refused(code, BadInput):
            open_file(cast.base, actor=OLGA, **({"name": "Пётр"} | given))


def test_what_cannot_be_kept_is_refused(cast: Cast) -> None:
    who = cast.anna.subscriber.id
    papers: dict[str, Any] = {
        "subscriber_id": who, "kind": "heir", "name": "Пётр", "document": SERGEIS_PASSPORT, "powers": (), "notarised": True,
        "actor": OLGA,
    }  # fmt: skip
    with refused("bad_kind", BadInput):
        put_contact_on_file(cast.base, subscriber_id=who, kind="fax", address="1", actor=OLGA)
    with refused("bad_country", BadInput):
        put_document_on_file(cast.base, subscriber_id=who, kind="other", issuer="", number="A1", actor=OLGA)
    with refused("bad_kind", BadInput):
        put_representative_on_file(cast.base, **(papers | {"kind": "neighbour"}))
    with refused("bad_power", BadInput):
        put_representative_on_file(cast.base, **(papers | {"powers": ("everything",)}))
    with refused("malformed_document_number", BadInput):
        put_representative_on_file(cast.base, **(papers | {"document": ("ru_passport", "RU", "12")}))


def test_nothing_is_kept_of_nobody(cast: Cast) -> None:
    with refused("not_found", NotFound):
        put_contact_on_file(cast.base, subscriber_id=1, kind="mail", address="x@example.org", actor=OLGA)
    with refused("not_found", NotFound):
        put_document_on_file(cast.base, subscriber_id=1, kind="other", issuer="RU", number="A1", actor=OLGA)
    with refused("not_found", NotFound):
        put_representative_on_file(
            cast.base, subscriber_id=1, kind="heir", name="Пётр", document=SERGEIS_PASSPORT, powers=(), notarised=False,
            actor=OLGA,
        )  # fmt: skip
