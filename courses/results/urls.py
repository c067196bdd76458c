"""Addresses of attendance, results and certificates."""

from django.urls import URLPattern, path

from courses.results.views import attendance, certificates, corrections, marks

urlpatterns: list[URLPattern] = [
    path("lop/<int:pk>/diem-danh/", attendance.class_attendance, name="class-attendance"),
    path("lop/<int:pk>/ket-qua/", marks.class_results, name="class-results"),
    path("lop/<int:pk>/chung-chi/", certificates.class_certificates, name="class-certificates"),
    path("lop/<int:pk>/luot/<int:enrolment_pk>/thu-hoi/", marks.result_withdraw, name="result-withdraw"),
    path(
        "lop/<int:pk>/chung-chi/<int:certificate_pk>/dinh-chinh/",
        corrections.certificate_correct,
        name="certificate-correct",
    ),
    path("chung-chi/", certificates.certificate_list, name="certificate-list"),
    path("chung-chi/tai/<str:file_type>/", certificates.certificate_file, name="certificate-file"),
]
