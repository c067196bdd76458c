"""“Khung nhìn”: a list as somebody wants it again is kept with a name, renamed, shared, deleted."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, resolve

from cadres.models import SavedView
from cadres.web.addresses import query_string
from cadres.web.changes import change
from cadres.web.day import DAY, parse_day
from cadres.web.permissions import account
from cadres.web.saved_views import PAGE_OF, QUERY, address_of_list, kept_words
from cadres.web.tags import ngay
from cadres.web.versions import OverRow

TWICE = "Danh sách này đã có khung nhìn tên đó của bạn. Hãy đặt tên khác."
SHARED = "Ai mở được danh sách này thì mở được khung nhìn, và chỉ thấy người trong phạm vi của mình."


class ViewForm(OverRow, forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ("name", "is_shared")
        labels = {"name": "Tên khung nhìn", "is_shared": "Dùng chung"}
        help_texts = {"is_shared": SHARED}


class NewViewForm(ViewForm):
    """With the day, where the address names one: mostly a view is wanted of the day on which it is opened."""

    with_day = forms.BooleanField(required=False)

    def __init__(self, *args: Any, day: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if day:
            self.fields["with_day"].label = f"Luôn xem ngày {ngay(parse_day(day))}"
        else:
            del self.fields["with_day"]


def _list_of(request: HttpRequest, page: str) -> str:
    """The address of a list that the account may open. Raises BadRequest for one that is none, PermissionDenied."""
    try:
        address = address_of_list(page)
    except NoReverseMatch as error:
        raise BadRequest(
            "Địa chỉ này không nói giữ khung nhìn của danh sách nào. Hãy lưu từ chính danh sách."
        ) from error
    shown: Any = resolve(address).func
    permission, catalogue = getattr(shown, "permission", ""), getattr(shown, "model_admin", None)
    is_open = catalogue.has_view_or_change_permission(request) if catalogue else True
    if not is_open or (permission and not account(request).has_perm(permission)):
        raise PermissionDenied("Vai trò của tài khoản này không mở được danh sách đó.")
    return address


@login_required
def view_add(request: HttpRequest) -> HttpResponse:
    """Keep the list at the address with a name."""
    user, page = account(request), request.GET.get(PAGE_OF, "")
    back, words = _list_of(request, page), kept_words(request.GET.get(QUERY, ""))
    longest = SavedView._meta.get_field("query").max_length or 0
    if len(words) > longest:
        raise BadRequest("Địa chỉ của danh sách dài quá, không giữ được. Hãy bớt bộ lọc hoặc cột.")
    query = QueryDict(words)
    view = SavedView(account=user, page=page)
    form = NewViewForm(request.POST or None, instance=view, day=query.get(DAY, ""))

    def write() -> str:
        if SavedView.objects.filter(account=user, page=page).count() >= SavedView.MOST:
            raise ValidationError(f"Mỗi danh sách giữ nhiều nhất {SavedView.MOST} khung nhìn. Hãy xóa bớt.")
        kept = {key: values for key, values in query.lists() if key != DAY or form.cleaned_data.get("with_day")}
        view.query = query_string(kept).removeprefix("?")
        view.save()
        return f"Đã lưu khung nhìn “{view.name}”."

    return change(
        request,
        form,
        write,
        template="change.html",
        title="Lưu khung nhìn",
        action="Lưu khung nhìn",
        back=f"{back}?{words}" if words else back,
        target=lambda: f"{back}?{'&'.join(filter(None, (view.query, f'{SavedView.NAME}={view.pk}')))}",
        at_the_same_time=TWICE,
        lead="Giữ bộ lọc, cột và thứ tự đang xem của danh sách để mở lại bằng một lần bấm.",
    )


@login_required
def view_edit(request: HttpRequest, view_pk: int) -> HttpResponse:
    """Rename the own view, share it or keep it to oneself."""
    view = get_object_or_404(SavedView, pk=view_pk, account=account(request))
    form = ViewForm(request.POST or None, instance=view)

    def write() -> str:
        form.save()
        return f"Đã ghi khung nhìn “{view.name}”."

    return change(
        request,
        form,
        write,
        template="cadres/view_edit.html",
        title="Sửa khung nhìn",
        action="Ghi",
        back=address_of_list(view.page) + f"?{view.query}",
        at_the_same_time=TWICE,
        view=view,
    )


@login_required
def view_delete(request: HttpRequest, view_pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=view_pk, account=account(request))
    back = address_of_list(view.page)

    def write() -> str:
        SavedView.objects.filter(pk=view.pk).delete()
        return f"Đã xóa khung nhìn “{view.name}”."

    lead = f"Xóa khung nhìn “{view.name}”. Danh sách và số liệu không đổi."
    if view.is_shared:
        lead += " Khung nhìn này dùng chung: người khác cũng không mở được nữa."
    return change(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        write,
        template="change.html",
        title="Xóa khung nhìn",
        action="Xóa khung nhìn",
        back=back,
        at_the_same_time="Khung nhìn này vừa được thay đổi. Hãy tải lại trang.",
        lead=lead,
    )
