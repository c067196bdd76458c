"""Second factors have pages of their own; on the admin's their secrets would be open to read."""

from django.contrib import admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

admin.site.unregister((StaticDevice, TOTPDevice))
