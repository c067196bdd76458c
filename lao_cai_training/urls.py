from django.contrib import admin
from django.urls import include, path

from lao_cai_training.finding.views import find
from lao_cai_training.health import health
from lao_cai_training.helping.views import help_page, leaflet

handler400 = "lao_cai_training.errors.bad_request"
handler404 = "lao_cai_training.errors.not_found"
handler500 = "lao_cai_training.errors.server_error"

admin.autodiscover()  # see admin_app.py

urlpatterns = [
    path("suc-khoe/", health, name="health"),
    path("tim/", find, name="find"),
    path("tro-giup/", help_page, name="help"),
    path("tro-giup/huong-dan/<slug:slug>/", leaflet, name="leaflet"),
    path("", include("reports.urls")),
    path("", include("cadres.urls")),
    path("", include("courses.urls")),
    path("quan-tri/", admin.site.urls),
]
