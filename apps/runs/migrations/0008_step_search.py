import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runs", "0007_sealed_trees_and_visits"),
    ]

    operations = [
        migrations.AddField(
            "run",
            "searchable",
            models.BooleanField(
                default=False, db_default=False, help_text="Whether StepSearch holds all of its steps."
            ),
        ),
        migrations.AddIndex(
            "run",
            models.Index(
                fields=["-id"],
                name="runs_to_index",
                condition=models.Q(status__in=("finished", "failed", "cancelled"), searchable=False),
            ),
        ),
        migrations.CreateModel(
            name="StepSearch",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="runs.run",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=True, fields=["words"], name="steps_by_word")
                ]
            },
        ),
    ]
