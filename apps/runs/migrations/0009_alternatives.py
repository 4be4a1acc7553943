from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runs", "0008_step_search"),
    ]

    operations = [
        migrations.AddField(
            "experiment",
            "alternatives",
            models.PositiveSmallIntegerField(
                default=0, help_text="How many of the likeliest tokens at every place are stored beside the drawn one."
            ),
        ),
    ]
