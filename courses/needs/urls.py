"""Addresses of what is needed: computed needs, campaigns, what districts say in them."""

from django.urls import URLPattern, path

from courses.needs.views import (
    asked,
    campaigns,
    computed,
    planned,
    registering,
    registering_asked,
    submission_list,
    submissions,
)

SUBMISSION = "dot-nhu-cau/<int:campaign_pk>/huyen/<int:submission_pk>"

urlpatterns: list[URLPattern] = [
    path("nhu-cau/", computed.needs, name="needs"),
    path("nhu-cau/nhu-cau.<str:file_type>", computed.needs_file, name="needs-file"),
    path("nhu-cau/nguoi/", computed.need_people, name="need-people"),
    path("nhu-cau/theo-quy-dinh/", asked.asked, name="asked"),
    path("nhu-cau/theo-quy-dinh/nhu-cau.<str:file_type>", asked.asked_file, name="asked-file"),
    path("nhu-cau/theo-quy-dinh/nguoi/", asked.asked_people, name="asked-people"),
    path("quy-hoach/", planned.planned_list, name="planned-list"),
    path("dot-nhu-cau/", campaigns.campaign_list, name="campaign-list"),
    path("dot-nhu-cau/ban-dang-ky/", submission_list.submission_list, name="submission-list"),
    path("dot-nhu-cau/them/", campaigns.campaign_add, name="campaign-add"),
    path("dot-nhu-cau/<int:campaign_pk>/", campaigns.campaign_detail, name="campaign-detail"),
    path(f"{SUBMISSION}/", submissions.submission, name="submission"),
    path(f"{SUBMISSION}/dang-ky/", registering.submission_register, name="submission-register"),
    path(
        f"{SUBMISSION}/dang-ky-theo-quy-dinh/",
        registering_asked.submission_register_asked,
        name="submission-register-asked",
    ),
    path(f"{SUBMISSION}/quy-hoach/", planned.submission_planned, name="submission-planned"),
    path(f"{SUBMISSION}/them/", submissions.submission_add, name="submission-add"),
    path(f"{SUBMISSION}/bo/", registering.submission_remove, name="submission-remove"),
    path(f"{SUBMISSION}/gui/", submissions.submission_submit, name="submission-submit"),
    path(f"{SUBMISSION}/tiep-nhan/", campaigns.submission_accept, name="submission-accept"),
    path(f"{SUBMISSION}/tra-lai/", campaigns.submission_send_back, name="submission-send-back"),
    path(f"{SUBMISSION}/han/", campaigns.submission_deadline, name="submission-deadline"),
]
