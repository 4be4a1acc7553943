from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("labels", "0004_open_turns")]

    operations = [
        migrations.AddField(
            model_name="labelqueue",
            name="build_key",
            field=models.CharField(blank=True, db_default="", max_length=64),
        ),
        migrations.AddField(
            model_name="labelqueue",
            name="build_digest",
            field=models.CharField(blank=True, db_default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="labelqueue",
            constraint=models.UniqueConstraint(
                fields=["team", "build_key"], condition=~models.Q(build_key=""), name="one_queue_a_build_key"
            ),
        ),
    ]
