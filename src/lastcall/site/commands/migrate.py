"""``lastcall migrate``: bring the database's tables up to date."""

from __future__ import annotations

import click
from django.core.management import call_command


@click.command()
def migrate() -> None:
    """Bring the database's tables up to date. Back it up first."""
    call_command("migrate", verbosity=1)
