"""Each file is selected once and each record read once; what a card does not need is not asked of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from lastcall.elements.simcard.simulated.card import SimulatedCard
from lastcall.elements.simcard.simulated.written import READ, Text

from .reading import PIN, both, contacts, opened, sim, usim

AT = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
TEXTS = tuple(Text(READ, "+79430000111", f"Message {place}", AT + timedelta(hours=place)) for place in range(30))
IN_LISTS = 250 + 4 + 10 + 10 + 10
"""Records of EF_ADN, MSISDN, LND (or OCI), FDN and SDN on the stand-in's cards."""
MESSAGES = 30
EF_PBR = 1
EF_ICI = 5
MIRRORED = 250 + 4 + 10 + 10 + MESSAGES + 10
"""What is asked of the same files once more, since nothing less tells for certain that they are the same: all of EF_ADN, MSISDN,
FDN, SDN and SMS; and EF_LND, which a USIM has not."""


@pytest.mark.parametrize(
    ("make", "records", "others"),
    [
        (sim, IN_LISTS + MESSAGES, 26),
        (usim, IN_LISTS + MESSAGES + EF_PBR + EF_ICI, 41),
        (both, IN_LISTS + MESSAGES + EF_PBR + EF_ICI + MIRRORED, 47),
    ],
    ids=["SIM", "USIM", "both"],
)
def test_250_contacts_and_30_messages_take_one_command_a_record_and_few_more(
    make: Callable[..., SimulatedCard], records: int, others: int
) -> None:
    card = make(phone_book=contacts(250), texts=TEXTS, own=contacts(1), places=250, text_places=30)
    hand = opened(card)
    hand.verify(PIN)
    card.seen.clear()
    found = hand.read()
    assert (len(found.of("phone_book")), len(found.messages)) == (250, 30)
    kinds = Counter(" ".join(name.split()[:2]) for name in card.seen)
    assert kinds["READ RECORD"] == records
    assert len(card.seen) - records == others


def test_no_file_of_a_sim_is_selected_twice() -> None:
    card = sim(phone_book=contacts(20), texts=TEXTS, own=contacts(1))
    hand = opened(card)
    hand.verify(PIN)
    card.seen.clear()
    hand.read()
    selected = Counter(name for name in card.seen if name.startswith("SELECT 6F"))
    assert selected and set(selected.values()) == {1}


def test_progress_counts_every_record_and_comes_to_its_end() -> None:
    told: list[tuple[int, int]] = []
    hand = opened(sim(phone_book=contacts(20)))
    hand.verify(PIN)
    hand.read(progress=lambda read, in_all: told.append((read, in_all)))
    assert [read for read, _ in told] == list(range(1, IN_LISTS + MESSAGES + 1))
    assert [in_all for _, in_all in told] == sorted(in_all for _, in_all in told)
    assert told[-1] == (IN_LISTS + MESSAGES, IN_LISTS + MESSAGES)
