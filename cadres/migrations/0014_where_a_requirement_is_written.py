from django.db import migrations

# What another than the software had put into the column is kept as the source; the remarks that came with the software
# are told in Vietnamese by cadres.reference_data.
KEEP = """
UPDATE cadres_requirement SET source = confidence
WHERE source = '' AND confidence NOT IN ('', 'confirmed', 'partly from memory')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0013_what_a_change_bears_on"),
    ]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="requirement", name="confidence"),
    ]
