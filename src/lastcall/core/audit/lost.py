"""Rows that hang on nothing: what a life cannot show, because no number leads to them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final, cast

from lastcall.core.audit.chain import Breach
from lastcall.core.database import DatabaseStore
from lastcall.core.store import Database, Store

_SHOWN: Final = 100


def _without(table: str, name: str, column: str, target: str) -> str:
    """Rows of ``table`` whose ``column`` points to no row of ``target``."""
    return (
        f"SELECT held.{name} FROM {table} held LEFT JOIN {target} t ON t.id = held.{column} WHERE t.id IS NULL LIMIT %s"
    )


def _strayed(table: str, *deadlines: str) -> str:
    """Members of ``table`` that agree with no tenure of their number."""
    same = " AND ".join(f"t.{column} = held.{column}" for column in deadlines)
    return (
        f"SELECT held.tenure_id FROM {table} held LEFT JOIN numbers_tenure t ON t.id = held.tenure_id "
        f"AND t.msisdn = held.msisdn AND {same} WHERE t.id IS NULL LIMIT %s"
    )


_QUERIES: Final = (
    ("declaration_stays", 6, "a declaration of case {}", "it has no case",
     _without("closing_declaration", "case_id", "case_id", "closing_case")),
    ("effect_once", 8, "an effect of case {}", "it has no case", _without("closing_effect", "case_id", "case_id", "closing_case")),
    ("backups_are_deleted", 12, "the file of backup {}", "it has no backup",
     "SELECT held.backup_id FROM simcard_ciphertext held LEFT JOIN simcard_backup t ON t.id = held.backup_id "
     "WHERE t.id IS NULL LIMIT %s"),
    ("closed_as_a_whole", 7, "line {}", "it has no tenure", _without("subscribers_line", "id", "tenure_id", "numbers_tenure")),
    ("number_not_freed_early", 2, "tenure {}", "in pending release otherwise than the tenure says",
     _strayed("numbers_pendingrelease", "reclaim_until", "quarantine_until")),
    ("number_not_freed_early", 2, "tenure {}", "in quarantine otherwise than the tenure says",
     _strayed("numbers_quarantine", "quarantine_until")),
)  # fmt: skip


def lost(database: Database) -> Iterator[Breach]:
    """Each row that hangs on nothing, or not on what it says."""
    for code, item, subject, detail, sql in _QUERIES:
        for row_id in database.transact(partial(_column, sql=sql)):
            yield code, item, subject.format(row_id), detail


def _column(rows: Store, sql: str) -> list[int]:
    return [int(row[0]) for row in cast(DatabaseStore, rows).run(sql, [_SHOWN]).fetchall()]
