"""The life of a roster file: the batch, its rows, who is missing from it, and the dictionaries that explain it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cadres.models.officials import Appointment, Official
from cadres.models.units import Unit
from cadres.text import match_key


class ImportBatch(models.Model):
    """One roster file: kept, read (staged: nothing written), then committed or discarded; at last perhaps undone.

    `as_of` and `unit` are what the file is read for: stated by it, or chosen by the uploader (`chosen_day`,
    `chosen_unit`, which win when the file is read again). Both are unknown until the file has been read.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ đọc"
        FAILED = "failed", "Không đọc được"
        STAGED = "staged", "Chờ ghi"
        COMMITTED = "committed", "Đã ghi"
        DISCARDED = "discarded", "Đã bỏ"
        UNDONE = "undone", "Đã hoàn tác"

    class DateOrder(models.TextChoices):
        DAY_FIRST = "dmy", "ngày/tháng/năm"
        MONTH_FIRST = "mdy", "tháng/ngày/năm"

    class Scope(models.TextChoices):
        """What a file is a list of; of a complete one it means something that somebody is not in it."""

        FULL = "full", "Danh sách đầy đủ"
        CADRES = "cadres", "Chỉ cán bộ"
        CIVIL_SERVANTS = "civil_servants", "Chỉ công chức"
        SOME = "some", "Bổ sung"

    file_name = models.CharField("tên tệp", max_length=255)
    file = models.FileField("tệp gốc", upload_to="rosters/%Y/%m/", blank=True)
    chosen_day = models.DateField("ngày số liệu đã chọn", null=True, blank=True)
    chosen_unit = models.CharField("mã đơn vị đã chọn", max_length=10, blank=True)
    # How sheets are read, where a person has said so: name → {"reading": …, "end_date": …, "end_reason": …}
    sheet_choices = models.JSONField("cách đọc từng trang", default=dict, blank=True)
    chosen_scope = models.CharField("danh sách đã chọn là", max_length=14, choices=Scope, blank=True)
    chosen_order = models.CharField("thứ tự của ngày đã chọn", max_length=3, choices=DateOrder, blank=True)
    as_of = models.DateField("tính đến ngày", null=True, blank=True)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="phạm vi đơn vị",
        help_text="Đơn vị mà tệp này giới hạn vào; để trống nếu là danh sách của nhiều đơn vị.",
    )
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.STAGED)
    problem = models.TextField("vì sao không đọc được", blank=True)
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
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người hoàn tác",
    )

    class Meta:
        verbose_name = "lần nhập danh sách"
        verbose_name_plural = "các lần nhập danh sách"
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(as_of__isnull=False) | Q(state__in=["waiting", "failed", "discarded"]),
                name="import_batch_read_with_day",
                violation_error_message="Danh sách đã đọc phải có ngày số liệu.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_name} ({self.as_of:%d/%m/%Y})" if self.as_of else self.file_name


class ImportProgress(models.Model):
    """The reading, writing or undoing of a batch that waits for a process, or how far one has come (long_work).

    A row of its own: it is written beside the transaction of the import, which holds the batch. `by` is who asked for
    it; without a start it waits.
    """

    class Step(models.TextChoices):
        READING = "reading", "Đang đọc tệp"
        COMPARING = "comparing", "Đang so với hồ sơ"
        WRITING = "writing", "Đang ghi"
        UNDOING = "undoing", "Đang hoàn tác"
        FORETELLING = "effect", "Đang tính ảnh hưởng"

    batch = models.OneToOneField(ImportBatch, on_delete=models.CASCADE, related_name="progress")
    step = models.CharField("việc", max_length=10, choices=Step)
    done = models.PositiveIntegerField("số dòng đã xong", default=0)
    total = models.PositiveIntegerField("tổng số dòng", default=0)
    updated_at = models.DateTimeField("lúc", auto_now=True)
    started_at = models.DateTimeField("bắt đầu lúc", null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", verbose_name="người yêu cầu"
    )

    class Meta:
        verbose_name = "tiến độ nhập"
        verbose_name_plural = "tiến độ nhập"

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.done}/{self.total}"


class ImportEffect(models.Model):
    """What the writing of a staged batch would come to (cadres.effect.Foretold), as told by trying it; not what it did.

    A row of its own: it is long, and only its pages ask for it. Whatever changes the preview takes it away.
    """

    batch = models.OneToOneField(ImportBatch, on_delete=models.CASCADE, related_name="effect")
    told = models.JSONField("ảnh hưởng")

    class Meta:
        verbose_name = "ảnh hưởng của lần nhập"
        verbose_name_plural = "ảnh hưởng của các lần nhập"

    def __str__(self) -> str:
        return f"{self.batch}"


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
    candidates = models.JSONField("có thể là", default=list)  # keys of the officials whom the row resembles
    # What a person decided: {"official": key, "keep": [field]} is that official, with these fields left as they are
    # in the registry; {"official": null} is somebody else. Empty: nobody has decided.
    decision = models.JSONField("quyết định", default=dict)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người quyết định",
    )
    before = models.JSONField(default=dict, editable=False)  # column values of rows changed, for undo
    issues = models.JSONField("vấn đề", default=list)

    class Meta:
        verbose_name = "dòng danh sách"
        verbose_name_plural = "các dòng danh sách"
        ordering = ("batch_id", "pk")
        indexes = (models.Index("batch", "outcome", name="import_row_outcome"),)

    def __str__(self) -> str:
        return f"{self.sheet}, dòng {self.row_number}"


