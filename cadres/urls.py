"""Addresses of the registry's own pages; lists and forms of the admin have theirs."""

from django.urls import path

from cadres.views import (
    corrections,
    default_day,
    history,
    import_acts,
    import_decisions,
    import_names,
    import_reading,
    import_sheets,
    imports,
    merging,
    official_changes,
    officials,
    reading_decisions,
    reviews,
    roster_export,
    taking_back,
)

app_name = "cadres"
urlpatterns = [
    # officials
    path("can-bo/", officials.official_list, name="official-list"),
    path("can-bo/xuat/", officials.official_export, name="official-export"),
    path("can-bo/them/", official_changes.official_add, name="official-add"),
    path("can-bo/<int:pk>/", officials.official_detail, name="official-detail"),
    path("can-bo/<int:pk>/lich-su/", history.official_history, name="official-history"),
    path("can-bo/<int:pk>/sua/", corrections.official_edit, name="official-edit"),
    path("can-bo/<int:pk>/so-dinh-danh/them/", official_changes.identifier_add, name="identifier-add"),
    path("can-bo/<int:pk>/so-dinh-danh/<int:identifier_pk>/", corrections.identifier_edit, name="identifier-edit"),
    path("can-bo/<int:pk>/bo-nhiem/", official_changes.official_appoint, name="official-appoint"),
    path("can-bo/<int:pk>/dieu-dong/", official_changes.official_transfer, name="official-transfer"),
    path(
        "can-bo/<int:pk>/chuc-danh/<int:appointment_pk>/thoi-giu/",
        official_changes.appointment_end,
        name="appointment-end",
    ),
    path(
        "can-bo/<int:pk>/chuc-danh/<int:appointment_pk>/dinh-chinh/",
        corrections.post_correct,
        name="post-correct",
    ),
    path(
        "can-bo/<int:pk>/chuc-danh/<int:appointment_pk>/cung-giu/",
        official_changes.post_share,
        name="post-share",
    ),
    path("can-bo/<int:pk>/chuc-danh/<int:appointment_pk>/nhap-sai/", corrections.post_error, name="post-error"),
    path(
        "can-bo/<int:pk>/chuc-danh/<int:appointment_pk>/go-dieu-dong/",
        corrections.transfer_take_back,
        name="transfer-take-back",
    ),
    path("can-bo/<int:pk>/van-bang/them/", official_changes.qualification_add, name="qualification-add"),
    path(
        "can-bo/<int:pk>/van-bang/<int:qualification_pk>/thu-hoi/",
        official_changes.qualification_revoke,
        name="qualification-revoke",
    ),
    path(
        "can-bo/<int:pk>/van-bang/<int:qualification_pk>/nhap-sai/",
        corrections.qualification_error,
        name="qualification-error",
    ),
    path("can-bo/<int:pk>/mien/", official_changes.official_waive, name="official-waive"),
    path("can-bo/<int:pk>/gop/", merging.official_merge, name="official-merge"),
    # rosters
    path("nhap-danh-sach/", imports.import_list, name="import-list"),
    path("nhap-danh-sach/<int:pk>/", imports.import_batch, name="import-batch"),
    path("nhap-danh-sach/<int:pk>/doc/", imports.import_read, name="import-read"),
    path("nhap-danh-sach/<int:pk>/ghi/", imports.import_commit, name="import-commit"),
    path("nhap-danh-sach/<int:pk>/bo/", imports.import_discard, name="import-discard"),
    path("nhap-danh-sach/<int:pk>/tep-goc/", imports.import_file_kept, name="import-file-kept"),
    path("nhap-danh-sach/<int:pk>/tep-danh-dau/", imports.import_file_marked, name="import-file-marked"),
    path("nhap-danh-sach/<int:pk>/cach-doc/", import_reading.import_reading, name="import-reading"),
    path("nhap-danh-sach/<int:pk>/cach-doc/trang/", import_sheets.import_sheets, name="import-sheets"),
    path("nhap-danh-sach/<int:pk>/cach-doc/don-vi/", import_reading.import_place, name="import-place"),
    path("nhap-danh-sach/<int:pk>/cach-doc/ngay/", import_reading.import_date_order, name="import-date-order"),
    path("nhap-danh-sach/<int:pk>/cach-doc/la-danh-sach/", import_reading.import_scope, name="import-scope"),
    path("nhap-danh-sach/<int:pk>/cach-doc/cach-viet/", import_reading.import_words, name="import-words"),
    path("nhap-danh-sach/<int:pk>/dong/<int:row_pk>/", import_decisions.import_row, name="import-row"),
    path("nhap-danh-sach/<int:pk>/ho-ten/", import_names.import_names, name="import-names"),
    path("nhap-danh-sach/<int:pk>/quyet-dinh/", import_acts.rows_decide, name="import-rows-decide"),
    path("nhap-danh-sach/<int:pk>/khong-co/", import_acts.missing_decide, name="import-missing"),
    path("nhap-danh-sach/<int:pk>/xac-nhan/", import_decisions.import_confirm, name="import-confirm"),
    path("nhap-danh-sach/<int:pk>/hoan-tac/", import_decisions.import_undo, name="import-undo"),
    path("quyet-dinh-nhap/", reading_decisions.decision_list, name="decision-list"),
    path("quyet-dinh-nhap/tra-loi/", reading_decisions.decisions_decide, name="decisions-decide"),
    # the review of the data
    path("ra-soat/", reviews.review_page, name="review"),
    path("ra-soat/de-sang-mot-ben/", reviews.aside_list, name="review-asides"),
    path("ra-soat/de-sang-mot-ben/<int:pk>/", reviews.aside_end, name="review-aside-end"),
    path("ra-soat/<slug:code>/", reviews.finding_list, name="review-findings"),
    path("ra-soat/<slug:code>/<int:pk>/", reviews.aside_add, name="review-aside-add"),
    # the history
    path("nhat-ky/", history.act_list, name="act-list"),
    path("nhat-ky/luot-vao/", history.visit_list, name="visit-list"),
    path("nhat-ky/<int:pk>/", history.act_detail, name="act-detail"),
    path("nhat-ky/<int:pk>/hoan-lai/", taking_back.act_take_back, name="act-take-back"),
    path("nhat-ky/thay-doi/<int:pk>/hoan-lai/", taking_back.change_restore, name="change-restore"),
    # the installation
    path("ngay-mac-dinh/", default_day.default_day, name="default-day"),
    path("ngay-mac-dinh/lich-su/", default_day.default_day_history, name="default-day-history"),
    path("xuat-danh-sach/", roster_export.roster_export, name="roster-export"),
]
