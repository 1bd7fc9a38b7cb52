from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "lastcall.doors.portal"
    label = "portal"
