"""The accounts of the demonstrations: the same in Sở Nội vụ and beside it, others for the units of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.hashers import make_password

from cadres import roles
from cadres.models import RoleGrant, Unit, User

PASSWORD = "minh-hoa-2015"  # of both: whoever has learnt it need not learn another


def accounts(*officers: tuple[str, str, str]) -> list[dict[str, Any]]:
    """All accounts, with these officers of units: name, label, and what the unit is known by."""
    return [
        {"username": username, "password": PASSWORD, "label": label, "roles": held, "units": unit}
        for username, label, held, unit in (
            ("so-noi-vu", "Sở Nội vụ", roles.PROVINCE_STAFF, ""),
            # confirms what moves a published figure: nobody confirms what they have prepared themselves
            ("so-noi-vu-2", "Sở Nội vụ, người thứ hai", roles.PROVINCE_STAFF, ""),
            # the same work as a larger Sở shares it out
            ("quan-tri", "Sở Nội vụ, quản trị hệ thống", (roles.ADMINISTRATOR,), ""),
            ("ho-so", "Sở Nội vụ, quản lý hồ sơ", (roles.REGISTRY_STAFF,), ""),
            ("dao-tao", "Sở Nội vụ, đào tạo", (roles.TRAINING_STAFF,), ""),
            ("phe-duyet", "Sở Nội vụ, người phê duyệt", (roles.APPROVER,), ""),
            *((username, label, (roles.UNIT_OFFICER,), unit) for username, label, unit in officers),
            ("lanh-dao", "Lãnh đạo tỉnh", (roles.LEADER,), ""),
            # its institution is given by the demonstration of courses
            ("truong-chinh-tri", "Trường Chính trị tỉnh", (roles.TRAINING_INSTITUTION,), ""),
            ("kiem-tra", "Thanh tra Sở", (roles.AUDITOR,), ""),
        )
    ]


def write_accounts(wanted: Sequence[Mapping[str, Any]], units: Mapping[str, Unit]) -> None:
    """Make the accounts and give them their roles; `units`: what a unit is known by → the unit."""
    hashed = make_password(PASSWORD)  # once: hashing is slow on purpose
    for account in wanted:
        user, _ = User.objects.update_or_create(
            username=account["username"], defaults={"full_name": account["label"], "password": hashed}
        )
        for role in account["roles"]:
            RoleGrant.objects.get_or_create(user=user, role=role, unit=units.get(account["units"]))
