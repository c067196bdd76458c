from django.db import migrations, models

# Where these rows stand as they came with the software. What the province has kept otherwise stays; what is new is
# loaded by cadres.reference_data.
GO_ON = """
UPDATE cadres_position SET end_date = NULL
WHERE end_date = '2025-06-30'
  AND code IN ('BT_DU', 'PBT_DU', 'CT_HDND', 'PCT_HDND', 'CT_UBND', 'PCT_UBND', 'CT_MTTQ', 'CHT_QS')
"""
# NĐ 33/2023/NĐ-CP judged until the law of 2025 came into force, and what it left time for ended with it.
END = """
UPDATE cadres_standard SET end_date = '2025-06-30', transition_until = '2025-06-30'
WHERE end_date IS NULL AND transition_until = '2028-08-01' AND code IN ('R2023_CB', 'R2023_CC')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0021_zones_by_period"),
    ]

    operations = [
        migrations.AlterField(
            model_name="position",
            name="subgroup",
            field=models.CharField(
                choices=[
                    ("key", "Chức danh chủ chốt"),
                    ("head", "Lãnh đạo phòng, ban"),
                    ("mass", "Đoàn thể"),
                    ("professional", "Chuyên môn"),
                    ("non_specialist", "Không chuyên trách"),
                ],
                max_length=20,
                verbose_name="phân nhóm",
            ),
        ),
        migrations.RunSQL(GO_ON, migrations.RunSQL.noop),
        migrations.RunSQL(END, migrations.RunSQL.noop),
    ]
