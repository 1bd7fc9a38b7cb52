from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "lastcall.core.figures"
    label = "figures"
