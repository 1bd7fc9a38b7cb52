from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "lastcall.core.staff"
    label = "staff"
