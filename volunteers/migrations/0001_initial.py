import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import volunteers.models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.DateField(verbose_name='Erster Tag')),
                ('last', models.DateField(verbose_name='Letzter Tag')),
            ],
            options={
                'verbose_name': 'Abwesenheit',
                'verbose_name_plural': 'Abwesenheiten',
                'ordering': ['first'],
            },
        ),
        migrations.CreateModel(
            name='Language',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=16, unique=True, verbose_name='Kürzel')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='Name')),
                ('own_name', models.CharField(max_length=80, verbose_name='Eigener Name')),
                ('direction', models.CharField(choices=[('ltr', 'von links nach rechts'), ('rtl', 'von rechts nach links')], default='ltr', max_length=3, verbose_name='Schreibrichtung')),
                ('family', models.SlugField(blank=True, help_text='Sprachen mit demselben Eintrag sind einander nah, zum Beispiel Dari und Farsi.', max_length=16, verbose_name='Verwandt mit')),
                ('active', models.BooleanField(default=True, verbose_name='Wird angeboten')),
            ],
            options={
                'verbose_name': 'Sprache',
                'verbose_name_plural': 'Sprachen',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='SpeakerCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField()),
                ('gender', models.CharField(blank=True, max_length=1)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ('ready_until', models.DateField()),
                ('conduct_until', models.DateField()),
                ('weekly_maximum', models.PositiveSmallIntegerField()),
                ('minutes_90d', models.PositiveIntegerField()),
                ('last_on', models.DateField(null=True)),
                ('monday', models.IntegerField()),
                ('tuesday', models.IntegerField()),
                ('wednesday', models.IntegerField()),
                ('thursday', models.IntegerField()),
                ('friday', models.IntegerField()),
                ('saturday', models.IntegerField()),
                ('sunday', models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Speaks',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(choices=[(1, 'Grundkenntnisse (A2)'), (2, 'gut (B1 bis B2)'), (3, 'sehr gut (C1 bis C2)'), (4, 'Erstsprache')], default=3, verbose_name='Niveau')),
            ],
            options={
                'verbose_name': 'Sprache einer Lotsin oder eines Lotsen',
                'verbose_name_plural': 'Sprachen der Lotsinnen und Lotsen',
                'ordering': ['-level', 'language__name'],
            },
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=32, unique=True, verbose_name='Kürzel')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='Name')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='Reihenfolge')),
                ('needs_training', models.BooleanField(default=False, help_text='Nur wer für dieses Thema geschult ist, wird vorgeschlagen.', verbose_name='Verlangt eine Schulung')),
                ('needs_conduct_certificate', models.BooleanField(default=False, help_text='Zum Beispiel, weil Kinder allein anwesend sein können.', verbose_name='Verlangt ein Führungszeugnis')),
                ('active', models.BooleanField(default=True, verbose_name='Wird angeboten')),
            ],
            options={
                'verbose_name': 'Thema',
                'verbose_name_plural': 'Themen',
                'ordering': ['position', 'name'],
            },
        ),
        migrations.CreateModel(
            name='TopicTraining',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('completed_on', models.DateField(verbose_name='Abgeschlossen am')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='Gültig bis')),
            ],
            options={
                'verbose_name': 'Themenschulung',
                'verbose_name_plural': 'Themenschulungen',
                'ordering': ['-completed_on'],
            },
        ),
        migrations.CreateModel(
            name='Volunteer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='Name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='E-Mail')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='Telefon')),
                ('gender', models.CharField(blank=True, choices=[('f', 'weiblich'), ('m', 'männlich'), ('d', 'divers')], max_length=1, verbose_name='Geschlecht')),
                ('mail_language', models.CharField(default='de', max_length=10, verbose_name='Sprache der Mails')),
                ('state', models.CharField(choices=[('applicant', 'in Bewerbung'), ('in_training', 'in Schulung'), ('active', 'aktiv'), ('paused', 'pausiert'), ('left', 'ausgeschieden')], default='applicant', max_length=16, verbose_name='Stand')),
                ('paused_until', models.DateField(blank=True, null=True, verbose_name='Pause bis')),
                ('undertaking_on', models.DateField(blank=True, null=True, verbose_name='Verschwiegenheitserklärung vom')),
                ('undertaking_until', models.DateField(blank=True, null=True, verbose_name='Erklärung gültig bis')),
                ('conduct_seen_on', models.DateField(blank=True, null=True, verbose_name='Führungszeugnis eingesehen am')),
                ('conduct_until', models.DateField(blank=True, null=True, verbose_name='Führungszeugnis gültig bis')),
                ('weekly_maximum', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(20)], verbose_name='Höchstens Einsätze je Woche')),
                ('availability', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=volunteers.models.always_available, size=7, verbose_name='Verfügbar')),
                ('shares_phone', models.BooleanField(default=False, help_text='Die Einrichtung sieht die Nummer erst nach einer Zusage.', verbose_name='Telefonnummer darf weitergegeben werden')),
                ('joined_on', models.DateField(blank=True, null=True, verbose_name='Dabei seit')),
                ('minutes_90d', models.PositiveIntegerField(default=0, editable=False, verbose_name='Minuten in 90 Tagen')),
                ('last_deployed_on', models.DateField(editable=False, null=True, verbose_name='Letzter Einsatz')),
            ],
            options={
                'verbose_name': 'Integrationslotsin oder -lotse',
                'verbose_name_plural': 'Integrationslotsinnen und -lotsen',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='District',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='Name')),
                ('latitude', models.FloatField(validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)], verbose_name='Breite')),
                ('longitude', models.FloatField(validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)], verbose_name='Länge')),
                ('active', models.BooleanField(default=True, verbose_name='Wird angeboten')),
            ],
            options={
                'verbose_name': 'Stadtteil',
                'verbose_name_plural': 'Stadtteile',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), name='district_on_the_globe')],
            },
        ),
        migrations.CreateModel(
            name='LanguagePool',
            fields=[
                ('language', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='pool', serialize=False, to='volunteers.language')),
                ('ready', models.PositiveIntegerField()),
                ('median_minutes', models.PositiveIntegerField()),
            ],
        ),
        migrations.AddConstraint(
            model_name='language',
            constraint=models.CheckConstraint(condition=models.Q(('direction__in', ['ltr', 'rtl'])), name='language_direction'),
        ),
        migrations.AddField(
            model_name='speakercard',
            name='district',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='volunteers.district'),
        ),
        migrations.AddField(
            model_name='speakercard',
            name='language',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='volunteers.language'),
        ),
        migrations.AddField(
            model_name='speaks',
            name='language',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='speakers', to='volunteers.language', verbose_name='Sprache'),
        ),
        migrations.AddField(
            model_name='topictraining',
            name='topic',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainings', to='volunteers.topic', verbose_name='Thema'),
        ),
        migrations.AddField(
            model_name='volunteer',
            name='district',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='volunteers', to='volunteers.district', verbose_name='Stadtteil'),
        ),
        migrations.AddField(
            model_name='volunteer',
            name='topics',
            field=models.ManyToManyField(blank=True, related_name='volunteers', to='volunteers.topic', verbose_name='Themen'),
        ),
        migrations.AddField(
            model_name='volunteer',
            name='user',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='volunteer', to=settings.AUTH_USER_MODEL, verbose_name='Konto'),
        ),
        migrations.AddField(
            model_name='topictraining',
            name='volunteer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='topic_trainings', to='volunteers.volunteer'),
        ),
        migrations.AddField(
            model_name='speaks',
            name='volunteer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='languages', to='volunteers.volunteer'),
        ),
        migrations.AddField(
            model_name='speakercard',
            name='volunteer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='volunteers.volunteer'),
        ),
        migrations.AddField(
            model_name='absence',
            name='volunteer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='volunteers.volunteer'),
        ),
        migrations.AddIndex(
            model_name='volunteer',
            index=models.Index(fields=['name', 'id'], name='volunteer_by_name'),
        ),
        migrations.AddConstraint(
            model_name='volunteer',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['applicant', 'in_training', 'active', 'paused', 'left'])), name='volunteer_state'),
        ),
        migrations.AddConstraint(
            model_name='volunteer',
            constraint=models.CheckConstraint(condition=models.Q(('gender__in', ['', 'f', 'm', 'd'])), name='volunteer_gender'),
        ),
        migrations.AddConstraint(
            model_name='volunteer',
            constraint=models.CheckConstraint(condition=models.Q(('weekly_maximum__range', (1, 20))), name='volunteer_weekly_maximum'),
        ),
        migrations.AddConstraint(
            model_name='volunteer',
            constraint=models.CheckConstraint(condition=models.Q(('availability__len', 7)), name='volunteer_seven_days'),
        ),
        migrations.AddConstraint(
            model_name='topictraining',
            constraint=models.UniqueConstraint(fields=('volunteer', 'topic'), name='training_once_per_topic'),
        ),
        migrations.AddConstraint(
            model_name='topictraining',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('completed_on')), _connector='OR'), name='training_valid_after_completion'),
        ),
        migrations.AddConstraint(
            model_name='speaks',
            constraint=models.UniqueConstraint(fields=('volunteer', 'language'), name='language_once_per_volunteer'),
        ),
        migrations.AddConstraint(
            model_name='speaks',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', [1, 2, 3, 4])), name='speaks_level'),
        ),
        migrations.AddConstraint(
            model_name='speakercard',
            constraint=models.UniqueConstraint(fields=('language', 'volunteer'), name='one_card_per_language'),
        ),
        migrations.AddIndex(
            model_name='absence',
            index=models.Index(fields=['volunteer', 'last'], name='absence_of_volunteer'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='absence_ends_after_beginning'),
        ),
    ]
