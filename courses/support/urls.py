"""Addresses of what learners and trainers are paid by norms."""

from django.urls import URLPattern, path

from courses.support import views

urlpatterns: list[URLPattern] = [
    path("lop/<int:pk>/ho-tro/", views.class_support, name="class-support"),
]
