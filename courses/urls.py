"""Addresses of training, in the order of the chain; catalogues are the admin's."""

from django.urls import URLPattern

app_name = "courses"
urlpatterns: list[URLPattern] = [
    # needs and campaigns
    # plan
    # classes
    # enrolment
    # attendance, results, certificates
    # obligations
    # lists in, documents out
]
