"""A function by which the web role, which owns no table, lets the planner know that many rows have arrived."""

from django.db import migrations

CREATE = """
CREATE FUNCTION refresh_registry_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
AS $$
BEGIN
    ANALYZE cadres_official, cadres_officialidentifier, cadres_appointment, cadres_qualification, cadres_rosterday,
        cadres_unitzone, cadres_importrow, cadres_unitversion, cadres_position, cadres_level, cadres_requirement;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("cadres", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION refresh_registry_statistics()")]
