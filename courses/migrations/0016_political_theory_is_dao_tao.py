from django.db import migrations

# Trung cấp lý luận chính trị leads to a level that changes what somebody is qualified for: đào tạo, as Cao cấp is.
# An installation has its row already.
IS_DAO_TAO = "UPDATE courses_programme SET kind = 'degree' WHERE code = 'TC-LLCT' AND kind = 'certificate'"


class Migration(migrations.Migration):
    dependencies = [("courses", "0015_support_by_distance")]

    operations = [migrations.RunSQL(IS_DAO_TAO, migrations.RunSQL.noop)]
