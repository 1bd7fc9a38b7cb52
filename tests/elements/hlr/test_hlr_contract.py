"""What every HLR adapter does, on the simulated HLR and on a real osmo-hlr whose VLR is ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.ports import Hlr, HlrEntry

from .network import NODE, Network

UNKNOWN, GPRS_NOT_ALLOWED, PLMN_NOT_ALLOWED = 2, 7, 11  # 3GPP TS 24.008, 10.5.5.14


def look(network: Network, imsi: str) -> HlrEntry:
    entry = network.hlr.look(imsi)
    assert entry is not None
    return entry


@pytest.fixture
def on_the_air(network: Network, imsi: str, msisdn: str) -> Network:
    """Li Wei's line, provisioned and attached for calls."""
    network.hlr.provision(imsi, msisdn)
    assert network.attach(imsi).accepted
    return network


@pytest.fixture
def barred(on_the_air: Network, imsi: str) -> Network:
    on_the_air.hlr.bar(imsi)
    return on_the_air


def test_a_provisioned_line_has_its_number_and_both_services(network: Network, imsi: str, msisdn: str) -> None:
    network.hlr.provision(imsi, msisdn)

    assert network.hlr.look(imsi) == HlrEntry(imsi, msisdn, circuit_switched=True, packet_switched=True)


def test_a_provisioned_line_attaches_and_its_vlr_learns_the_number(on_the_air: Network, imsi: str, msisdn: str) -> None:
    assert look(on_the_air, imsi).serving_vlr == NODE
    assert on_the_air.numbers_told(imsi) == [msisdn]


def test_provisioning_twice_is_provisioning_once(on_the_air: Network, imsi: str, msisdn: str) -> None:
    before = look(on_the_air, imsi)

    on_the_air.hlr.provision(imsi, msisdn)

    assert look(on_the_air, imsi) == before
    assert on_the_air.numbers_told(imsi) == [msisdn]


def test_provisioning_with_another_number_tells_the_serving_vlr(
    on_the_air: Network, imsi: str, msisdn: str, other_msisdn: str
) -> None:
    on_the_air.hlr.provision(imsi, other_msisdn)

    assert look(on_the_air, imsi).msisdn == other_msisdn
    assert on_the_air.numbers_told(imsi) == [msisdn, other_msisdn]


def test_the_serving_vlr_drops_a_barred_line(on_the_air: Network, imsi: str) -> None:
    on_the_air.hlr.bar(imsi)

    assert on_the_air.saw_deletion(imsi)
    assert on_the_air.deletions(imsi) == 2  # one for each domain that was on


def test_a_barred_line_keeps_its_number_and_is_refused_the_air(barred: Network, imsi: str, msisdn: str) -> None:
    entry = look(barred, imsi)

    assert (entry.msisdn, entry.in_service) == (msisdn, False)
    calls, data = barred.attach(imsi), barred.attach(imsi, domain="ps")
    assert (calls.accepted, calls.cause) == (False, PLMN_NOT_ALLOWED)
    assert (data.accepted, data.cause) == (False, GPRS_NOT_ALLOWED)


def test_a_line_that_only_uses_data_is_dropped_too(network: Network, imsi: str, msisdn: str) -> None:
    network.hlr.provision(imsi, msisdn)
    assert network.attach(imsi, domain="ps").accepted

    network.hlr.bar(imsi)

    assert network.saw_deletion(imsi)
    assert network.attach(imsi, domain="ps").cause == GPRS_NOT_ALLOWED


def test_a_node_that_serves_calls_and_data_is_told_a_new_number_once_and_each_deletion_twice(
    on_the_air: Network, imsi: str, msisdn: str, other_msisdn: str
) -> None:
    assert on_the_air.attach(imsi, domain="ps").accepted

    on_the_air.hlr.provision(imsi, other_msisdn)
    on_the_air.hlr.bar(imsi)

    assert on_the_air.numbers_told(imsi) == [msisdn, msisdn, other_msisdn]
    assert on_the_air.deletions(imsi) == 4  # two domains, told as VLR and as SGSN: OsmoHLR's quirk


