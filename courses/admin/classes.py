"""Classes, to look up and to hand out: they are worked on on their own pages."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from cadres.admin.lists import ByUnitAbove, ByYear
from cadres.admin.registry import ReadOnly
from cadres.admin.scoped import ScopedAdmin
from cadres.web.permissions import account
from courses.access import classes_visible_to
from courses.models import TrainingClass


@admin.register(TrainingClass)
class TrainingClassAdmin(ReadOnly, ScopedAdmin):
    list_display = ("programme", "code", "state", "start_date", "end_date", "place", "institution", "seats")
    narrowed_by = (
        "state",
        "programme__kind",
        "institution",
        ByUnitAbove("place__"),
        ByYear("start_date", "Năm bắt đầu"),
    )
    list_select_related = ("programme", "place", "institution")
    search_fields = ("code", "programme__title")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TrainingClass]:
        visible = classes_visible_to(account(request))
        return super().get_queryset(request).filter(pk__in=visible.values("pk")).prefetch_related("place__versions")

    def page_of(self, request: HttpRequest, row: TrainingClass) -> str:
        return reverse("courses:class-detail", args=[row.pk])
