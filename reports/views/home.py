from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cadres.access import permission_needed


@permission_needed("cadres.view_official")
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/home.html", {"title": "Chuẩn hóa cán bộ, công chức cấp xã"})
