"""How often a step was drawn again is asked of the log by the step, so these few events get an index of their own."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.fields.json import KeyTransform


class Migration(migrations.Migration):
    """Adds the partial index; it writes no row."""

    dependencies = [("runs", "0004_launching")]

    operations = [
        migrations.AddIndex(
            model_name="runevent",
            index=models.Index(
                models.F("run"),
                KeyTransform("number", "data"),
                condition=models.Q(kind="step-repeated"),
                name="repeats_of_a_step",
            ),
        ),
    ]
