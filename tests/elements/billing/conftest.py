"""The ledger on both databases, each test with a database of its own."""

from __future__ import annotations

import pytest
from django.db import connection

from lastcall.core.database import DjangoDatabase
from lastcall.elements.billing.ledger import LedgerBilling

LINE = 7001


@pytest.fixture
def database(base: DjangoDatabase) -> str:
    """An empty migrated database as Django's default; its vendor."""
    return connection.vendor


@pytest.fixture
def ledger(database: str) -> LedgerBilling:
    """The ledger with Li Wei's account open in roubles."""
    billing = LedgerBilling()
    billing.open_account(LINE, "RUB")
    return billing
