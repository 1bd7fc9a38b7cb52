from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "lastcall.core.audit"
    label = "audit"
