from django.contrib import admin
from django.contrib.auth import admin as of_accounts  # it registers Group, which is to be taken out

from cadres.admin import dictionaries, registry, sign_in, standards, units

__all__ = ["dictionaries", "registry", "sign_in", "standards", "units"]

# Permissions come from roles.TABLE, and accounts have pages of their own.
admin.site.unregister(of_accounts.Group)  # type: ignore[attr-defined]
