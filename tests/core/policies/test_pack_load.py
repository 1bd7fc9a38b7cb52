"""Loading: the right value for the day, the operator's on top of the law's, and refusals that say where."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from datetime import date
from pathlib import Path

import pytest

from lastcall.core.errors import BadInput, NotFound
from lastcall.core.policies import schema
from lastcall.core.policies.load import load, operator_by_inn, operators
from lastcall.core.policies.policy import Policy

from .packs import DAY, OTHER_INN, SHIPPED, entry, operator


def test_every_field_of_the_policy_comes_from_a_pack() -> None:
    pack = load("demo", on=DAY)
    policy = pack.policy()
    assert (policy.pack, policy.operator) == ("ru", "demo")
    for field in fields(Policy):
        if field.name in {"pack", "operator"}:
            continue
        value = pack.entry(field.name.replace("_", ".", 1)).value
        assert getattr(policy, field.name) == (tuple(value) if isinstance(value, list) else value)


def test_the_pack_keys_are_the_policys_fields() -> None:
    assert {key.replace(".", "_") for key in schema.RULES} | {"pack", "operator"} == {f.name for f in fields(Policy)}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_policy_survives_being_frozen_into_a_case(name: str) -> None:
    policy = load(name, on=DAY).policy()
    assert Policy.from_json(policy.as_json()) == policy


def test_a_policy_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        load("demo", on=DAY).policy().quarantine_days = 1  # type: ignore[misc]


def test_the_operators_value_stands_before_the_laws() -> None:
    assert load("demo", on=DAY).policy().termination_act_doors == ("store", "portal", "post")
    pack = load("t2", on=DAY)
    assert pack.policy().termination_act_doors == ("store",)
    assert pack.entry("termination.act_doors").file == "packs/operators/t2.toml"


def test_the_day_picks_the_value(tmp_path: Path) -> None:
    first = entry("[refund.deadline_days]", "20", "valid_to = 2026-01-31")
    second = entry("[refund.deadline_days]", "25", "valid_from = 2026-02-01")
    operator(tmp_path, first, second)
    days = {day: load("ours", on=day, extra=tmp_path).policy().refund_deadline_days for day in BOUNDARY}
    assert days == {BOUNDARY[0]: 20, BOUNDARY[1]: 25}


BOUNDARY = (date(2026, 1, 31), date(2026, 2, 1))


def test_where_the_operators_value_has_not_begun_the_laws_holds(tmp_path: Path) -> None:
    operator(tmp_path, entry("refund.deadline_days", "25", "valid_from = 2026-02-01"))
    assert load("ours", on=date(2026, 1, 31), extra=tmp_path).policy().refund_deadline_days == 30


def test_the_act_in_force_follows_the_day() -> None:
    def number(day: date) -> object:
        return load("demo", on=day).facts("legal_basis")["telephone_rules"].value["number"]

    assert number(date(2024, 8, 31)) == "1342"
    assert number(date(2024, 9, 1)) == "59"


def test_a_day_before_a_rule_began_is_refused_with_the_key() -> None:
    with pytest.raises(NotFound, match=r"limits\.citizen.*2025-03-31"):
        load("demo", on=date(2025, 3, 31)).policy()


def test_a_pack_is_read_once() -> None:
    assert load("demo", on=DAY) is load("demo", on=DAY)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    operator(tmp_path, entry("refund.deadline_days", "20"))
    assert load("ours", on=DAY, extra=tmp_path).policy().refund_deadline_days == 20
    operator(tmp_path, entry("refund.deadline_days", "21"))
    assert load("ours", on=DAY, extra=tmp_path).policy().refund_deadline_days == 21


def test_an_unknown_operator_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="'nobody'") as caught:
        load("nobody", on=DAY)
    assert all(name in caught.value.remedy for name in SHIPPED)


def test_operators_are_known_by_name_and_by_inn(tmp_path: Path) -> None:
    operator(tmp_path)
    assert operators() == SHIPPED
    assert operators(extra=tmp_path) == tuple(sorted((*SHIPPED, "ours")))
    assert operator_by_inn("7740000076") == "mts"
    assert operator_by_inn(OTHER_INN) is None
    assert operator_by_inn(OTHER_INN, extra=tmp_path) == "ours"


def test_a_broken_pack_is_refused_with_file_line_and_key(tmp_path: Path) -> None:
    path = operator(tmp_path, entry("limits.citizen", "50"), entry("hold.hours_default", "0"))
    with pytest.raises(BadInput, match=r"limits\.citizen") as caught:
        load("ours", on=DAY, extra=tmp_path)
    assert caught.value.code == "bad_pack"
    assert caught.value.message.startswith(f"{path}:")
    assert "1 more" in caught.value.message


def test_a_pack_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text("[pack\n", encoding="utf-8")
    with pytest.raises(BadInput, match="not TOML"):
        load("ours", on=DAY, extra=tmp_path)
    assert load("demo", on=DAY, extra=tmp_path).operator == "demo"


def test_a_pack_of_an_unknown_jurisdiction_is_refused(tmp_path: Path) -> None:
    path = operator(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace('"ru"', '"atlantis"'), encoding="utf-8")
    with pytest.raises(BadInput, match=r"ours\.toml:5: pack\.jurisdiction"):
        load("ours", on=DAY, extra=tmp_path)


def test_a_second_pack_of_a_shipped_name_is_refused(tmp_path: Path) -> None:
    operator(tmp_path, name="mts")
    with pytest.raises(BadInput, match=r"packs/operators/mts\.toml"):
        load("mts", on=DAY, extra=tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        operators(extra=tmp_path / "nowhere")


def test_facts_of_a_table_come_in_the_order_of_the_file() -> None:
    assert list(load("demo", on=DAY).facts("unlink")) == [
        "gosuslugi", "banks", "two_factor", "mail", "messengers", "wallets", "shops", "people",
    ]  # fmt: skip


def test_facts_of_a_table_that_no_pack_has_are_refused() -> None:
    with pytest.raises(BadInput, match="'weather'"):
        load("demo", on=DAY).facts("weather")


def test_facts_of_a_table_that_this_pack_leaves_empty_are_none() -> None:
    assert load("yota", on=DAY).facts("channels") == {}


def test_the_value_of_a_key_that_no_pack_has_is_refused() -> None:
    with pytest.raises(NotFound, match=r"contacts\.hotline_abroad"):
        load("yota", on=DAY).entry("contacts.hotline_abroad")


@pytest.mark.parametrize("change", [{"surprise": 1}, {"quarantine_days": None}])
def test_a_frozen_policy_with_unknown_or_missing_keys_is_refused(change: dict[str, object]) -> None:
    frozen = load("demo", on=DAY).policy().as_json() | change
    with pytest.raises(TypeError):
        Policy.from_json({name: value for name, value in frozen.items() if value is not None})
