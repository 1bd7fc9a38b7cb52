from django.apps import AppConfig


class LookupConfig(AppConfig):
    name = "lastcall.core.lookup"
    label = "lookup"
