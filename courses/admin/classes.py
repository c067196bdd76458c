"""Classes, to look up and to hand out: they are worked on on their own pages."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from cadres.admin.registry import ReadOnly
from cadres.admin.scoped import ScopedAdmin
from cadres.web.permissions import account
from courses.access import classes_visible_to
from courses.admin.catalogue import DistrictOfPlace
from courses.models import TrainingClass


@admin.register(TrainingClass)
class TrainingClassAdmin(ReadOnly, ScopedAdmin):
    list_display = ("programme", "code", "state", "start_date", "end_date", "place", "institution", "seats", "page")
    list_filter = ("state", "programme__kind", "institution", DistrictOfPlace)
    list_select_related = ("programme", "place", "institution")
    list_display_links = ("programme", "code")
    list_per_page = 50
    search_fields = ("code", "programme__title")
    date_hierarchy = "start_date"

    def get_queryset(self, request: HttpRequest) -> QuerySet[TrainingClass]:
        visible = classes_visible_to(account(request))
        return super().get_queryset(request).filter(pk__in=visible.values("pk")).prefetch_related("place__versions")

    @admin.display(description="lớp")
    def page(self, training_class: TrainingClass) -> str:
        return format_html('<a href="{}">Xem lớp</a>', reverse("courses:class-detail", args=[training_class.pk]))
