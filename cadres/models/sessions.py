"""Who is signed in where. Django's session, with whose it is, since when and from where: a row a browser."""

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.module_loading import import_string
from django.utils.timezone import now


class Session(AbstractBaseSession):
    """`expire_date` is when it ends unless it is used before (cadres/sign_in/sessions.py)."""

    account = models.ForeignKey(  # no constraint: a row of an account that is just being deleted is nobody's
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, db_constraint=False, related_name="sessions"
    )
    begun_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)
    browser = models.CharField(max_length=300, blank=True)  # as it calls itself
    address = models.CharField(max_length=50, blank=True)

    class Meta:
        verbose_name = "phiên đăng nhập"
        verbose_name_plural = "phiên đăng nhập"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")
