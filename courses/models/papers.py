"""Paper in and out: lists that come in as workbooks, and the province's own templates of documents."""

from django.conf import settings
from django.db import models

from courses.models.classes import TrainingClass


class ClassListImport(models.Model):
    """A workbook about the people of one class: read and shown first, written when somebody says so."""

    class Subject(models.TextChoices):
        NOMINATIONS = "nominations", "Danh sách cử đi học"
        ATTENDANCE = "attendance", "Điểm danh"
        RESULTS = "results", "Kết quả, chứng chỉ"

    class State(models.TextChoices):
        STAGED = "staged", "Chờ ghi"
        WRITTEN = "written", "Đã ghi"
        DISCARDED = "discarded", "Đã bỏ"

    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.CASCADE, related_name="list_imports", verbose_name="lớp học"
    )
    subject = models.CharField("nội dung", max_length=12, choices=Subject)
    file_name = models.CharField("tên tệp", max_length=255)
    rows = models.JSONField("các dòng", default=list)  # as courses/lists reads them
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.STAGED)
    created_at = models.DateTimeField("tải lên lúc", auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "danh sách của lớp"
        verbose_name_plural = "các danh sách của lớp"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.file_name


class DocumentTemplate(models.Model):
    """The province's own Word template of one kind of document; without one the product's is used."""

    kind = models.CharField("loại văn bản", max_length=30, unique=True)
    file = models.FileField("tệp mẫu .docx", upload_to="templates/")
    uploaded_at = models.DateTimeField("tải lên lúc", auto_now=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "mẫu văn bản"
        verbose_name_plural = "mẫu văn bản"
        ordering = ("kind",)

    def __str__(self) -> str:
        return self.kind
