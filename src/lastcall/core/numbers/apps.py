from django.apps import AppConfig


class NumbersConfig(AppConfig):
    name = "lastcall.core.numbers"
    label = "numbers"
