"""Addresses of the reports: the home page with the rate, and the rates by group."""

from django.urls import URLPattern

app_name = "reports"
urlpatterns: list[URLPattern] = []
