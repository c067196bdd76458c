"""Addresses of classes: the class, its states, sessions and money."""

from django.urls import URLPattern, path

from courses.classes.views import classes, funding, sessions, states

urlpatterns: list[URLPattern] = [
    path("lop/", classes.class_list, name="class-list"),
    path("lop/them/", classes.class_add, name="class-add"),
    path("lop/<int:pk>/", classes.class_detail, name="class-detail"),
    path("lop/<int:pk>/lich-su/", classes.class_history, name="class-history"),
    path("lop/<int:pk>/sua/", classes.class_edit, name="class-edit"),
    path("lop/<int:pk>/chi-tieu/", classes.class_quotas, name="class-quotas"),
    path("lop/<int:pk>/mo/", states.class_open, name="class-open"),
    path("lop/<int:pk>/khai-giang/", states.class_start, name="class-start"),
    path("lop/<int:pk>/be-giang/", states.class_end, name="class-end"),
    path("lop/<int:pk>/mo-lai/", states.class_reopen, name="class-reopen"),
    path("lop/<int:pk>/huy/", states.class_cancel, name="class-cancel"),
    path("lop/<int:pk>/buoi-hoc/", sessions.class_sessions, name="class-sessions"),
    path("lop/<int:pk>/buoi-hoc/them/", sessions.session_add, name="session-add"),
    path("lop/<int:pk>/buoi-hoc/xep/", sessions.session_propose, name="session-propose"),
    path("lop/<int:pk>/buoi-hoc/<int:session_pk>/sua/", sessions.session_edit, name="session-edit"),
    path("lop/<int:pk>/buoi-hoc/<int:session_pk>/xoa/", sessions.session_delete, name="session-delete"),
    path("lop/<int:pk>/kinh-phi/", funding.class_funding, name="class-funding"),
    path("lop/<int:pk>/kinh-phi/dinh-chinh/", funding.settlement_correct, name="settlement-correct"),
]
