"""Addresses of the registry's own pages; lists and forms of the admin have theirs."""

from django.urls import URLPattern

app_name = "cadres"
urlpatterns: list[URLPattern] = []
