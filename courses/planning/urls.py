"""Addresses of the training plan."""

from django.urls import URLPattern, path

from courses.planning.views import amendments, corrections, lines, named, plans, proposal, review

PLAN = "ke-hoach/<int:plan_pk>"

urlpatterns: list[URLPattern] = [
    path("ke-hoach/", plans.plan_list, name="plan-list"),
    path("ke-hoach/them/", plans.plan_add, name="plan-add"),
    path(f"{PLAN}/", plans.plan_detail, name="plan-detail"),
    path(f"{PLAN}/ke-hoach.<str:file_type>", plans.plan_file, name="plan-file"),
    path(f"{PLAN}/ket-qua/", review.plan_result, name="plan-result"),
    path(f"{PLAN}/lich-su/", plans.plan_history, name="plan-history"),
    path(f"{PLAN}/sua/", plans.plan_edit, name="plan-edit"),
    path(f"{PLAN}/xoa/", plans.plan_delete, name="plan-delete"),
    path(f"{PLAN}/phuong-an/", proposal.plan_proposal, name="plan-proposal"),
    path(f"{PLAN}/phe-duyet/", plans.plan_approve, name="plan-approve"),
    path(f"{PLAN}/dong/them/", lines.plan_line_add, name="plan-line-add"),
    path(f"{PLAN}/dong/<int:line_pk>/nguoi/", named.plan_line_people, name="plan-line-people"),
    path(f"{PLAN}/dong/<int:line_pk>/sua/", lines.plan_line_edit, name="plan-line-edit"),
    path(f"{PLAN}/dong/<int:line_pk>/xoa/", lines.plan_line_delete, name="plan-line-delete"),
    path(f"{PLAN}/dinh-chinh/", corrections.plan_decision_correct, name="plan-decision-correct"),
    path(
        f"{PLAN}/dieu-chinh/<int:amendment_pk>/dinh-chinh/",
        corrections.amendment_decision_correct,
        name="amendment-decision-correct",
    ),
    path(f"{PLAN}/dieu-chinh/", amendments.plan_amend, name="plan-amend"),
    path(f"{PLAN}/dieu-chinh/<int:amendment_pk>/phe-duyet/", amendments.amendment_approve, name="amendment-approve"),
    path(f"{PLAN}/dieu-chinh/<int:amendment_pk>/bo/", amendments.amendment_drop, name="amendment-drop"),
]
