"""Addresses of how people come into a class."""

from django.urls import URLPattern, path

from courses.enrolment.views import nomination

urlpatterns: list[URLPattern] = [
    path("lop/<int:pk>/cu-nguoi/", nomination.class_enrol, name="class-enrol"),
    path("lop/<int:pk>/duyet/", nomination.class_approve, name="class-approve"),
    path("lop/<int:pk>/duyet/ghi/", nomination.enrolments_decide, name="enrolments-decide"),
    path("lop/<int:pk>/quyet-dinh/", nomination.class_decide, name="class-decide"),
    path("lop/<int:pk>/luot/<int:enrolment_pk>/du-phong/", nomination.enrolment_reserve, name="enrolment-reserve"),
    path("lop/<int:pk>/luot/<int:enrolment_pk>/rut/", nomination.enrolment_withdraw, name="enrolment-withdraw"),
]
