"""Addresses of the reports: the home page with the rate, the rates by group, and how they are computed."""

from django.urls import path

from reports.views.definition import definition
from reports.views.home import home
from reports.views.rates import rates, rates_file

app_name = "reports"
urlpatterns = [
    path("", home, name="home"),
    path("ty-le/", rates, name="rates"),
    path("ty-le/ty-le-dat-chuan.<str:file_type>", rates_file, name="rates-file"),
    path("cach-tinh/", definition, name="definition"),
]