def test_barring_twice_drops_the_line_once(barred: Network, imsi: str) -> None:
    barred.hlr.bar(imsi)

    assert barred.deletions(imsi) == 2  # as after the first
    assert not look(barred, imsi).in_service


def test_barring_a_line_that_is_not_on_the_air_tells_nobody(network: Network, imsi: str, msisdn: str) -> None:
    network.hlr.provision(imsi, msisdn)

    network.hlr.bar(imsi)

    assert network.deletions(imsi) == 0
    assert network.attach(imsi).cause == PLMN_NOT_ALLOWED


def test_barring_one_line_leaves_the_others_on_the_air(
    on_the_air: Network, imsi: str, other_imsi: str, other_msisdn: str
) -> None:
    on_the_air.hlr.provision(other_imsi, other_msisdn)
    assert on_the_air.attach(other_imsi).accepted

    on_the_air.hlr.bar(imsi)

    assert on_the_air.deletions(other_imsi) == 0
    assert look(on_the_air, other_imsi).in_service


def test_a_granted_line_attaches_again(barred: Network, imsi: str) -> None:
    barred.hlr.grant(imsi)
    barred.hlr.grant(imsi)

    entry = look(barred, imsi)
    assert entry.circuit_switched
    assert entry.packet_switched
    assert barred.attach(imsi).accepted


def test_a_barred_line_is_provisioned_again_with_its_own_number(barred: Network, imsi: str, msisdn: str) -> None:
    barred.hlr.provision(imsi, msisdn)

    assert look(barred, imsi).in_service
    assert barred.attach(imsi).accepted


def test_the_number_comes_off_a_barred_line(barred: Network, imsi: str, msisdn: str) -> None:
    barred.hlr.take_number_off(imsi)

    assert look(barred, imsi).msisdn is None
    assert barred.numbers_told(imsi) == [msisdn, msisdn]  # the VLR hears the old number once more: OsmoHLR's quirk


def test_taking_the_number_off_twice_tells_the_vlr_once(barred: Network, imsi: str) -> None:
    barred.hlr.take_number_off(imsi)
    told = barred.numbers_told(imsi)

    barred.hlr.take_number_off(imsi)

    assert barred.numbers_told(imsi) == told


def test_a_number_that_was_taken_off_can_be_given_to_another(
    barred: Network, imsi: str, msisdn: str, other_imsi: str
) -> None:
    barred.hlr.take_number_off(imsi)

    barred.hlr.provision(other_imsi, msisdn)

    assert look(barred, other_imsi).msisdn == msisdn


def test_a_removed_line_is_unknown_to_the_network(barred: Network, imsi: str) -> None:
    barred.hlr.take_number_off(imsi)
    heard = barred.deletions(imsi)

    barred.hlr.remove(imsi)

    assert barred.hlr.look(imsi) is None
    assert barred.deletions(imsi) == heard  # the deletion of an entry is told to nobody: the barring had to come first
    assert barred.attach(imsi).cause == UNKNOWN


def test_removing_twice_is_removing_once(barred: Network, imsi: str) -> None:
    barred.hlr.remove(imsi)
    barred.hlr.remove(imsi)

    assert barred.hlr.look(imsi) is None


@pytest.mark.parametrize("order", [Hlr.take_number_off, Hlr.remove])
def test_nothing_is_taken_from_a_line_in_service(
    on_the_air: Network, imsi: str, order: Callable[[Hlr, str], None]
) -> None:
    before = look(on_the_air, imsi)

    with pytest.raises(ElementTrouble) as refused:
        getattr(on_the_air.hlr, order.__name__)(imsi)

    assert (refused.value.permanent, refused.value.code) == (True, "still_in_service")
    assert look(on_the_air, imsi) == before


def test_an_unknown_line_is_not_found_and_has_nothing_to_remove(network: Network, imsi: str) -> None:
    network.hlr.remove(imsi)

    assert network.hlr.look(imsi) is None
    assert network.attach(imsi).cause == UNKNOWN