class MissingOfficial(models.Model):
    """Somebody who holds a post in the file's units on its day and is not in the file: kept, or the post ended."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="missing", verbose_name="lần nhập")
    official = models.ForeignKey(Official, on_delete=models.CASCADE, related_name="+", verbose_name="người trong hồ sơ")
    end_date = models.DateField("ngày cuối giữ chức danh", null=True, blank=True)
    end_reason = models.CharField("lý do", max_length=20, choices=Appointment.EndReason, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người quyết định",
    )
    before = models.JSONField(default=dict, editable=False)  # column values of rows changed, for undo

    class Meta:
        verbose_name = "người không có trong danh sách"
        verbose_name_plural = "những người không có trong danh sách"
        ordering = ("batch_id", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("batch", "official"),
                name="missing_official_once",
                violation_error_message="Người này đã được nêu trong lần nhập.",
            ),
            models.CheckConstraint(
                condition=Q(end_date__isnull=True, end_reason="") | Q(end_date__isnull=False) & ~Q(end_reason=""),
                name="missing_end_with_reason",
                violation_error_message="Ngày thôi giữ chức danh phải đi cùng lý do.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.official}"


class ReadingDecision(models.Model):
    """What somebody decided about how rosters are read: for the files of one unit (`owner`), or for everybody's.

    What a district decides waits for the province to take it over for everybody, or to leave it with the district.
    """

    class Answer(models.TextChoices):
        WAITING = "waiting", "Chờ Sở Nội vụ"
        TAKEN = "taken", "Sở đã dùng chung"
        LEFT = "left", "Để riêng đơn vị"

    owner = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="của đơn vị",
        help_text="Để trống: dùng cho tệp của mọi đơn vị.",
    )
    batch = models.ForeignKey(
        ImportBatch,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="khi nhập tệp",
    )
    answer = models.CharField("Sở Nội vụ trả lời", max_length=10, choices=Answer, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="người trả lời",
    )
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def _once_an_owner(name: str, *fields: str, message: str) -> tuple[models.UniqueConstraint, models.UniqueConstraint]:
    """A decision about these fields is made once for everybody, and once by each unit."""
    return (
        models.UniqueConstraint(
            fields=fields, name=name, condition=Q(owner__isnull=True), violation_error_message=message
        ),
        models.UniqueConstraint(
            fields=("owner", *fields),
            name=f"{name}_a_unit",
            condition=Q(owner__isnull=False),
            violation_error_message=message,
        ),
    )


class ColumnMapping(ReadingDecision):
    """What a column of one layout was declared to be, by hand; it holds for files of the same layout.

    `layout_key` and `column_key` are those of roster/rows.py; an empty field means that the column is left out,
    AS_TITLED that a unit reads it by its title whatever was decided for everybody.
    """

    AS_TITLED = "auto"

    title = models.CharField("tiêu đề cột", max_length=300, blank=True)
    layout_key = models.CharField("bố cục", max_length=64)
    column_key = models.CharField("cột", max_length=300)
    field = models.CharField("trường", max_length=30, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người chọn"
    )
    decided_at = models.DateTimeField("chọn lúc", auto_now=True)

    class Meta:
        verbose_name = "cột đã chọn của bố cục"
        verbose_name_plural = "cột đã chọn của bố cục"
        ordering = ("layout_key", "pk")
        constraints = _once_an_owner(
            "column_mapping_once", "layout_key", "column_key", message="Cột này của bố cục đã được chọn trường."
        )

    def __str__(self) -> str:
        return f"{self.column_key} → {self.field or 'bỏ qua'}"


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
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.title_key = match_key(self.title)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        self.title_key = match_key(self.title)
        self.validate_constraints()  # a form knows nothing of the key and would leave its constraint out


class ValueSpelling(ReadingDecision):
    """A way of writing a value in a roster, per field: "CC" is Cao cấp in one column and Chứng chỉ in another.

    One that a person taught while deciding about a file says who did, and when.
    """

    field = models.CharField("trường", max_length=30)
    code = models.CharField("mã giá trị", max_length=30)
    spelling = models.CharField("cách viết", max_length=200)
    spelling_key = models.CharField(max_length=200, editable=False)
    learnt_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="người dạy",
    )
    learnt_at = models.DateTimeField("dạy lúc", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "cách viết trong danh sách"
        verbose_name_plural = "cách viết trong danh sách"
        ordering = ("field", "code", "pk")
        constraints = _once_an_owner(
            "value_spelling_once",
            "field",
            "spelling_key",
            message="Cách viết này đã được hiểu là một giá trị khác.",
        )

    def __str__(self) -> str:
        return f"{self.spelling} → {self.code}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.spelling_key = match_key(self.spelling)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        self.spelling_key = match_key(self.spelling)
        self.validate_constraints()  # a form knows nothing of the key and would leave its constraint out
