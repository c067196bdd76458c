"""Addresses of the reports: the home page with the rate, a commune, the rates by group and how they are computed;
training."""

from django.urls import path

from reports.commune.views import commune_page
from reports.explorer.views import explorer, explorer_file, explorer_people
from reports.forecast.views import forecast_file, forecast_page, forecast_people
from reports.forms.views import form_begin, form_file, form_list, form_made_file, form_progress
from reports.views.course import course, course_file
from reports.views.definition import definition
from reports.views.home import home
from reports.views.movements import movements_page
from reports.views.publications import (
    proposal_refuse,
    publication_add,
    publication_detail,
    publication_file,
    publication_list,
    publication_withdraw,
)
from reports.views.published_lists import publications_compared, published_people
from reports.views.rates import rates, rates_file
from reports.views.training import training_file, training_report
from reports.views.training_lists import training_classes, training_turns
from reports.views.year_summary import year_summary

app_name = "reports"
urlpatterns = [
    path("", home, name="home"),
    path("tong-quan-nam/", year_summary, name="year-summary"),
    path("xa/<int:pk>/", commune_page, name="commune"),
    path("ty-le/", rates, name="rates"),
    path("ty-le/ty-le-dat-chuan.<str:file_type>", rates_file, name="rates-file"),
    path("ty-le/cac-nam/", course, name="course"),
    path("ty-le/cac-nam/ty-le-qua-cac-nam.<str:file_type>", course_file, name="course-file"),
    path("ty-le/du-bao/", forecast_page, name="forecast"),
    path("ty-le/du-bao/du-bao.<str:file_type>", forecast_file, name="forecast-file"),
    path("ty-le/du-bao/nguoi/", forecast_people, name="forecast-people"),
    path("ty-le/kham-pha/", explorer, name="explorer"),
    path("ty-le/kham-pha/kham-pha-ty-le.<str:file_type>", explorer_file, name="explorer-file"),
    path("ty-le/kham-pha/nguoi/", explorer_people, name="explorer-people"),
    path("ty-le/thay-doi/", movements_page, name="movements"),
    path("cong-bo/", publication_list, name="publication-list"),
    path("cong-bo/moi/", publication_add, name="publication-add"),
    path("cong-bo/de-nghi/<int:pk>/", proposal_refuse, name="proposal-refuse"),
    path("cong-bo/so-sanh/", publications_compared, name="publications-compared"),
    path("cong-bo/<int:pk>/", publication_detail, name="publication-detail"),
    path("cong-bo/<int:pk>/so-lieu.<str:file_type>", publication_file, name="publication-file"),
    path("cong-bo/<int:pk>/danh-sach/", published_people, name="published-people"),
    path("cong-bo/<int:pk>/thu-hoi/", publication_withdraw, name="publication-withdraw"),
    path("cach-tinh/", definition, name="definition"),
    path("bao-cao/dao-tao/", training_report, name="training"),
    path("bao-cao/dao-tao/ket-qua-dao-tao.<str:file_type>", training_file, name="training-file"),
    path("bieu-mau/", form_list, name="form-list"),
    path("bieu-mau/<str:code>.<str:file_type>", form_file, name="form-file"),
    path("bieu-mau/<str:code>.<str:file_type>/lap/", form_begin, name="form-begin"),
    path("bieu-mau/dang-lap/<slug:key>/", form_progress, name="form-progress"),
    path("bieu-mau/da-lap/<slug:key>/", form_made_file, name="form-made-file"),
    path("bao-cao/dao-tao/luot/", training_turns, name="training-turns"),
    path("bao-cao/dao-tao/lop/", training_classes, name="training-classes"),
]
