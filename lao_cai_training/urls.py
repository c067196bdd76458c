from django.contrib import admin
from django.urls import include, path

handler400 = "lao_cai_training.errors.bad_request"
handler500 = "lao_cai_training.errors.server_error"

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("cadres.urls")),
    path("", include("courses.urls")),
    path("quan-tri/", admin.site.urls),
]
