import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from cadres.history.triggers import RecordTable


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0029_targets_and_reminders"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page", models.CharField(max_length=100, verbose_name="danh sách")),
                ("name", models.CharField(max_length=60, verbose_name="tên khung nhìn")),
                ("query", models.CharField(blank=True, max_length=2000, verbose_name="địa chỉ")),
                ("is_shared", models.BooleanField(default=False, verbose_name="dùng chung")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tài khoản",
                    ),
                ),
            ],
            options={
                "verbose_name": "khung nhìn",
                "verbose_name_plural": "khung nhìn",
                "ordering": ("name", "pk"),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "page", "name"),
                        name="saved_view_named_once",
                        violation_error_message="Danh sách này đã có khung nhìn tên đó của bạn. Hãy đặt tên khác.",
                    )
                ],
            },
        ),
        RecordTable("cadres_savedview", parent=("cadres_user", "account_id")),
    ]
