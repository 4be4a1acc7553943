from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("labels", "0003_queue_changes")]

    operations = [
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["labeller"], name="open_turns_of_a_labeller", condition=models.Q(state="open")),
        ),
    ]
