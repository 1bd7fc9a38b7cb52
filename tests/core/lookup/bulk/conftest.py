"""What the tests of bulk checks share."""

from __future__ import annotations

from tests.core.lookup.bulk.knowledge import known

__all__ = ["known"]