@pytest.mark.parametrize("order", [Hlr.bar, Hlr.grant, Hlr.take_number_off])
def test_orders_for_an_unknown_line_are_refused_for_good(
    network: Network, imsi: str, order: Callable[[Hlr, str], None]
) -> None:
    with pytest.raises(ElementTrouble) as refused:
        getattr(network.hlr, order.__name__)(imsi)

    assert (refused.value.permanent, refused.value.code) == (True, "unknown_imsi")


def test_a_new_line_does_not_get_a_number_in_use_and_is_not_created(
    on_the_air: Network, imsi: str, msisdn: str, other_imsi: str
) -> None:
    with pytest.raises(ElementTrouble) as refused:
        on_the_air.hlr.provision(other_imsi, msisdn)

    assert (refused.value.permanent, refused.value.code) == (True, "number_in_use")
    assert look(on_the_air, imsi).msisdn == msisdn
    assert on_the_air.hlr.look(other_imsi) is None


def test_an_old_line_that_is_refused_a_number_in_use_stays_as_it_was(
    barred: Network, imsi: str, msisdn: str, other_imsi: str, other_msisdn: str
) -> None:
    barred.hlr.provision(other_imsi, other_msisdn)

    with pytest.raises(ElementTrouble, match="Another IMSI"):
        barred.hlr.provision(imsi, other_msisdn)

    entry = look(barred, imsi)
    assert (entry.msisdn, entry.in_service) == (msisdn, False)


def test_a_restart_forgets_nothing(on_the_air: Network, imsi: str) -> None:
    before = look(on_the_air, imsi)

    on_the_air.restart()

    assert look(on_the_air, imsi) == before


def test_a_line_attached_before_a_restart_is_dropped_after_it(on_the_air: Network, imsi: str) -> None:
    on_the_air.restart()

    on_the_air.hlr.bar(imsi)

    assert on_the_air.saw_deletion(imsi)
    assert on_the_air.attach(imsi).cause == PLMN_NOT_ALLOWED


def test_no_trouble_shows_more_than_the_last_four_digits(
    on_the_air: Network, imsi: str, msisdn: str, other_imsi: str
) -> None:
    orders: list[Callable[[], None]] = [
        lambda: on_the_air.hlr.bar(other_imsi),
        lambda: on_the_air.hlr.remove(imsi),
        lambda: on_the_air.hlr.provision(other_imsi, msisdn),
    ]
    for order in orders:
        with pytest.raises(ElementTrouble) as refused:
            order()
        told = f"{refused.value} {refused.value.remedy} {refused.value.__cause__} {refused.value.args}"
        assert not any(number[-5:] in told for number in (imsi, other_imsi, msisdn))


BAD_IMSIS = ["", "12345", "1234567890123456", "25001 0000001", "250010000001\n", "٢٥٠٠١٠٠٠٠٠٠١", "250010000001\r\nexit"]
BAD_MSISDNS = ["", "12", "1234567890123456", "+79990000001", "none", "7999000\n", "79990000001 delete"]


@pytest.mark.parametrize("bad", BAD_IMSIS, ids=range(len(BAD_IMSIS)))
def test_what_is_no_imsi_is_refused_everywhere(network: Network, bad: str, msisdn: str) -> None:
    hlr = network.hlr
    for act in (hlr.look, hlr.bar, hlr.grant, hlr.take_number_off, hlr.remove):
        with pytest.raises(BadInput, match="6 to 15 digits"):
            act(bad)
    with pytest.raises(BadInput, match="6 to 15 digits"):
        hlr.provision(bad, msisdn)


@pytest.mark.parametrize("bad", BAD_MSISDNS, ids=range(len(BAD_MSISDNS)))
def test_what_is_no_msisdn_is_refused_and_nothing_created(network: Network, imsi: str, bad: str) -> None:
    with pytest.raises(BadInput, match="3 to 15 digits"):
        network.hlr.provision(imsi, bad)

    assert network.hlr.look(imsi) is None
