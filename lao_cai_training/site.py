"""The one site: the Django admin and our own pages in one shell (templates/admin/base_site.html)."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from cadres.sign_in.views import SignIn

# The catalogues by what they are for. Each model is named once; the page of catalogues shows those a role may see.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Tiêu chuẩn chức danh",
        ("Standard", "Requirement", "Position", "Dimension", "Level", "AcceptedField", "Criterion"),
    ),
    (
        "Đơn vị hành chính",
        (
            *("Unit", "UnitVersion", "ZonePeriod", "UnitZone", "UnitRelaxation", "UnitClass", "StaffQuota"),
            "RateTarget",
            *("RosterDay", "UnitSuccession"),
        ),
    ),
    (
        "Đào tạo, bồi dưỡng",
        ("Programme", "SubjectArea", "Institution", "Trainer", "Room", "FeedbackQuestion", "TrainingClass"),
    ),
    (
        "Định mức, quy định đào tạo",
        (*("CostNorm", "SupportNorm", "UnitDistance", "TrainerNorm", "TrainingRegulation", "NeedRule"),),
    ),
    ("Từ điển đọc danh sách Excel", ("ColumnTitle", "ValueSpelling")),
    ("Danh mục chung", ("EthnicGroup", "RetirementAge")),
    ("Tra cứu hồ sơ", ("Official", "Appointment", "Qualification", "Waiver")),
)


class TrainingSite(admin.AdminSite):
    site_title = "Đào tạo, bồi dưỡng CBCC cấp xã"
    site_header = "Đào tạo, bồi dưỡng cán bộ, công chức cấp xã"
    index_title = "Danh mục, tiêu chuẩn"
    site_url = None
    enable_nav_sidebar = False  # the menu is menu.py's, ordered by task

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Sign in, and go on to the page asked for, or to the home page: what waits there is work, not tables."""
        if request.method == "GET" and self.has_permission(request):
            return redirect("reports:home")
        return SignIn.as_view()(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("cadres:own-password")

    def app_index(self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None) -> Any:
        """The packages of the source are nothing that a person thinks in."""
        return redirect("admin:index")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The catalogues in GROUPS, in that order; one app's (a page that nothing links to) as Django has them.

        Put together when they are looked at: every page of the admin asks for them, and only the index shows them.
        """
        if app_label:
            return super().get_app_list(request, app_label)
        shown: Any = SimpleLazyObject(partial(self._catalogues, request))
        return shown

    def _catalogues(self, request: HttpRequest) -> list[dict[str, Any]]:
        apps = super().get_app_list(request)
        models = {model["object_name"]: model for app in apps for model in app["models"]}
        return [
            {"name": title, "app_label": "", "app_url": "", "has_module_perms": True, "models": found}
            for title, names in GROUPS
            if (found := [models[name] for name in names if name in models])
        ]
