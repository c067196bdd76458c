"""Accounts: what a person may do (role), on which units (scope). Nothing else decides, so nothing else is offered."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from cadres import roles
from cadres.admin.choices import UnitsNamed
from cadres.admin.dated import TableInline
from cadres.admin.scoped import ScopedAdmin
from cadres.models import RoleGrant, User
from cadres.web.versions import OverRow

admin.site.unregister(Group)  # permissions come from roles.TABLE


class NewUserForm(UserCreationForm):
    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "full_name")


class AccountForm(OverRow, UserChangeForm):
    """Django's, compared with what others have changed meanwhile."""


class NewPasswordForm(AdminPasswordChangeForm):
    """A password is always set: an account without one would have no way to sign in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        self.fields["password1"].required = self.fields["password2"].required = True


class GrantInline(UnitsNamed, TableInline):
    model = RoleGrant
    extra = 1
    fields = ("role", "unit", "start_date", "end_date")


@admin.register(User)
class UserAdmin(ScopedAdmin, DjangoUserAdmin):
    moves_no_verdict = "accounts are judged by nobody"
    list_display = ("username", "full_name", "units", "is_active", "last_login")
    list_filter = ("grants__role", "is_active")
    search_fields = ("username", "full_name")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined", "units")
    fieldsets = (
        (None, {"fields": ("username", "password", "full_name", "email")}),
        ("Quyền", {"fields": ("is_active",)}),
        ("Thời gian", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "full_name", "password1", "password2")}),)
    form = AccountForm
    add_form = NewUserForm
    add_form_template = None
    change_password_form = NewPasswordForm
    inlines = (GrantInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With the units given and, for training institutions, the institutions given (of the app courses)."""
        prefetched = ("grants__unit__versions", "institutions__institution")
        return super().get_queryset(request).prefetch_related(*prefetched)

    @admin.display(description="đơn vị phụ trách")
    def units(self, user: User) -> str:
        if user.sees_every_unit:
            return "Toàn tỉnh"
        if user.has_role(roles.TRAINING_INSTITUTION):
            return ", ".join(str(given.institution) for given in user.institutions.all()) or "Chưa giao cơ sở đào tạo"
        return ", ".join(str(grant) for grant in user.grants.all()) or "Chưa giao vai trò"

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """A training institution has no units; what it has is shown, with the place where it is given."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not obj.has_role(roles.TRAINING_INSTITUTION):
            return fieldsets
        where = "Cơ sở đào tạo được giao cho tài khoản trong trang của cơ sở đó, ở danh mục Cơ sở đào tạo."
        return (*fieldsets, ("Cơ sở được giao", {"fields": ("units",), "description": where}))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody locks themselves out: the own role and state are another's to change."""
        own = ("is_active",) if obj is not None and obj == request.user else ()
        return (*self.readonly_fields, *own)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An account that wrote something stays, switched off; its name is in the history."""
        return False
