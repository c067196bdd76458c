"""Addresses of how people come into a class."""

from django.urls import URLPattern, path

from courses.enrolment.views import approval, approving, corrections, nominating, nomination, people, waiting

urlpatterns: list[URLPattern] = [
    path("nguoi-hoc/", people.enrolment_list, name="enrolment-list"),
    path("lop/<int:pk>/cu-nguoi/", nomination.class_enrol, name="class-enrol"),
    path("lop/<int:pk>/cu-nguoi/ghi/", nominating.class_nominate, name="class-nominate"),
    path("lop/<int:pk>/danh-sach-cho/", waiting.class_waiting, name="class-waiting"),
    path("lop/<int:pk>/duyet/", approval.class_approve, name="class-approve"),
    path("lop/<int:pk>/duyet/ghi/", approving.enrolments_decide, name="enrolments-decide"),
    path("lop/<int:pk>/quyet-dinh/", approval.class_decide, name="class-decide"),
    path(
        "lop/<int:pk>/quyet-dinh/<int:decision_pk>/dinh-chinh/", corrections.decision_correct, name="decision-correct"
    ),
    path("lop/<int:pk>/luot/<int:enrolment_pk>/du-phong/", approval.enrolment_reserve, name="enrolment-reserve"),
    path("lop/<int:pk>/luot/<int:enrolment_pk>/rut/", approval.enrolment_withdraw, name="enrolment-withdraw"),
]
