"""The life of a roster file: the batch, its rows, and the dictionaries by which it is understood."""

from django.conf import settings
from django.db import models

from cadres.models.officials import Official
from cadres.models.units import Unit
from cadres.text import match_key


class ImportBatch(models.Model):
    """One roster file: staged (read and understood, nothing written), then committed or discarded."""

    class State(models.TextChoices):
        STAGED = "staged", "Chờ ghi"
        COMMITTED = "committed", "Đã ghi"
        DISCARDED = "discarded", "Đã bỏ"

    file_name = models.CharField("tên tệp", max_length=255)
    file = models.FileField("tệp gốc", upload_to="rosters/%Y/%m/", blank=True)
    as_of = models.DateField("tính đến ngày")
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="phạm vi đơn vị",
        help_text="Huyện hoặc xã mà tệp này giới hạn vào; để trống nếu là danh sách của nhiều huyện.",
    )
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.STAGED)
    summary = models.JSONField("kết quả", default=dict)
    created_at = models.DateTimeField("tải lên lúc", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người tải lên"
    )
    committed_at = models.DateTimeField("ghi lúc", null=True, blank=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ghi",
    )

    class Meta:
        verbose_name = "lần nhập danh sách"
        verbose_name_plural = "các lần nhập danh sách"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.file_name} ({self.as_of:%d/%m/%Y})"


class ImportRow(models.Model):
    """One person row of a roster: what was read, what it was understood as, what will happen, and why."""

    class Outcome(models.TextChoices):
        CREATED = "created", "Thêm mới"
        UPDATED = "updated", "Thay đổi"
        UNCHANGED = "unchanged", "Không đổi"
        REVIEW = "review", "Cần xem xét"
        REJECTED = "rejected", "Không nhận"

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows", verbose_name="lần nhập")
    sheet = models.CharField("trang tính", max_length=100)
    row_number = models.PositiveIntegerField("dòng")  # the number that Excel shows
    read = models.JSONField("đã đọc", default=dict)  # field → text as in the cell
    understood = models.JSONField("được hiểu là", default=dict)  # field → cleaned value
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome)
    official = models.ForeignKey(
        Official, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="người trong hồ sơ"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="xã")
    changes = models.JSONField("thay đổi", default=list)  # [{field, before, after}]
    before = models.JSONField(default=dict, editable=False)  # column values of rows changed, for undo
    issues = models.JSONField("vấn đề", default=list)

    class Meta:
        verbose_name = "dòng danh sách"
        verbose_name_plural = "các dòng danh sách"
        ordering = ("batch_id", "pk")
        indexes = (models.Index("batch", "outcome", name="import_row_outcome"),)

    def __str__(self) -> str:
        return f"{self.sheet}, dòng {self.row_number}"


class ColumnTitle(models.Model):
    """A title under which a field appears in rosters."""

    field = models.CharField("trường", max_length=30)
    title = models.CharField("tiêu đề cột", max_length=200)
    title_key = models.CharField(max_length=200, editable=False)

    class Meta:
        verbose_name = "tiêu đề cột trong danh sách"
        verbose_name_plural = "tiêu đề cột trong danh sách"
        ordering = ("field", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("field", "title_key"),
                name="column_title_once",
                violation_error_message="Trường này đã có tiêu đề cột đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} → {self.field}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.title_key = match_key(self.title)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        self.title_key = match_key(self.title)
        self.validate_constraints()  # a form knows nothing of the key and would leave its constraint out


class ValueSpelling(models.Model):
    """A way of writing a value in a roster, per field: "CC" is Cao cấp in one column and Chứng chỉ in another."""

    field = models.CharField("trường", max_length=30)
    code = models.CharField("mã giá trị", max_length=30)
    spelling = models.CharField("cách viết", max_length=200)
    spelling_key = models.CharField(max_length=200, editable=False)

    class Meta:
        verbose_name = "cách viết trong danh sách"
        verbose_name_plural = "cách viết trong danh sách"
        ordering = ("field", "code", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("field", "spelling_key"),
                name="value_spelling_once",
                violation_error_message="Cách viết này đã được hiểu là một giá trị khác.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.spelling} → {self.code}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.spelling_key = match_key(self.spelling)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        self.spelling_key = match_key(self.spelling)
        self.validate_constraints()  # a form knows nothing of the key and would leave its constraint out
