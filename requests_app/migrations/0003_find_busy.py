import lotsen_portal.models.ground
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests_app', '0002_find_fast'),
        ('volunteers', '0002_find_fast'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(lotsen_portal.models.ground._Edge(models.F('period'), function='lower'), condition=models.Q(('state__in', ['agreed', 'took_place'])), name='assignment_live_begins'),
        ),
    ]
