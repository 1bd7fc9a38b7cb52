"""The pages of a shop."""

from tests.doors.sqlite_only import database_url

__all__ = ["database_url"]
