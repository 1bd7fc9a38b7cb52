from django.apps import AppConfig


class ClosingConfig(AppConfig):
    name = "lastcall.core.closing"
    label = "closing"
