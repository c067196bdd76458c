"""What was sent by mail: one reminder an account a day."""

from django.conf import settings
from django.db import models

from cadres.models.fields import ClockTime


class Reminder(models.Model):
    """A mail about what has to be done, sent to an account about a day. What it said is kept nowhere."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders")
    day = models.DateField("ngày")
    sent_at = models.DateTimeField("gửi lúc", db_default=ClockTime())

    class Meta:
        verbose_name = "thư nhắc việc"
        verbose_name_plural = "thư nhắc việc"
        constraints = (models.UniqueConstraint(fields=("account", "day"), name="reminder_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.account}, {self.day:%d/%m/%Y}"
