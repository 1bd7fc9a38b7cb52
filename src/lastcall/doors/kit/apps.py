from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "lastcall.doors.kit"
    label = "kit"
