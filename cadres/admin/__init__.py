from django.contrib import admin
from django.contrib.auth.models import Group

from cadres.admin import dictionaries, registry, sign_in, standards, units

__all__ = ["dictionaries", "registry", "sign_in", "standards", "units"]

admin.site.unregister(Group)  # permissions come from roles.TABLE, and accounts have pages of their own
