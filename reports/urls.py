"""Addresses of the reports: the home page with the rate, the rates by group, and how they are computed; training."""

from django.urls import path

from reports.views.definition import definition
from reports.views.home import home
from reports.views.movements import movements_page
from reports.views.rates import rates, rates_file
from reports.views.training import training_file, training_form, training_report
from reports.views.training_lists import training_classes, training_turns, training_turns_file

app_name = "reports"
urlpatterns = [
    path("", home, name="home"),
    path("ty-le/", rates, name="rates"),
    path("ty-le/ty-le-dat-chuan.<str:file_type>", rates_file, name="rates-file"),
    path("ty-le/thay-doi/", movements_page, name="movements"),
    path("cach-tinh/", definition, name="definition"),
    path("bao-cao/dao-tao/", training_report, name="training"),
    path("bao-cao/dao-tao/ket-qua-dao-tao.<str:file_type>", training_file, name="training-file"),
    path("bao-cao/dao-tao/mau-so-1.xlsx", training_form, name="training-form"),
    path("bao-cao/dao-tao/luot/", training_turns, name="training-turns"),
    path("bao-cao/dao-tao/luot/luot-dao-tao.<str:file_type>", training_turns_file, name="training-turns-file"),
    path("bao-cao/dao-tao/lop/", training_classes, name="training-classes"),
]
