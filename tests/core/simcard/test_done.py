"""When all is done the subscriber's list is ticked and the case knows of the PIN; no event tells anything of the card."""

from __future__ import annotations

import pytest

from lastcall.core.audit.auditor import audit
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.audit.sequencer import sequence
from lastcall.core.closing import evidence, find, preparation
from lastcall.core.counter import visits
from lastcall.core.errors import BadInput, NotFound, Refused
from lastcall.core.simcard import handlings
from tests.cast import OLGA, ON_THE_WEB
from tests.core.simcard.at_the_counter import Visit
from tests.core.tools import nothing_changes, refused, some
from tests.secrecy import stands_in


def ticked(visit: Visit) -> frozenset[str]:
    return visit.base.transact(lambda rows: preparation.ticked(rows, visit.case_id))


def test_saved_and_unlocked_is_ticked_beside_what_the_subscriber_ticked(visit: Visit) -> None:
    preparation.tick(visit.base, case_id=visit.case_id, done={"document", "contacts_saved"}, actor=ON_THE_WEB)
    handling = visit.taken()
    visit.save(handling)
    done = visit.done(handling)
    assert (done.state, done.contacts, done.messages, done.pin) == ("done", 250, 30, "removed")
    assert done == visit.now(handling)
    assert ticked(visit) == {"document", "contacts_saved", "messages_saved", "pin_removed"}


@pytest.mark.parametrize(
    ("pin", "off"), [("removed", True), ("was_off", True), ("kept", False)], ids=["removed", "was_off", "kept"]
)
def test_the_case_knows_that_the_pin_is_off(visit: Visit, pin: str, off: bool) -> None:
    handling = visit.taken(backup=False)
    visit.done(handling, contacts=0, messages=0, pin=pin)
    assert find.get_case(visit.base, case_id=visit.case_id).sim_pin_removed is off
    assert ticked(visit) == ({"pin_removed"} if off else set())
    seen = visit.base.transact(lambda rows: handlings.of_visit(rows, visit.ticket.id))
    assert seen is not None and seen.pin_is_off is off


def test_taking_the_card_in_stays_the_clerks_act(visit: Visit) -> None:
    handling = visit.taken(backup=False)
    visit.done(handling, contacts=0, messages=0)
    case = visits.opened(visit.base, ticket_id=visit.ticket.id, actor=OLGA).case
    assert case is not None and case.sim_custody == ""
    evidence.declare_sim(
        visit.base,
        case_id=case.id,
        custody="collected",
        actor=OLGA,
        pin_removed=case.sim_pin_removed,
        iccid=visit.iccid,
    )
    assert find.get_case(visit.base, case_id=case.id).sim_pin_removed


def test_only_what_was_asked_for_is_ticked(visit: Visit) -> None:
    handling = visit.taken(pin_off=False)
    visit.save(handling)
    visit.done(handling, pin="")
    assert ticked(visit) == {"contacts_saved", "messages_saved"}
    assert not find.get_case(visit.base, case_id=visit.case_id).sim_pin_removed


@pytest.mark.parametrize(
    ("partial", "whole"),
    [
        ("", {"contacts_saved", "messages_saved"}), ("contacts", {"messages_saved"}), ("messages", {"contacts_saved"}),
        ("both", set()),
    ],
)  # fmt: skip
def test_only_what_was_read_whole_is_ticked(visit: Visit, partial: str, whole: set[str]) -> None:
    handling = visit.taken()
    visit.save(handling)
    assert visit.done(handling, contacts=0, messages=10, partial=partial).partial == partial
    assert ticked(visit) == whole | {"pin_removed"}


def test_a_card_with_nothing_on_it_is_read_whole(visit: Visit) -> None:
    handling = visit.taken(pin_off=False)
    visit.save(handling)
    visit.done(handling, contacts=0, messages=0, pin="")
    assert ticked(visit) == {"contacts_saved", "messages_saved"}


def test_what_is_read_whole_the_second_time_is_ticked_then(visit: Visit) -> None:
    for partial in ("contacts", ""):
        handling = visit.taken(pin_off=False)
        visit.save(handling)
        visit.done(handling, partial=partial, pin="")
    assert ticked(visit) == {"contacts_saved", "messages_saved"}


def test_comparing_alone_ticks_nothing(visit: Visit) -> None:
    visit.done(visit.taken(backup=False, pin_off=False), contacts=0, messages=0, pin="")
    assert ticked(visit) == set()


def test_twice_is_once(visit: Visit) -> None:
    handling = visit.taken(backup=False)
    first = visit.done(handling, contacts=0, messages=0)
    with nothing_changes():
        assert visit.done(handling, contacts=0, messages=0) == first
    with refused("no_such_handling", NotFound):
        visit.done(handling, contacts=0, messages=0, pin="kept")


def test_the_same_but_not_whole_is_another_result(visit: Visit) -> None:
    handling = visit.taken()
    visit.save(handling)
    visit.done(handling, partial="contacts")
    with refused("no_such_handling", NotFound):
        visit.done(handling)


def test_not_before_the_card_was_read(visit: Visit) -> None:
    asked = visit.ask()
    with refused("not_read", Refused):
        visit.done(asked)


def test_not_before_the_backup_is_here(visit: Visit) -> None:
    handling = visit.taken()
    with refused("not_saved", Refused):
        visit.done(handling)


@pytest.mark.parametrize(
    ("contacts", "messages", "pin"),
    [(-1, 0, "removed"), (0, 10**9, "removed"), (0, 0, "1234"), (0, 0, ""), (1, 0, "kept")],
)
def test_what_is_no_result_is_refused(visit: Visit, contacts: int, messages: int, pin: str) -> None:
    handling = visit.taken(backup=False)
    with refused("bad_result", BadInput):
        visit.done(handling, contacts=contacts, messages=messages, pin=pin)


@pytest.mark.parametrize("partial", ["contacts", "everything", "\ud800"], ids=["unsaved", "no word", "no text"])
def test_what_was_not_saved_is_no_part_of_a_result(visit: Visit, partial: str) -> None:
    handling = visit.taken(backup=False)
    with refused("bad_result", BadInput):
        visit.done(handling, contacts=0, messages=0, partial=partial)


def test_a_pin_that_nobody_asked_about_is_no_result(visit: Visit) -> None:
    handling = visit.taken(backup=False, pin_off=False)
    with refused("bad_result", BadInput):
        visit.done(handling, contacts=0, messages=0, pin="removed")


def test_every_change_has_its_event_and_none_tells_of_the_card(visit: Visit) -> None:
    handling = visit.taken()
    secret, _ = visit.save(handling)
    visit.done(handling)
    events = some(visit.base, Event)
    kinds = [event.kind for event in events if event.kind.split(".")[0] in {"reader", "handling", "backup"}]
    assert kinds == [
        "reader.offer", "reader.pair", "handling.ask", "handling.take", "backup.saved", "handling.finish",
    ]  # fmt: skip
    told = " ".join(f"{event.reason} {event.data}" for event in events if event.kind.startswith(("handling", "backup")))
    assert not [word for word in (visit.iccid, secret, "250") if stands_in(word, told)]
    assert [event.kind for event in events if personal(event)] == []


def test_the_auditor_finds_everything_in_order(visit: Visit) -> None:
    handling = visit.taken()
    visit.save(handling)
    visit.done(handling)
    sequence(visit.base)
    assert audit(visit.base).broken == ()
