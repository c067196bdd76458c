"""Second factors have pages of their own; on the admin's their secrets would be open to read."""

from django.contrib import admin
from django_otp.plugins.otp_static.admin import StaticDevice  # registered there, and so before they are taken out
from django_otp.plugins.otp_totp.admin import TOTPDevice

admin.site.unregister((StaticDevice, TOTPDevice))
