from django.apps import AppConfig


class SimcardConfig(AppConfig):
    name = "lastcall.core.simcard"
    label = "simcard"
