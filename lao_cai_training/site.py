"""The one site: the Django admin and our own pages in one shell, with a menu ordered by task."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class TrainingAdminConfig(AdminConfig):
    default_site = "lao_cai_training.site.TrainingSite"


class TrainingSite(admin.AdminSite):
    site_title = "Đào tạo, bồi dưỡng CBCC cấp xã"
    site_header = "Đào tạo, bồi dưỡng cán bộ, công chức cấp xã"
    index_title = "Danh mục và hệ thống"
    enable_nav_sidebar = False
