"""Views of lists that somebody has kept: an address with a name."""

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A list as somebody wants it again: `page` is the name of its address, `query` what the address says.

    One that is shared is offered to every account that may open the list, which sees its own scope there.
    """

    NAME = "khung_nhin"  # in the address of a list: which of them is shown
    MOST = 50  # of one account for one list

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name="tài khoản"
    )
    page = models.CharField("danh sách", max_length=100)
    name = models.CharField("tên khung nhìn", max_length=60)
    query = models.CharField("địa chỉ", max_length=2000, blank=True)
    is_shared = models.BooleanField("dùng chung", default=False)

    class Meta:
        verbose_name = "khung nhìn"
        verbose_name_plural = "khung nhìn"
        default_permissions = ()
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("account", "page", "name"),
                name="saved_view_named_once",
                violation_error_message="Danh sách này đã có khung nhìn tên đó của bạn. Hãy đặt tên khác.",
            ),
        )

    def __str__(self) -> str:
        return self.name
