"""Addresses of training: each step has its own, in the order of the chain; catalogues are the admin's."""

from django.urls import URLResolver, include, path

app_name = "courses"
urlpatterns: list[URLResolver] = [
    path("dao-tao/", include("courses.needs.urls")),
    path("dao-tao/", include("courses.planning.urls")),
    path("dao-tao/", include("courses.classes.urls")),
    path("dao-tao/", include("courses.enrolment.urls")),
    path("dao-tao/", include("courses.results.urls")),
    path("dao-tao/", include("courses.support.urls")),
    path("dao-tao/", include("courses.obligations.urls")),
    path("", include("courses.quality.urls")),
    path("dao-tao/", include("courses.documents.urls")),
    path("dao-tao/", include("courses.lists.urls")),
    path("dao-tao/", include("courses.transcript.urls")),
]
