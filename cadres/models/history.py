"""The history, as the triggers write it (migrations/0001_history.sql): read here, written by nobody through Django."""

from typing import Any

from django.db import models

from cadres.models.officials import Official
from cadres.models.users import User


class Act(models.Model):
    """What one transaction changed under one context: a save, an import, an approval of forty people."""

    class Kind(models.TextChoices):
        """What an act was done by. The first words of a line of the log."""

        REQUEST = "request", "Trên trang"
        IMPORT = "import", "Nhập danh sách"
        IMPORT_UNDO = "import_undo", "Hoàn tác nhập danh sách"
        BULK = "bulk", "Làm hàng loạt"
        CORRECTION = "correction", "Đính chính"
        MERGE = "merge", "Gộp hồ sơ"
        TAKE_BACK = "take_back", "Hoàn lại"
        REORGANISATION = "reorganisation", "Sắp xếp đơn vị"
        STANDARDS = "standards", "Thay đổi văn bản tiêu chuẩn"
        COMMAND = "command", "Lệnh trên máy chủ"
        UNKNOWN = "", "Ghi thẳng vào cơ sở dữ liệu"

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("lúc")
    db_role = models.TextField("vai trò PostgreSQL")
    user = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="+", verbose_name="tài khoản"
    )
    kind = models.TextField("việc")  # of Kind
    reason = models.TextField("lý do")
    context = models.JSONField("ngữ cảnh")

    class Meta:
        managed = False
        db_table = 'history"."act'
        ordering = ("-id",)
        verbose_name = "việc đã làm"
        verbose_name_plural = "các việc đã làm"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.Kind(self.kind).label} {self.pk}"


class RowAsItBecame(models.JSONField):
    """What a row became. Of a new one whose entry does not repeat it the database looks it up
    (migrations/0028_rows_told_once.sql); only what is read is, so that conditions on it hold for changed rows alone."""

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        of_entry = sql.rpartition(".")[0]
        came = f"{of_entry}.\"operation\" = 'I' AND {sql} -> 'id' IS NULL"
        return f'CASE WHEN {came} THEN history.row_that_came({of_entry}."id") ELSE {sql} END', params

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


class Change(models.Model):
    """One row that an act inserted, updated or deleted: as it was, and as it became."""

    class Operation(models.TextChoices):
        INSERTED = "I", "thêm"
        UPDATED = "U", "sửa"
        DELETED = "D", "xóa"

    id = models.BigAutoField(primary_key=True)
    act = models.ForeignKey(Act, on_delete=models.DO_NOTHING, db_constraint=False, related_name="changes")
    at = models.DateTimeField("lúc")
    table_name = models.TextField("bảng")
    key = models.BigIntegerField("khóa")
    person = models.ForeignKey(
        Official, on_delete=models.DO_NOTHING, null=True, db_constraint=False, db_column="person", related_name="+"
    )
    parent_table = models.TextField(null=True)
    parent = models.BigIntegerField(null=True)
    operation = models.CharField(max_length=1, choices=Operation)
    before = models.JSONField("trước", null=True)
    after = RowAsItBecame("sau", null=True)

    class Meta:
        managed = False
        db_table = 'history"."change'
        ordering = ("-id",)
        verbose_name = "thay đổi"
        verbose_name_plural = "các thay đổi"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.Operation(self.operation).label} {self.table_name} {self.key}"


class Visit(models.Model):
    """Somebody came in or was refused, took data of people out, searched, or looked at a person's page."""

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in", "Đăng nhập"
        RECOVERY = "recovery", "Đăng nhập bằng mã dự phòng"
        REFUSED = "refused", "Sai tên đăng nhập hoặc mật khẩu"
        WRONG_CODE = "wrong_code", "Sai mã xác thực"
        LOCKED = "locked", "Bị từ chối vì đang khóa tạm"
        SUSPENDED = "suspended", "Bị từ chối vì tài khoản tạm ngừng"
        EXPIRED = "expired", "Mật khẩu dùng một lần đã hết hạn"
        PASSWORD = "password", "Đổi mật khẩu của mình"
        SIGN_OUT = "sign_out", "Đăng xuất"
        EXPORT = "export", "Tải dữ liệu về"
        PERSON = "person", "Xem hồ sơ"
        SEARCH = "search", "Tìm kiếm, lật trang"
        LIMITED = "limited", "Bị dừng vì tải về, tìm kiếm, lật trang quá nhiều"

    REFUSALS = (Kind.REFUSED, Kind.WRONG_CODE, Kind.LOCKED, Kind.SUSPENDED, Kind.EXPIRED)
    SIGNING_IN = (Kind.SIGN_IN, Kind.RECOVERY, *REFUSALS, Kind.PASSWORD, Kind.SIGN_OUT)

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("lúc")
    day = models.DateField("ngày")
    user = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="+", verbose_name="tài khoản"
    )
    username = models.TextField("tên đăng nhập")
    kind = models.TextField("việc")  # of Kind
    person = models.ForeignKey(
        Official, on_delete=models.DO_NOTHING, null=True, db_constraint=False, db_column="person", related_name="+"
    )
    path = models.TextField("địa chỉ")
    address = models.TextField("máy")

    class Meta:
        managed = False
        db_table = 'history"."visit'
        ordering = ("-id",)
        verbose_name = "lượt vào hệ thống"
        verbose_name_plural = "các lượt vào hệ thống"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.Kind(self.kind).label} {self.username}"
