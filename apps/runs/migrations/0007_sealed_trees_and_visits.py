import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runs", "0006_resumed_at"),
    ]

    operations = [
        migrations.AddField("steptokens", "alternatives", models.JSONField(null=True)),
        migrations.CreateModel(
            name="SealedTree",
            fields=[
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sealed",
                        serialize=False,
                        to="runs.run",
                    ),
                ),
                ("upto_seq", models.PositiveIntegerField()),
                ("columns", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run_id", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seq", models.PositiveIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("value", models.FloatField()),
                ("returns", models.BinaryField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="runs.run",
                    ),
                ),
            ],
        ),
    ]
