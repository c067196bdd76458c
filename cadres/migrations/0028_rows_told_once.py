from pathlib import Path

from django.db import migrations

from cadres.history.triggers import RecordArrivals


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0027_table_of_the_home_page"),
    ]

    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
        ),
        RecordArrivals("cadres_official", person="id"),
        RecordArrivals("cadres_officialidentifier", person="official_id"),
        RecordArrivals(
            "cadres_appointment",
            person="official_id",
            kept=("start_date", "end_date", "is_primary", "is_error"),
        ),
        RecordArrivals("cadres_qualification", person="official_id", kept=("start_date", "end_date", "is_error")),
    ]
