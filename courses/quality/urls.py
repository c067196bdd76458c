"""Addresses of feedback and inspections; the sheet itself is opened by a code, at an address short enough to type."""

from django.urls import URLPattern, path

from courses.quality.views import feedback, inspections

urlpatterns: list[URLPattern] = [
    path("phieu/", feedback.feedback_answer, name="feedback-answer"),
    path("dao-tao/danh-gia/", feedback.feedback_report, name="feedback-report"),
    path("dao-tao/lop/<int:pk>/danh-gia/", feedback.class_feedback, name="class-feedback"),
    path(
        "dao-tao/lop/<int:pk>/danh-gia/<str:asked_of>/tao-ma/", feedback.feedback_codes_add, name="feedback-codes-add"
    ),
    path("dao-tao/lop/<int:pk>/danh-gia/<str:asked_of>/in/", feedback.feedback_print, name="feedback-print"),
    path("dao-tao/kiem-tra/", inspections.inspection_list, name="inspection-list"),
    path("dao-tao/kiem-tra/them/", inspections.inspection_add, name="inspection-add"),
    path("dao-tao/kiem-tra/<int:pk>/", inspections.inspection_edit, name="inspection-edit"),
    path("dao-tao/lop/<int:pk>/kiem-tra/", inspections.class_inspection_add, name="class-inspection-add"),
]
