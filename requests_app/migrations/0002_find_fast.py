from django.conf import settings
from django.db import migrations, models

import lotsen_portal.models.ground


class Migration(migrations.Migration):
    dependencies = [
        ("requests_app", "0001_initial"),
        ("volunteers", "0002_find_fast"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="assistancerequest",
            index=models.Index(fields=["state", "-id"], name="assistance_by_state"),
        ),
        migrations.AddIndex(
            model_name="assistancerequest",
            index=models.Index(
                lotsen_portal.models.ground._Edge(models.F("period"), function="lower"),
                name="assistance_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="requestedlanguage",
            index=models.Index(fields=["language", "-assistance"], name="requested_language_newest"),
        ),
    ]
