"""Addresses of lists of a class that come in as workbooks."""

from django.urls import URLPattern, path

from courses.lists.views import lists, names

urlpatterns: list[URLPattern] = [
    path("lop/<int:pk>/cu-nguoi/ten/", names.class_names, name="class-names"),
    path("lop/<int:pk>/danh-sach/", lists.class_lists, name="class-lists"),
    path("lop/<int:pk>/danh-sach/<int:import_pk>/", lists.class_list_import, name="class-list-import"),
]
