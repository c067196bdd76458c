"""Addresses of lists of a class that come in as workbooks."""

from django.urls import URLPattern, path

from courses.lists import views

urlpatterns: list[URLPattern] = [
    path("lop/<int:pk>/danh-sach/", views.class_lists, name="class-lists"),
    path("lop/<int:pk>/danh-sach/<int:import_pk>/", views.class_list_import, name="class-list-import"),
]
