"""Which database a test is about."""

from __future__ import annotations

import pytest

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests to which it makes no difference; what happens at the same moment is tried on both."""
