"""What Prometheus is told."""

from tests.doors.sqlite_only import database_url

__all__ = ["database_url"]
