"""Addresses of the reports: the home page with the rate, the rates by group, and how they are computed."""

from django.urls import path

from reports.views.definition import definition
from reports.views.home import home

app_name = "reports"
urlpatterns = [
    path("", home, name="home"),
    path("ty-le/", home, name="rates"),
    path("cach-tinh/", definition, name="definition"),
]
