"""The cease: from the decision to a line that is gone from network, billing and the number's holder."""

from __future__ import annotations

from tests.cast import Cast


def test_it_closes_the_line_and_puts_the_number_to_pending_release(cast: Cast) -> None:
    receipt = cast.closed()
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    assert entry is not None
    assert not entry.in_service
    assert entry.msisdn is None
    assert cast.sim_of(cast.li_wei).state == "dead"
    assert cast.events(receipt).count("tenure.ceased") == 1
