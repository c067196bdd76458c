"""The address of the training of one person."""

from django.urls import URLPattern, path

from courses.transcript import views

urlpatterns: list[URLPattern] = [
    path("nguoi/<int:official_pk>/", views.official_training, name="official-training"),
]
