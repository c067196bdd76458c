"""Addresses of what follows: 40 tiết a year, commitments and repayments, rewards and measures."""

from django.urls import URLPattern, path

from courses.obligations.views import commitments, hours, measures

urlpatterns: list[URLPattern] = [
    path("40-tiet/", hours.yearly_hours_list, name="yearly-hours"),
    path("40-tiet/xu-ly/", hours.year_measure_record, name="year-measure-record"),
    path("cam-ket/", commitments.commitment_list, name="commitment-list"),
    path("cam-ket/luot/<int:enrolment_pk>/", commitments.commitment_add, name="commitment-add"),
    path("cam-ket/ghi/", commitments.commitment_record, name="commitment-record"),
    path("cam-ket/<int:pk>/", commitments.commitment_detail, name="commitment-detail"),
    path("cam-ket/<int:pk>/sua/", commitments.commitment_edit, name="commitment-edit"),
    path("cam-ket/<int:pk>/den-bu/", commitments.repayment_record, name="repayment-record"),
    path("cam-ket/<int:pk>/quyet-dinh-den-bu.docx", commitments.repayment_document, name="repayment-document"),
    path("cam-ket/<int:pk>/da-nop/", commitments.repayment_paid, name="repayment-paid"),
    path("khen-thuong-xu-ly/", measures.measure_list, name="measure-list"),
    path("khen-thuong-xu-ly/ghi/", measures.measure_record, name="measure-record"),
]
