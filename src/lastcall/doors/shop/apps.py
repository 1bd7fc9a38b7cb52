from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "lastcall.doors.shop"
    label = "shop"
