from django.apps import AppConfig


class TextingConfig(AppConfig):
    name = "lastcall.core.texting"
    label = "texting"
