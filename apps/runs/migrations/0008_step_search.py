import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_session_round"),
        ("problems", "0002_problem_extra"),
        ("runs", "0007_sealed_trees_and_visits"),
    ]

    operations = [
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
            ],
        ),
        migrations.AddField(
            model_name="run",
            name="searchable",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Whether StepSearch holds all of its steps."
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                condition=models.Q(("searchable", False), ("status__in", ("finished", "failed", "cancelled"))),
                fields=["-id"],
                name="runs_to_index",
            ),
        ),
        migrations.AddField(
            model_name="stepsearch",
            name="run",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="words",
                to="runs.run",
            ),
        ),
        migrations.AddIndex(
            model_name="stepsearch",
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=True, fields=["words"], name="steps_by_word"),
        ),
    ]
