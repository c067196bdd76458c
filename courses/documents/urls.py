"""Addresses of papers and their templates."""

from django.urls import URLPattern, path

from courses.documents import views

urlpatterns: list[URLPattern] = [
    path("lop/<int:pk>/van-ban/", views.class_documents, name="class-documents"),
    path("lop/<int:pk>/van-ban/<str:kind>.<str:file_type>", views.class_document, name="class-document"),
    path(
        "dot-nhu-cau/<int:campaign_pk>/huyen/<int:submission_pk>/ban-dang-ky.<str:file_type>",
        views.submission_document,
        name="submission-document",
    ),
    path(
        "nguoi/<int:official_pk>/phieu.<str:file_type>",
        views.official_training_document,
        name="official-training-document",
    ),
    path("ke-hoach/<int:plan_pk>/van-ban.<str:file_type>", views.plan_document, name="plan-document"),
    path("chung-chi/so-cap.<str:file_type>", views.certificate_register, name="certificate-register"),
    path("mau-van-ban/", views.document_templates, name="document-templates"),
    path("mau-van-ban/<str:kind>.docx", views.document_template_file, name="document-template-file"),
    path("mau-van-ban/<str:kind>/thay/", views.document_template_replace, name="document-template-replace"),
    path("mau-van-ban/<str:kind>/mau-goc/", views.document_template_reset, name="document-template-reset"),
]
