"""An account holds several roles, each for a time; the one role and the units that it had become such grants."""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cadres.periods
from cadres.history.triggers import RecordTable

# What each role becomes: nobody loses anything by it. The scopes of accounts that were no officers meant nothing.
COPY = """
INSERT INTO cadres_rolegrant (user_id, role, unit_id, start_date, end_date)
SELECT account.id, became.role, NULL::bigint, DATE '0001-01-01', NULL::date
FROM cadres_user AS account
JOIN (VALUES
    ('province_staff', 'administrator'), ('province_staff', 'registry_staff'),
    ('province_staff', 'training_staff'), ('province_staff', 'approver'),
    ('leader', 'leader'), ('training_institution', 'training_institution')
) AS became (was, role) ON became.was = CASE WHEN account.is_superuser THEN 'province_staff' ELSE account.role END
UNION ALL
SELECT given.user_id, 'unit_officer', given.unit_id, given.start_date, given.end_date
FROM cadres_userscope AS given JOIN cadres_user AS account ON account.id = given.user_id
WHERE account.role = 'district_officer' AND NOT account.is_superuser;
UPDATE cadres_user SET is_superuser = false WHERE is_superuser;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0015_confidence_of_successions_in_vietnamese"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="must_change_password",
            field=models.BooleanField(default=False, verbose_name="phải đổi mật khẩu"),
        ),
        migrations.AddField(
            model_name="user",
            name="suspended_for",
            field=models.CharField(blank=True, max_length=300, verbose_name="lý do ngừng"),
        ),
        migrations.AddField(
            model_name="user",
            name="word_expires_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="mật khẩu dùng một lần có hạn đến"),
        ),
        migrations.CreateModel(
            name="RoleGrant",
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
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "Quản trị hệ thống"),
                            ("registry_staff", "Sở Nội vụ: hồ sơ"),
                            ("training_staff", "Sở Nội vụ: đào tạo"),
                            ("approver", "Sở Nội vụ: phê duyệt"),
                            ("unit_officer", "Cán bộ huyện, xã"),
                            ("training_institution", "Cơ sở đào tạo"),
                            ("leader", "Lãnh đạo (chỉ xem)"),
                            ("auditor", "Kiểm tra, giám sát"),
                        ],
                        max_length=20,
                        verbose_name="vai trò",
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
                        verbose_name="đơn vị phụ trách",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tài khoản",
                    ),
                ),
            ],
            options={
                "verbose_name": "vai trò được giao",
                "verbose_name_plural": "vai trò được giao",
            },
            bases=(cadres.periods.DatedRow, models.Model),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                ),
                name="role_grant_ends_after_start",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role__in", ["unit_officer"]), ("unit__isnull", False)),
                    models.Q(models.Q(("role__in", ["unit_officer"]), _negated=True), ("unit__isnull", True)),
                    _connector="OR",
                ),
                name="role_grant_unit_of_officers",
                violation_error_message="Cán bộ huyện, xã cần đơn vị phụ trách; vai trò khác không gắn với đơn vị.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("user", "="),
                    ("role", "="),
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
                name="role_grant_once_a_day",
                violation_error_message="Vai trò này ở đơn vị này đã được giao trong khoảng thời gian đó.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("unit__isnull", True)),
                expressions=[
                    ("user", "="),
                    ("role", "="),
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
                name="role_grant_of_all_once_a_day",
                violation_error_message="Vai trò này đã được giao trong khoảng thời gian đó.",
            ),
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        RecordTable("cadres_rolegrant", parent=("cadres_user", "user_id")),
        migrations.RemoveField(
            model_name="user",
            name="role",
        ),
        migrations.DeleteModel(
            name="UserScope",
        ),
    ]
