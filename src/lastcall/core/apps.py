from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Durable work: the job table that belongs to no single noun."""

    name = "lastcall.core"
    label = "work"
