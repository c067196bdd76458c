from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("cadres.urls")),
    path("", admin.site.urls),
]
