import datetime

import django.contrib.auth.validators
import django.contrib.messages.storage.cookie
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models

import cadres.models.fields
import cadres.models.users
import cadres.models.verdicts
import cadres.periods
from cadres.history.triggers import CreateHistory, RecordTable

# Written by hand, as are the two extensions: carry them over when this migration is made anew.
# The web role owns no table; through this function it lets the planner know that many rows have arrived.
REFRESH_STATISTICS = """
CREATE FUNCTION refresh_registry_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
AS $$
BEGIN
    ANALYZE cadres_official, cadres_officialidentifier, cadres_appointment, cadres_qualification, cadres_rosterday,
        cadres_unitzone, cadres_importrow, cadres_unitversion, cadres_position, cadres_level, cadres_requirement;
END
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.CreateModel(
            name="Dimension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=100, verbose_name="tên")),
                ("order", models.PositiveSmallIntegerField(verbose_name="thứ tự")),
            ],
            options={
                "verbose_name": "mặt tiêu chuẩn",
                "verbose_name_plural": "mặt tiêu chuẩn",
                "ordering": ("order",),
            },
        ),
        migrations.CreateModel(
            name="EthnicGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=2, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=50, verbose_name="tên")),
                (
                    "other_names",
                    models.CharField(
                        blank=True, help_text="Cách nhau bằng dấu chấm phẩy.", max_length=200, verbose_name="tên khác"
                    ),
                ),
            ],
            options={
                "verbose_name": "dân tộc",
                "verbose_name_plural": "dân tộc",
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "đơn vị hành chính",
                "verbose_name_plural": "đơn vị hành chính",
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("province_staff", "Cán bộ Sở Nội vụ"),
                            ("district_officer", "Cán bộ Phòng Nội vụ huyện"),
                            ("leader", "Lãnh đạo (chỉ xem)"),
                            ("training_institution", "Cơ sở đào tạo"),
                        ],
                        max_length=20,
                        verbose_name="vai trò",
                    ),
                ),
                ("full_name", models.CharField(max_length=100, verbose_name="họ và tên")),
                ("is_staff", models.BooleanField(default=True, verbose_name="được đăng nhập")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "tài khoản",
                "verbose_name_plural": "tài khoản",
                "ordering": ("username",),
            },
            managers=[
                ("objects", cadres.models.users.AccountManager()),
            ],
        ),
        migrations.CreateModel(
            name="KeptForm",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("page", models.TextField()),
                ("action", models.TextField()),
                ("fields", models.JSONField()),
                ("had_files", models.BooleanField(default=False)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("signed_out", "Phiên làm việc đã kết thúc trước khi gửi"),
                            ("another_session", "Biểu mẫu được mở từ trước khi đăng nhập lại"),
                            ("too_old", "Biểu mẫu đã mở quá lâu"),
                            ("sent_already", "Biểu mẫu này đã gửi và đã được ghi một lần, với nội dung khác"),
                        ],
                        max_length=20,
                    ),
                ),
                ("kept_at", models.DateTimeField(auto_now_add=True, db_index=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "biểu mẫu chưa gửi được",
                "verbose_name_plural": "biểu mẫu chưa gửi được",
            },
        ),
        migrations.CreateModel(
            name="SentForm",
            fields=[
                ("token", models.UUIDField(primary_key=True, serialize=False)),
                ("contents", models.CharField(max_length=64)),
                ("answer", models.TextField()),
                (
                    "said",
                    models.JSONField(
                        decoder=django.contrib.messages.storage.cookie.MessageDecoder,
                        default=list,
                        encoder=django.contrib.messages.storage.cookie.MessageEncoder,
                    ),
                ),
                ("sent_at", models.DateTimeField(auto_now_add=True, db_index=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "biểu mẫu đã gửi",
                "verbose_name_plural": "biểu mẫu đã gửi",
            },
        ),
        migrations.CreateModel(
            name="ColumnTitle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=30, verbose_name="trường")),
                ("title", models.CharField(max_length=200, verbose_name="tiêu đề cột")),
                ("title_key", models.CharField(editable=False, max_length=200)),
            ],
            options={
                "verbose_name": "tiêu đề cột trong danh sách",
                "verbose_name_plural": "tiêu đề cột trong danh sách",
                "ordering": ("field", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("field", "title_key"),
                        name="column_title_once",
                        violation_error_message="Trường này đã có tiêu đề cột đó.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=100, verbose_name="tên")),
                ("definition", models.CharField(max_length=300, verbose_name="cách tính")),
                (
                    "dimensions",
                    models.ManyToManyField(blank=True, to="cadres.dimension", verbose_name="các mặt được tính"),
                ),
            ],
            options={
                "verbose_name": "bộ tiêu chí",
                "verbose_name_plural": "bộ tiêu chí",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=255, verbose_name="tên tệp")),
                ("file", models.FileField(blank=True, upload_to="rosters/%Y/%m/", verbose_name="tệp gốc")),
                ("chosen_day", models.DateField(blank=True, null=True, verbose_name="ngày số liệu đã chọn")),
                ("chosen_unit", models.CharField(blank=True, max_length=10, verbose_name="mã đơn vị đã chọn")),
                ("as_of", models.DateField(blank=True, null=True, verbose_name="tính đến ngày")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Chờ đọc"),
                            ("failed", "Không đọc được"),
                            ("staged", "Chờ ghi"),
                            ("committed", "Đã ghi"),
                            ("discarded", "Đã bỏ"),
                            ("undone", "Đã hoàn tác"),
                        ],
                        default="staged",
                        max_length=10,
                        verbose_name="tình trạng",
                    ),
                ),
                ("problem", models.TextField(blank=True, verbose_name="vì sao không đọc được")),
                ("summary", models.JSONField(default=dict, verbose_name="kết quả")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="tải lên lúc")),
                ("committed_at", models.DateTimeField(blank=True, null=True, verbose_name="ghi lúc")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="hoàn tác lúc")),
                (
                    "committed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người ghi",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người tải lên",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người hoàn tác",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        help_text="Huyện hoặc xã mà tệp này giới hạn vào; để trống nếu là danh sách của nhiều huyện.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.unit",
                        verbose_name="phạm vi đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần nhập danh sách",
                "verbose_name_plural": "các lần nhập danh sách",
                "ordering": ("-created_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="ImportProgress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("reading", "Đang đọc tệp"),
                            ("comparing", "Đang so với hồ sơ"),
                            ("writing", "Đang ghi"),
                            ("undoing", "Đang hoàn tác"),
                        ],
                        max_length=10,
                        verbose_name="việc",
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0, verbose_name="số dòng đã xong")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="tổng số dòng")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="lúc")),
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="progress", to="cadres.importbatch"
                    ),
                ),
            ],
            options={
                "verbose_name": "tiến độ nhập",
                "verbose_name_plural": "tiến độ nhập",
            },
        ),
        migrations.CreateModel(
            name="Level",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, verbose_name="mã")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="bậc")),
                ("name", models.CharField(max_length=100, verbose_name="tên")),
                (
                    "dimension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="levels",
                        to="cadres.dimension",
                        verbose_name="mặt",
                    ),
                ),
            ],
            options={
                "verbose_name": "mức trình độ",
                "verbose_name_plural": "mức trình độ",
                "ordering": ("dimension__order", "rank"),
            },
        ),
        migrations.CreateModel(
            name="Official",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("full_name", models.CharField(max_length=100, verbose_name="họ và tên")),
                ("folded_name", models.CharField(editable=False, max_length=100)),
                ("name_order", models.CharField(db_collation="C", editable=False, max_length=300)),
                (
                    "sex",
                    models.CharField(
                        blank=True, choices=[("M", "Nam"), ("F", "Nữ")], max_length=1, verbose_name="giới tính"
                    ),
                ),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="ngày sinh")),
                (
                    "birth_precision",
                    models.CharField(
                        blank=True,
                        choices=[("day", "ngày"), ("month", "tháng"), ("year", "năm")],
                        max_length=5,
                        verbose_name="ngày sinh biết đến",
                    ),
                ),
                ("religion", models.CharField(blank=True, max_length=50, verbose_name="tôn giáo")),
                ("is_party_member", models.BooleanField(blank=True, null=True, verbose_name="đảng viên")),
                ("party_joined_on", models.DateField(blank=True, null=True, verbose_name="ngày vào Đảng")),
                (
                    "party_joined_precision",
                    models.CharField(
                        blank=True,
                        choices=[("day", "ngày"), ("month", "tháng"), ("year", "năm")],
                        max_length=5,
                        verbose_name="ngày vào Đảng biết đến",
                    ),
                ),
                ("recruited_on", models.DateField(blank=True, null=True, verbose_name="ngày tuyển dụng")),
                (
                    "recruited_precision",
                    models.CharField(
                        blank=True,
                        choices=[("day", "ngày"), ("month", "tháng"), ("year", "năm")],
                        max_length=5,
                        verbose_name="ngày tuyển dụng biết đến",
                    ),
                ),
                ("insurance_since", models.DateField(blank=True, null=True, verbose_name="tham gia BHXH từ")),
                (
                    "insurance_precision",
                    models.CharField(
                        blank=True,
                        choices=[("day", "ngày"), ("month", "tháng"), ("year", "năm")],
                        max_length=5,
                        verbose_name="tham gia BHXH biết đến",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="ghi chú")),
                (
                    "changed_at",
                    cadres.models.fields.ChangedAtField(
                        db_default=cadres.models.fields.ClockTime(), editable=False, verbose_name="sửa lúc"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.importbatch",
                    ),
                ),
                (
                    "ethnic_group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.ethnicgroup",
                        verbose_name="dân tộc",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="cadres.official",
                        verbose_name="đã gộp vào",
                    ),
                ),
            ],
            options={
                "verbose_name": "cán bộ, công chức",
                "verbose_name_plural": "cán bộ, công chức",
                "ordering": ("name_order", "pk"),
            },
        ),
        migrations.CreateModel(
            name="MissingOfficial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("end_date", models.DateField(blank=True, null=True, verbose_name="ngày cuối giữ chức danh")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retired", "Nghỉ hưu"),
                            ("transferred", "Điều động, chuyển công tác"),
                            ("resigned", "Thôi việc"),
                            ("not_reelected", "Không tái cử"),
                            ("disciplined", "Kỷ luật"),
                            ("died", "Từ trần"),
                        ],
                        max_length=20,
                        verbose_name="lý do",
                    ),
                ),
                ("before", models.JSONField(default=dict, editable=False)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="missing",
                        to="cadres.importbatch",
                        verbose_name="lần nhập",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người quyết định",
                    ),
                ),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cadres.official",
                        verbose_name="người trong hồ sơ",
                    ),
                ),
            ],
            options={
                "verbose_name": "người không có trong danh sách",
                "verbose_name_plural": "những người không có trong danh sách",
                "ordering": ("batch_id", "pk"),
            },
        ),
        migrations.CreateModel(
            name="OfficialIdentifier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "start_date",
                    cadres.periods.StartDateField(
                        blank=True,
                        default=datetime.date(1, 1, 1),
                        help_text="Để trống nếu không rõ ngày bắt đầu.",
                        verbose_name="từ ngày",
                    ),
                ),
                (
                    "end_date",
                    models.DateField(
                        blank=True, help_text="Để trống nếu còn hiệu lực.", null=True, verbose_name="đến hết ngày"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("CMND", "CMND"), ("CCCD", "CCCD")], max_length=4, verbose_name="loại"),
                ),
                ("number", models.CharField(max_length=12, verbose_name="số")),
                (
                    "changed_at",
                    cadres.models.fields.ChangedAtField(
                        db_default=cadres.models.fields.ClockTime(), editable=False, verbose_name="sửa lúc"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.importbatch",
                    ),
                ),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identifiers",
                        to="cadres.official",
                        verbose_name="cán bộ, công chức",
                    ),
                ),
            ],
            options={
                "verbose_name": "số định danh",
                "verbose_name_plural": "số định danh",
                "ordering": ("official_id", "start_date"),
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "start_date",
                    cadres.periods.StartDateField(
                        blank=True,
                        default=datetime.date(1, 1, 1),
                        help_text="Để trống nếu không rõ ngày bắt đầu.",
                        verbose_name="từ ngày",
                    ),
                ),
                (
                    "end_date",
                    models.DateField(
                        blank=True, help_text="Để trống nếu còn hiệu lực.", null=True, verbose_name="đến hết ngày"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="mã")),
                ("order", models.PositiveSmallIntegerField(verbose_name="thứ tự")),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("cadre", "Cán bộ"),
                            ("civil_servant", "Công chức"),
                            ("non_specialist", "Người hoạt động không chuyên trách"),
                        ],
                        max_length=20,
                        verbose_name="nhóm",
                    ),
                ),
                (
                    "subgroup",
                    models.CharField(
                        choices=[
                            ("key", "Chức danh chủ chốt"),
                            ("mass", "Đoàn thể"),
                            ("professional", "Chuyên môn"),
                            ("non_specialist", "Không chuyên trách"),
                        ],
                        max_length=20,
                        verbose_name="phân nhóm",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="chức danh")),
                ("full_title", models.CharField(blank=True, max_length=300, verbose_name="tên đầy đủ")),
            ],
            options={
                "verbose_name": "chức danh",
                "verbose_name_plural": "chức danh",
                "ordering": ("order",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                        ),
                        name="position_ends_after_start",
                        violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AcceptedField",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "start_date",
                    cadres.periods.StartDateField(
                        blank=True,
                        default=datetime.date(1, 1, 1),
                        help_text="Để trống nếu không rõ ngày bắt đầu.",
                        verbose_name="từ ngày",
                    ),
                ),
                (
                    "end_date",
                    models.DateField(
                        blank=True, help_text="Để trống nếu còn hiệu lực.", null=True, verbose_name="đến hết ngày"
                    ),
                ),
                ("field_of_study", models.CharField(max_length=200, verbose_name="chuyên ngành phù hợp")),
                ("field_key", models.CharField(editable=False, max_length=200)),
                (
                    "dimension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.dimension",
                        verbose_name="mặt tiêu chuẩn",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accepted_fields",
                        to="cadres.position",
                        verbose_name="chức danh",
                    ),
                ),
            ],
            options={
                "verbose_name": "chuyên ngành phù hợp",
                "verbose_name_plural": "chuyên ngành phù hợp",
                "ordering": ("position__order", "field_of_study"),
            },
        ),
        migrations.CreateModel(
            name="Qualification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "start_date",
                    cadres.periods.StartDateField(
                        blank=True,
                        default=datetime.date(1, 1, 1),
                        help_text="Để trống nếu không rõ ngày bắt đầu.",
                        verbose_name="từ ngày",
                    ),
                ),
                (
                    "end_date",
                    models.DateField(
                        blank=True, help_text="Để trống nếu còn hiệu lực.", null=True, verbose_name="đến hết ngày"
                    ),
                ),
                ("awarded_on", models.DateField(blank=True, null=True, verbose_name="ngày cấp")),
                (
                    "awarded_precision",
                    models.CharField(
                        blank=True,
                        choices=[("day", "ngày"), ("month", "tháng"), ("year", "năm")],
                        max_length=5,
                        verbose_name="ngày cấp biết đến",
                    ),
                ),
                ("field_of_study", models.CharField(blank=True, max_length=200, verbose_name="chuyên ngành")),
                ("field_key", models.CharField(blank=True, editable=False, max_length=200)),
                ("study_mode", models.CharField(blank=True, max_length=50, verbose_name="hình thức đào tạo")),
                ("institution", models.CharField(blank=True, max_length=200, verbose_name="cơ sở đào tạo")),
                ("number", models.CharField(blank=True, max_length=50, verbose_name="số hiệu văn bằng, chứng chỉ")),
                (
                    "origin",
                    models.CharField(
                        choices=[("roster", "Danh sách nhập"), ("entered", "Nhập tay"), ("course", "Kết quả lớp học")],
                        default="entered",
                        max_length=10,
                        verbose_name="nguồn",
                    ),
                ),
                ("is_error", models.BooleanField(default=False, verbose_name="nhập sai, không tính")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="ghi chú")),
                (
                    "changed_at",
                    cadres.models.fields.ChangedAtField(
                        db_default=cadres.models.fields.ClockTime(), editable=False, verbose_name="sửa lúc"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.importbatch",
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="qualifications",
                        to="cadres.level",
                        verbose_name="trình độ",
                    ),
                ),
                (
                    "official",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="qualifications",
                        to="cadres.official",
                        verbose_name="cán bộ, công chức",
                    ),
                ),
            ],
            options={
                "verbose_name": "văn bằng, chứng chỉ",
                "verbose_name_plural": "văn bằng, chứng chỉ",
                "ordering": ("official_id", "level__dimension__order", "-level__rank"),
            },
        ),
        migrations.CreateModel(
            name="RetirementAge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "start_date",
                    cadres.periods.StartDateField(
                        blank=True,
                        default=datetime.date(1, 1, 1),
                        help_text="Để trống nếu không rõ ngày bắt đầu.",
                        verbose_name="từ ngày",
                    ),
                ),
                (
                    "end_date",
                    models.DateField(
                        blank=True, help_text="Để trống nếu còn hiệu lực.", null=True, verbose_name="đến hết ngày"
                    ),
                ),
                ("men_years", models.PositiveSmallIntegerField(verbose_name="nam, năm")),
                ("men_months", models.PositiveSmallIntegerField(verbose_name="nam, tháng")),
                ("women_years", models.PositiveSmallIntegerField(verbose_name="nữ, năm")),
                ("women_months", models.PositiveSmallIntegerField(verbose_name="nữ, tháng")),
                ("source", models.CharField(max_length=200, verbose_name="văn bản")),
            ],
            options={
                "verbose_name": "tuổi nghỉ hưu",
                "verbose_name_plural": "tuổi nghỉ hưu",
                "ordering": ("start_date",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                        ),
                        name="retirement_age_ends_after_start",
                        violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    "start_date",
                                    "end_date",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                                    function="DATERANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            )
                        ],
                        name="retirement_age_once_a_day",
                        violation_error_message="Khoảng thời gian này đã có tuổi nghỉ hưu.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("men_months__lt", 12), ("women_months__lt", 12)),
                        name="retirement_age_months_below_twelve",
                        violation_error_message="Số tháng phải nhỏ hơn 12.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "start_date",
                    cadres.periods.StartDateField(
                        blank=True,
                        default=datetime.date(1, 1, 1),
                        help_text="Để trống nếu không rõ ngày bắt đầu.",
                        verbose_name="từ ngày",
                    ),
                ),
                (
                    "end_date",
                    models.DateField(
                        blank=True, help_text="Để trống nếu còn hiệu lực.", null=True, verbose_name="đến hết ngày"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=200, verbose_name="tên")),
                ("legal_basis", models.CharField(max_length=300, verbose_name="căn cứ pháp lý")),
                (
                    "position_group",
                    models.CharField(
                        choices=[
                            ("cadre", "Cán bộ"),
                            ("civil_servant", "Công chức"),
                            ("non_specialist", "Người hoạt động không chuyên trách"),
                        ],
                        max_length=20,
                        verbose_name="nhóm chức danh",
                    ),
                ),
                (
                    "transition_until",
                    models.DateField(
                        blank=True,
                        help_text="Người giữ chức danh từ trước khi văn bản có hiệu lực được hoàn thiện tiêu chuẩn đến ngày này.",
                        null=True,
                        verbose_name="chuyển tiếp đến hết ngày",
                    ),
                ),
            ],
            options={
                "verbose_name": "văn bản tiêu chuẩn",
                "verbose_name_plural": "văn bản tiêu chuẩn",
                "ordering": ("position_group", "start_date"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                        ),
                        name="standard_ends_after_start",
                        violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("position_group", "="),
                            (
                                models.Func(
                                    "start_date",
                                    "end_date",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                                    function="DATERANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="standard_once_a_day",
                        violation_error_message="Nhóm chức danh này đã có văn bản tiêu chuẩn trong khoảng thời gian đó.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Requirement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("article", models.CharField(blank=True, max_length=200, verbose_name="điều khoản")),
                ("confidence", models.CharField(blank=True, max_length=100, verbose_name="mức tin cậy")),
                (
                    "dimension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.dimension",
                        verbose_name="mặt tiêu chuẩn",
                    ),
                ),
                (
                    "minimum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.level",
                        verbose_name="mức tối thiểu",
                    ),
                ),
                (
                    "minimum_relaxed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.level",
                        verbose_name="mức tối thiểu (xã được giảm)",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requirements",
                        to="cadres.position",
                        verbose_name="chức danh",
                    ),
                ),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requirements",
                        to="cadres.standard",
                        verbose_name="văn bản",
                    ),
                ),
            ],
            options={
                "verbose_name": "yêu cầu tiêu chuẩn",
                "verbose_name_plural": "yêu cầu tiêu chuẩn",
                "ordering": ("standard_id", "position__order", "dimension__order"),
            },
        ),
        migrations.CreateModel(
            name="RosterDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="ngày")),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roster_days",
                        to="cadres.importbatch",
                        verbose_name="lần nhập",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roster_days",
                        to="cadres.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "ngày có số liệu của xã",
                "verbose_name_plural": "ngày có số liệu của xã",
                "ordering": ("unit_id", "day"),
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sheet", models.CharField(max_length=100, verbose_name="trang tính")),
                ("row_number", models.PositiveIntegerField(verbose_name="dòng")),
                ("read", models.JSONField(default=dict, verbose_name="đã đọc")),
                ("understood", models.JSONField(default=dict, verbose_name="được hiểu là")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("created", "Thêm mới"),
                            ("updated", "Thay đổi"),
                            ("unchanged", "Không đổi"),
                            ("review", "Cần xem xét"),
                            ("rejected", "Không nhận"),
                        ],
                        max_length=10,
                        verbose_name="kết quả",
                    ),
                ),
                ("changes", models.JSONField(default=list, verbose_name="thay đổi")),
                ("candidates", models.JSONField(default=list, verbose_name="có thể là")),
                ("decision", models.JSONField(default=dict, verbose_name="quyết định")),
                ("before", models.JSONField(default=dict, editable=False)),
                ("issues", models.JSONField(default=list, verbose_name="vấn đề")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="cadres.importbatch",
                        verbose_name="lần nhập",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người quyết định",
                    ),
                ),
                (
                    "official",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="cadres.official",
                        verbose_name="người trong hồ sơ",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.unit",
                        verbose_name="xã",
                    ),
                ),
            ],
            options={
                "verbose_name": "dòng danh sách",
                "verbose_name_plural": "các dòng danh sách",
                "ordering": ("batch_id", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "start_date",
                    cadres.periods.StartDateField(
                        blank=True,
                        default=datetime.date(1, 1, 1),
                        help_text="Để trống nếu không rõ ngày bắt đầu.",
                        verbose_name="từ ngày",
                    ),
                ),
                (
                    "end_date",
                    models.DateField(
                        blank=True, help_text="Để trống nếu còn hiệu lực.", null=True, verbose_name="đến hết ngày"
                    ),
                ),
                ("is_primary", models.BooleanField(default=True, verbose_name="chức danh chính")),
                ("stated_start", models.DateField(blank=True, null=True, verbose_name="ngày bổ nhiệm theo hồ sơ")),
                (
                    "stated_start_precision",
                    models.CharField(
                        blank=True,
                        choices=[("day", "ngày"), ("month", "tháng"), ("year", "năm")],
                        max_length=5,
                        verbose_name="ngày bổ nhiệm biết đến",
                    ),
                ),
                (
                    "term",
                    models.CharField(blank=True, help_text="Ví dụ: 2011-2016.", max_length=20, verbose_name="nhiệm kỳ"),
                ),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retired", "Nghỉ hưu"),
                            ("transferred", "Điều động, chuyển công tác"),
                            ("resigned", "Thôi việc"),
                            ("not_reelected", "Không tái cử"),
                            ("disciplined", "Kỷ luật"),
                            ("died", "Từ trần"),
                        ],
                        max_length=20,
                        verbose_name="lý do thôi giữ chức danh",
                    ),
                ),
                ("decision", models.CharField(blank=True, max_length=200, verbose_name="quyết định")),
                (
                    "is_error",
                    models.BooleanField(db_default=False, default=False, verbose_name="nhập sai, không tính"),
                ),
                (
                    "note",
                    models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="ghi chú"),
                ),
                (
                    "changed_at",
                    cadres.models.fields.ChangedAtField(
                        db_default=cadres.models.fields.ClockTime(), editable=False, verbose_name="sửa lúc"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.importbatch",
                    ),
                ),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appointments",
                        to="cadres.official",
                        verbose_name="cán bộ, công chức",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="cadres.position",
                        verbose_name="chức danh",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        db_index=False,
                        related_name="appointments",
                        to="cadres.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "chức danh đảm nhiệm",
                "verbose_name_plural": "chức danh đảm nhiệm",
                "ordering": ("official_id", "-is_primary", "start_date"),
            },
        ),
        migrations.CreateModel(
            name="UnitRelaxation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "start_date",
                    cadres.periods.StartDateField(
                        blank=True,
                        default=datetime.date(1, 1, 1),
                        help_text="Để trống nếu không rõ ngày bắt đầu.",
                        verbose_name="từ ngày",
                    ),
                ),
                (
                    "end_date",
                    models.DateField(
                        blank=True, help_text="Để trống nếu còn hiệu lực.", null=True, verbose_name="đến hết ngày"
                    ),
                ),
                ("is_relaxed", models.BooleanField(default=True, verbose_name="áp dụng mức giảm")),
                ("decision", models.CharField(max_length=200, verbose_name="văn bản")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relaxations",
                        to="cadres.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "mức giảm tiêu chuẩn của xã",
                "verbose_name_plural": "mức giảm tiêu chuẩn của xã",
                "ordering": ("unit_id", "start_date"),
            },
        ),
        migrations.CreateModel(
            name="UnitSuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField(verbose_name="có hiệu lực từ")),
                ("decision", models.CharField(blank=True, max_length=200, verbose_name="văn bản")),
                ("confidence", models.CharField(blank=True, max_length=200, verbose_name="mức tin cậy")),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions",
                        to="cadres.unit",
                        verbose_name="đơn vị cũ",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="precedents",
                        to="cadres.unit",
                        verbose_name="đơn vị mới",
                    ),
                ),
            ],
            options={
                "verbose_name": "sáp nhập, chia tách",
                "verbose_name_plural": "sáp nhập, chia tách",
                "ordering": ("effective_on", "predecessor_id"),
            },
        ),
        migrations.CreateModel(
            name="UnitVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "start_date",
                    cadres.periods.StartDateField(
                        blank=True,
                        default=datetime.date(1, 1, 1),
                        help_text="Để trống nếu không rõ ngày bắt đầu.",
                        verbose_name="từ ngày",
                    ),
                ),
                (
                    "end_date",
                    models.DateField(
                        blank=True, help_text="Để trống nếu còn hiệu lực.", null=True, verbose_name="đến hết ngày"
                    ),
                ),
                ("code", models.CharField(max_length=10, verbose_name="mã")),
                ("name", models.CharField(max_length=100, verbose_name="tên")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("province", "Tỉnh"),
                            ("district", "Huyện, thị xã, thành phố"),
                            ("commune", "Xã"),
                            ("ward", "Phường"),
                            ("township", "Thị trấn"),
                        ],
                        max_length=10,
                        verbose_name="loại",
                    ),
                ),
                ("decision", models.CharField(blank=True, max_length=200, verbose_name="văn bản")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="child_versions",
                        to="cadres.unit",
                        verbose_name="trực thuộc",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="cadres.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "tên, mã đơn vị theo thời gian",
                "verbose_name_plural": "tên, mã đơn vị theo thời gian",
                "ordering": ("code", "start_date"),
            },
        ),
        migrations.CreateModel(
            name="UnitZone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "start_date",
                    cadres.periods.StartDateField(
                        blank=True,
                        default=datetime.date(1, 1, 1),
                        help_text="Để trống nếu không rõ ngày bắt đầu.",
                        verbose_name="từ ngày",
                    ),
                ),
                (
                    "end_date",
                    models.DateField(
                        blank=True, help_text="Để trống nếu còn hiệu lực.", null=True, verbose_name="đến hết ngày"
                    ),
                ),
                (
                    "zone",
                    models.PositiveSmallIntegerField(choices=[(1, "I"), (2, "II"), (3, "III")], verbose_name="khu vực"),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("decision", "Quyết định"), ("roster", "Danh sách huyện gửi")],
                        default="decision",
                        max_length=10,
                        verbose_name="nguồn",
                    ),
                ),
                ("decision", models.CharField(blank=True, max_length=200, verbose_name="văn bản")),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.importbatch",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="zones",
                        to="cadres.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "khu vực của xã",
                "verbose_name_plural": "khu vực của xã",
                "ordering": ("unit_id", "start_date"),
            },
        ),
        migrations.CreateModel(
            name="UserScope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "start_date",
                    cadres.periods.StartDateField(
                        blank=True,
                        default=datetime.date(1, 1, 1),
                        help_text="Để trống nếu không rõ ngày bắt đầu.",
                        verbose_name="từ ngày",
                    ),
                ),
                (
                    "end_date",
                    models.DateField(
                        blank=True, help_text="Để trống nếu còn hiệu lực.", null=True, verbose_name="đến hết ngày"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.unit",
                        verbose_name="đơn vị phụ trách",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scopes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tài khoản",
                    ),
                ),
            ],
            options={
                "verbose_name": "đơn vị phụ trách",
                "verbose_name_plural": "đơn vị phụ trách",
            },
        ),
        migrations.CreateModel(
            name="ValueSpelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=30, verbose_name="trường")),
                ("code", models.CharField(max_length=30, verbose_name="mã giá trị")),
                ("spelling", models.CharField(max_length=200, verbose_name="cách viết")),
                ("spelling_key", models.CharField(editable=False, max_length=200)),
                ("learnt_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="dạy lúc")),
                (
                    "learnt_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người dạy",
                    ),
                ),
            ],
            options={
                "verbose_name": "cách viết trong danh sách",
                "verbose_name_plural": "cách viết trong danh sách",
                "ordering": ("field", "code", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "start_date",
                    cadres.periods.StartDateField(
                        blank=True,
                        default=datetime.date(1, 1, 1),
                        help_text="Để trống nếu không rõ ngày bắt đầu.",
                        verbose_name="từ ngày",
                    ),
                ),
                (
                    "end_date",
                    models.DateField(
                        blank=True, help_text="Để trống nếu còn hiệu lực.", null=True, verbose_name="đến hết ngày"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="lý do")),
                ("decision", models.CharField(max_length=200, verbose_name="quyết định")),
                (
                    "dimension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.dimension",
                        verbose_name="mặt tiêu chuẩn",
                    ),
                ),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waivers",
                        to="cadres.official",
                        verbose_name="cán bộ, công chức",
                    ),
                ),
            ],
            options={
                "verbose_name": "miễn tiêu chuẩn",
                "verbose_name_plural": "miễn tiêu chuẩn",
                "ordering": ("official_id", "start_date"),
            },
        ),
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("layout_key", models.CharField(max_length=64, verbose_name="bố cục")),
                ("column_key", models.CharField(max_length=300, verbose_name="cột")),
                ("field", models.CharField(blank=True, max_length=30, verbose_name="trường")),
                ("decided_at", models.DateTimeField(auto_now=True, verbose_name="chọn lúc")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người chọn",
                    ),
                ),
            ],
            options={
                "verbose_name": "cột đã chọn của bố cục",
                "verbose_name_plural": "cột đã chọn của bố cục",
                "ordering": ("layout_key", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("layout_key", "column_key"),
                        name="column_mapping_once",
                        violation_error_message="Cột này của bố cục đã được chọn trường.",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="level",
            constraint=models.UniqueConstraint(fields=("dimension", "code"), name="level_code_once"),
        ),
        migrations.AddConstraint(
            model_name="level",
            constraint=models.UniqueConstraint(fields=("dimension", "rank"), name="level_rank_once"),
        ),
        migrations.AddIndex(
            model_name="official",
            index=models.Index(models.F("name_order"), models.F("id"), name="official_name_order"),
        ),
        migrations.AddIndex(
            model_name="official",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("folded_name", name="gin_trgm_ops"),
                name="official_folded_name_trigram",
            ),
        ),
        migrations.AddIndex(
            model_name="official",
            index=models.Index(models.F("folded_name"), models.F("birth_date"), name="official_name_and_birth"),
        ),
        migrations.AddConstraint(
            model_name="official",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("birth_date__isnull", True), ("birth_precision", "")),
                    models.Q(("birth_date__isnull", False), models.Q(("birth_precision", ""), _negated=True)),
                    _connector="OR",
                ),
                name="official_birth_with_precision",
                violation_error_message="Ngày sinh phải đi cùng mức biết đến (ngày, tháng hoặc năm).",
            ),
        ),
        migrations.AddConstraint(
            model_name="official",
            constraint=models.CheckConstraint(
                condition=models.Q(("party_joined_on__isnull", True), ("is_party_member", True), _connector="OR"),
                name="official_party_date_of_members",
                violation_error_message="Chỉ đảng viên mới có ngày vào Đảng.",
            ),
        ),
        migrations.AddConstraint(
            model_name="missingofficial",
            constraint=models.UniqueConstraint(
                fields=("batch", "official"),
                name="missing_official_once",
                violation_error_message="Người này đã được nêu trong lần nhập.",
            ),
        ),
        migrations.AddConstraint(
            model_name="missingofficial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_date__isnull", True), ("end_reason", "")),
                    models.Q(("end_date__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="missing_end_with_reason",
                violation_error_message="Ngày thôi giữ chức danh phải đi cùng lý do.",
            ),
        ),
        migrations.AddIndex(
            model_name="officialidentifier",
            index=models.Index(models.F("number"), name="official_identifier_number"),
        ),
        migrations.AddConstraint(
            model_name="officialidentifier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                ),
                name="identifier_ends_after_start",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialidentifier",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("official", "="),
                    (
                        models.Func(
                            "start_date",
                            "end_date",
                            django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="identifier_once_a_day",
                violation_error_message="Người này đã có số định danh trong khoảng thời gian đó.",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialidentifier",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("number", "="),
                    (
                        models.Func(
                            "start_date",
                            "end_date",
                            django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="identifier_of_one_person",
                violation_error_message="Số này đã thuộc người khác trong khoảng thời gian đó.",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialidentifier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "CMND"), ("number__regex", "^[0-9]{9}$")),
                    models.Q(("kind", "CCCD"), ("number__regex", "^[0-9]{12}$")),
                    _connector="OR",
                ),
                name="identifier_digits",
                violation_error_message="CMND có 9 chữ số, CCCD có 12 chữ số.",
            ),
        ),
        migrations.AddConstraint(
            model_name="acceptedfield",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                ),
                name="accepted_field_ends_after_start",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="acceptedfield",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("position", "="),
                    ("dimension", "="),
                    ("field_key", "="),
                    (
                        models.Func(
                            "start_date",
                            "end_date",
                            django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="accepted_field_once_a_day",
                violation_error_message="Chuyên ngành này đã có trong khoảng thời gian đó.",
            ),
        ),
        migrations.AddIndex(
            model_name="qualification",
            index=models.Index(
                fields=["official", "level"],
                include=("start_date", "end_date", "is_error", "field_key"),
                name="qualification_of_official",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                ),
                name="qualification_ends_after_start",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("awarded_on__isnull", True), ("awarded_precision", "")),
                    models.Q(("awarded_on__isnull", False), models.Q(("awarded_precision", ""), _negated=True)),
                    _connector="OR",
                ),
                name="qualification_award_with_precision",
                violation_error_message="Ngày cấp phải đi cùng mức biết đến (ngày, tháng hoặc năm).",
            ),
        ),
        migrations.AddConstraint(
            model_name="requirement",
            constraint=models.UniqueConstraint(fields=("standard", "position", "dimension"), name="requirement_once"),
        ),
        migrations.AddConstraint(
            model_name="rosterday",
            constraint=models.UniqueConstraint(fields=("unit", "day", "batch"), name="roster_day_once"),
        ),
        migrations.AddConstraint(
            model_name="rosterday",
            constraint=models.UniqueConstraint(
                condition=models.Q(("batch__isnull", True)), fields=("unit", "day"), name="roster_day_by_hand_once"
            ),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(models.F("batch"), models.F("outcome"), name="import_row_outcome"),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("as_of__isnull", False), ("state__in", ["waiting", "failed", "discarded"]), _connector="OR"
                ),
                name="import_batch_read_with_day",
                violation_error_message="Danh sách đã đọc phải có ngày số liệu.",
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                fields=["unit", "start_date"],
                include=("end_date", "is_primary", "official", "position", "id"),
                name="appointment_unit",
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(models.F("position"), models.F("start_date"), name="appointment_position"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                ),
                name="appointment_ends_after_start",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("is_error", False), ("is_primary", True)),
                expressions=[
                    ("official", "="),
                    (
                        models.Func(
                            "start_date",
                            "end_date",
                            django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="one_primary_post_a_day",
                violation_error_message="Người này đã có chức danh chính khác trong thời gian đó; hãy kết thúc chức danh cũ trước.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("is_error", False)),
                expressions=[
                    ("official", "="),
                    ("position", "="),
                    ("unit", "="),
                    (
                        models.Func(
                            "start_date",
                            "end_date",
                            django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="same_post_once_a_day",
                violation_error_message="Người này đã giữ chức danh đó tại đơn vị đó trong khoảng thời gian trùng nhau.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("end_reason", ""), ("end_date__isnull", False), _connector="OR"),
                name="appointment_reason_with_end",
                violation_error_message="Lý do thôi giữ chức danh phải đi cùng ngày kết thúc.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stated_start__isnull", True), ("stated_start_precision", "")),
                    models.Q(("stated_start__isnull", False), models.Q(("stated_start_precision", ""), _negated=True)),
                    _connector="OR",
                ),
                name="appointment_stated_with_precision",
                violation_error_message="Ngày bổ nhiệm theo hồ sơ phải đi cùng mức biết đến.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitrelaxation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                ),
                name="unit_relaxation_ends_after_start",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitrelaxation",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("unit", "="),
                    (
                        models.Func(
                            "start_date",
                            "end_date",
                            django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="unit_relaxation_once_a_day",
                violation_error_message="Xã này đã có quyết định trong khoảng thời gian đó.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitsuccession",
            constraint=models.UniqueConstraint(
                fields=("predecessor", "successor", "effective_on"), name="unit_succession_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="unitversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                ),
                name="unit_version_ends_after_start",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitversion",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("unit", "="),
                    (
                        models.Func(
                            "start_date",
                            "end_date",
                            django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="unit_version_once_a_day",
                violation_error_message="Đơn vị này đã có tên, mã khác trong khoảng thời gian đó.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitversion",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("code", "="),
                    (
                        models.Func(
                            "start_date",
                            "end_date",
                            django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="unit_code_once_a_day",
                violation_error_message="Mã này đã thuộc đơn vị khác trong khoảng thời gian đó.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitzone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                ),
                name="unit_zone_ends_after_start",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitzone",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("unit", "="),
                    (
                        models.Func(
                            "start_date",
                            "end_date",
                            django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="unit_zone_once_a_day",
                violation_error_message="Xã này đã có khu vực trong khoảng thời gian đó.",
            ),
        ),
        migrations.AddConstraint(
            model_name="userscope",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                ),
                name="user_scope_ends_after_start",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="userscope",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("user", "="),
                    ("unit", "="),
                    (
                        models.Func(
                            "start_date",
                            "end_date",
                            django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="user_scope_once_a_day",
                violation_error_message="Đơn vị này đã được giao trong khoảng thời gian đó.",
            ),
        ),
        migrations.AddConstraint(
            model_name="valuespelling",
            constraint=models.UniqueConstraint(
                fields=("field", "spelling_key"),
                name="value_spelling_once",
                violation_error_message="Cách viết này đã được hiểu là một giá trị khác.",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                ),
                name="waiver_ends_after_start",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("official", "="),
                    ("dimension", "="),
                    (
                        models.Func(
                            "start_date",
                            "end_date",
                            django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="waiver_once_a_day",
                violation_error_message="Người này đã được miễn mặt tiêu chuẩn đó trong khoảng thời gian đó.",
            ),
        ),
        migrations.CreateModel(
            name="JudgedPost",
            fields=[
                (
                    "appointment",
                    models.OneToOneField(
                        db_column="id",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cadres.appointment",
                    ),
                ),
                ("commune_code", models.TextField()),
                ("commune_name", models.TextField()),
                ("commune_valid_from", models.DateField()),
                ("district_code", models.TextField(null=True)),
                ("district_name", models.TextField(null=True)),
                ("district_valid_from", models.DateField(null=True)),
                ("zone", models.PositiveSmallIntegerField(null=True)),
                ("is_relaxed", models.BooleanField()),
                ("asked", cadres.models.verdicts.LevelSetField(null=True)),
                ("held", cadres.models.verdicts.LevelSetField()),
                ("met", cadres.models.verdicts.LevelSetField(null=True)),
                ("exempt", cadres.models.verdicts.LevelSetField(null=True)),
                ("not_met", cadres.models.verdicts.LevelSetField(null=True)),
                ("unknown", cadres.models.verdicts.LevelSetField(null=True)),
                ("verdict", models.TextField(null=True)),
                ("is_in_transition", models.BooleanField()),
            ],
            options={
                "ordering": ("official_id",),
                "verbose_name": "chức danh được đánh giá",
                "verbose_name_plural": "chức danh được đánh giá",
                "db_table": "judged_post",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.RunSQL(REFRESH_STATISTICS, "DROP FUNCTION refresh_registry_statistics()"),
        CreateHistory(),
        migrations.CreateModel(
            name="Act",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="lúc")),
                ("db_role", models.TextField(verbose_name="vai trò PostgreSQL")),
                ("kind", models.TextField(verbose_name="việc")),
                ("reason", models.TextField(verbose_name="lý do")),
                ("context", models.JSONField(verbose_name="ngữ cảnh")),
            ],
            options={
                "verbose_name": "việc đã làm",
                "verbose_name_plural": "các việc đã làm",
                "db_table": 'history"."act',
                "ordering": ("-id",),
                "managed": False,
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="lúc")),
                ("table_name", models.TextField(verbose_name="bảng")),
                ("key", models.BigIntegerField(verbose_name="khóa")),
                ("parent_table", models.TextField(null=True)),
                ("parent", models.BigIntegerField(null=True)),
                ("operation", models.CharField(choices=[("I", "thêm"), ("U", "sửa"), ("D", "xóa")], max_length=1)),
                ("before", models.JSONField(null=True, verbose_name="trước")),
                ("after", models.JSONField(null=True, verbose_name="sau")),
            ],
            options={
                "verbose_name": "thay đổi",
                "verbose_name_plural": "các thay đổi",
                "db_table": 'history"."change',
                "ordering": ("-id",),
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="lúc")),
                ("day", models.DateField(verbose_name="ngày")),
                ("username", models.TextField(verbose_name="tên đăng nhập")),
                ("kind", models.TextField(verbose_name="việc")),
                ("path", models.TextField(verbose_name="địa chỉ")),
                ("address", models.TextField(verbose_name="máy")),
            ],
            options={
                "verbose_name": "lượt vào hệ thống",
                "verbose_name_plural": "các lượt vào hệ thống",
                "db_table": 'history"."visit',
                "ordering": ("-id",),
                "managed": False,
                "default_permissions": (),
            },
        ),
        RecordTable("cadres_official", person="id"),
        RecordTable("cadres_officialidentifier", person="official_id"),
        RecordTable("cadres_appointment", person="official_id"),
        RecordTable("cadres_qualification", person="official_id"),
        RecordTable("cadres_waiver", person="official_id"),
        RecordTable("cadres_unit"),
        RecordTable("cadres_unitversion", parent=("cadres_unit", "unit_id")),
        RecordTable("cadres_unitzone", parent=("cadres_unit", "unit_id")),
        RecordTable("cadres_unitrelaxation", parent=("cadres_unit", "unit_id")),
        RecordTable("cadres_rosterday", parent=("cadres_unit", "unit_id")),
        RecordTable("cadres_unitsuccession", parent=("cadres_unit", "predecessor_id")),
        RecordTable("cadres_position"),
        RecordTable("cadres_acceptedfield", parent=("cadres_position", "position_id")),
        RecordTable("cadres_dimension"),
        RecordTable("cadres_level", parent=("cadres_dimension", "dimension_id")),
        RecordTable("cadres_standard"),
        RecordTable("cadres_requirement", parent=("cadres_standard", "standard_id")),
        RecordTable("cadres_criterion"),
        RecordTable("cadres_criterion_dimensions", parent=("cadres_criterion", "criterion_id")),
        RecordTable("cadres_retirementage"),
        RecordTable("cadres_ethnicgroup"),
        RecordTable("cadres_importbatch", left_out=("summary",)),
        RecordTable("cadres_columnmapping"),
        RecordTable("cadres_columntitle"),
        RecordTable("cadres_valuespelling"),
        RecordTable("cadres_user", secret=("password",), left_out=("last_login",)),
        RecordTable("cadres_user_groups", parent=("cadres_user", "user_id")),
        RecordTable("cadres_user_user_permissions", parent=("cadres_user", "user_id")),
        RecordTable("cadres_userscope", parent=("cadres_user", "user_id")),
    ]
