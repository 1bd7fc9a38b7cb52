from django.apps import AppConfig


class RelyingConfig(AppConfig):
    name = "lastcall.core.relying"
    label = "relying"
