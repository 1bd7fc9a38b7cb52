from django.apps import AppConfig


class TellingConfig(AppConfig):
    name = "lastcall.core.telling"
    label = "telling"
