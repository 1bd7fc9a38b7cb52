"""Row types: one declaration gives dataclass, columns, key and constraints."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from lastcall.core.closing.case import Case
from lastcall.core.database import DjangoDatabase
from lastcall.core.numbers.number import PendingRelease, Reservation
from lastcall.core.rows import column_types, kinds


def test_every_row_type_is_a_frozen_dataclass_with_slots() -> None:
    assert len(kinds()) > 15
    for kind in kinds():
        assert is_dataclass(kind) and kind.columns == tuple(column.name for column in fields(kind))
        assert not hasattr(kind, "__dict__") or "__slots__" in vars(kind)
    with pytest.raises(FrozenInstanceError):
        Reservation(msisdn=1, until=datetime(2026, 1, 1, tzinfo=UTC), purpose="a").purpose = "b"  # type: ignore[misc]


def test_columns_know_their_plain_type_and_whether_they_may_be_empty() -> None:
    types = column_types(Case)
    assert types["id"] == (int, False)
    assert types["frozen_at"] == (datetime, True)
    assert types["policy"] == (dict, False)
    assert types["line_id"] == (int, True)
    assert {plain for kind in kinds() for plain, _ in column_types(kind).values()} <= {
        int,
        str,
        bool,
        datetime,
        date,
        dict,
    }


def test_every_row_type_has_a_table_with_the_same_columns(base: DjangoDatabase) -> None:
    for kind in kinds():
        model = apps.get_model(kind.spec.app, kind.__name__)
        assert model._meta.db_table == kind.table
        assert tuple(field.column for field in model._meta.concrete_fields) == kind.columns
        assert model.__doc__ == kind.__doc__


def test_a_reference_keeps_what_it_points_to() -> None:
    for kind in kinds():
        model = apps.get_model(kind.spec.app, kind.__name__)
        for column in kind.spec.references:
            field = model._meta.get_field(column.removesuffix("_id"))
            assert isinstance(field, models.ForeignKey)
            assert field.remote_field.on_delete is models.PROTECT


def test_a_key_of_two_columns_is_kept_in_that_order() -> None:
    assert PendingRelease.spec.key == ("reclaim_until", "msisdn")
    assert isinstance(apps.get_model("numbers", "PendingRelease")._meta.pk, models.CompositePrimaryKey)


def test_the_migrations_are_up_to_date(base: DjangoDatabase) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
