from django.db import migrations

# The remarks that came with the software, as an officer reads them. What somebody else wrote there stays.
SAID = {
    "confirmed": "đã đối chiếu",
    "confirmed (date to be checked)": "đã đối chiếu (ngày cần kiểm tra)",
    "same code continues": "giữ nguyên mã",
    "unconfirmed: main successor only, part of the area may have gone elsewhere": "chưa đối chiếu: mới ghi đơn vị kế "
    "tục chính, một phần có thể nhập vào đơn vị khác",
}


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0014_where_a_requirement_is_written"),
    ]

    operations = [
        migrations.RunSQL(
            [("UPDATE cadres_unitsuccession SET confidence = %s WHERE confidence = %s", [new, old])],
            migrations.RunSQL.noop,
        )
        for old, new in SAID.items()
    ]
