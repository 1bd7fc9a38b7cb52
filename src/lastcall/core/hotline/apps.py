from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "lastcall.core.hotline"
    label = "hotline"
