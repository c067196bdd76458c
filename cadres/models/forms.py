"""What is kept of the forms of pages, for a day or two: those that were sent, and those that could not be taken."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import MessageDecoder, MessageEncoder
from django.db import models


class SentForm(models.Model):
    """A form that has done its act, so that sending it once more does nothing more (cadres/web/sending.py).

    `token` is the one-time token that it was handed out with, `contents` a digest of what was filled in, `answer` where
    the act led, `said` the messages that told of it.
    """

    token = models.UUIDField(primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    contents = models.CharField(max_length=64)
    answer = models.TextField()
    said = models.JSONField(default=list, encoder=MessageEncoder, decoder=MessageDecoder)
    sent_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "biểu mẫu đã gửi"
        verbose_name_plural = "biểu mẫu đã gửi"

    def __str__(self) -> str:
        return str(self.token)


class KeptForm(models.Model):
    """What an account filled in and could not send, until it has signed in again (cadres/web/kept_forms.py).

    `page` is the address of the page with the form, `action` the path that it was sent to, `fields` name → values.
    """

    NAME = "bieu_mau"  # in the address of a page: which of them it is to be filled with

    class Reason(models.TextChoices):
        SIGNED_OUT = "signed_out", "Phiên làm việc đã kết thúc trước khi gửi"
        ANOTHER_SESSION = "another_session", "Biểu mẫu được mở từ trước khi đăng nhập lại"
        TOO_OLD = "too_old", "Biểu mẫu đã mở quá lâu"
        NOT_YET = "not_yet", "Tài khoản phải bật xác thực hai bước hoặc đổi mật khẩu trước khi làm việc tiếp"
        SENT_ALREADY = "sent_already", "Biểu mẫu này đã gửi và đã được ghi một lần, với nội dung khác"

    key = models.UUIDField(primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.TextField()
    action = models.TextField()
    fields = models.JSONField()
    had_files = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, choices=Reason)
    kept_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "biểu mẫu chưa gửi được"
        verbose_name_plural = "biểu mẫu chưa gửi được"

    def __str__(self) -> str:
        return self.page

    @property
    def filled_page(self) -> str:
        """The address of the page, filled with this form."""
        return f"{self.page}{'&' if '?' in self.page else '?'}{self.NAME}={self.key.hex}"

    @property
    def contents(self) -> dict[str, Any]:
        """For the script that fills the page."""
        return {"action": self.action, "fields": self.fields}
