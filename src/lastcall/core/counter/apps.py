from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "lastcall.core.counter"
    label = "counter"
