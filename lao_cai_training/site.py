"""The one site: the Django admin and our own pages in one shell (templates/admin/base_site.html)."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


class TrainingAdminConfig(AdminConfig):
    default_site = "lao_cai_training.site.TrainingSite"


class TrainingSite(admin.AdminSite):
    site_title = "Đào tạo, bồi dưỡng CBCC cấp xã"
    site_header = "Đào tạo, bồi dưỡng cán bộ, công chức cấp xã"
    index_title = "Danh mục, tiêu chuẩn"
    site_url = None
    enable_nav_sidebar = False  # the menu is menu.py's, ordered by task

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign in, and go on to the page asked for, or to the home page: what waits there is work, not tables."""
        home = reverse("reports:home")
        if request.method == "GET" and self.has_permission(request):
            return redirect(home)
        after = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or home
        return super().login(request, {**(extra_context or {}), "title": "Đăng nhập", REDIRECT_FIELD_NAME: after})
