import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import lotsen_portal.clock
import lotsen_portal.encryption
import lotsen_portal.models.people
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.CreateModel(
            name='ClosingDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.DateField(verbose_name='erster Tag')),
                ('last', models.DateField(verbose_name='letzter Tag')),
                ('name', models.CharField(max_length=100, verbose_name='Anlass')),
            ],
            options={
                'verbose_name': 'Schließtag',
                'verbose_name_plural': 'Schließtage',
                'ordering': ('first',),
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('answer', 'Einsatzanfrage beantworten'), ('status', 'Stand der Anfrage'), ('report', 'Rückmeldung geben'), ('calendar', 'Kalender abonnieren'), ('confirm', 'E-Mail-Adresse bestätigen')], max_length=20, verbose_name='Zweck')),
                ('subject', models.BigIntegerField(verbose_name='Vorgang')),
                ('holder', models.BigIntegerField(verbose_name='Person')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='gültig bis')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='zurückgezogen')),
                ('created_at', models.DateTimeField(default=lotsen_portal.clock.now, verbose_name='angelegt')),
            ],
            options={
                'verbose_name': 'Link',
                'verbose_name_plural': 'Links',
            },
        ),
        migrations.CreateModel(
            name='LogEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='Zeitpunkt')),
                ('action', models.CharField(max_length=60, verbose_name='Vorgang')),
                ('kind', models.CharField(max_length=40, verbose_name='Art')),
                ('number', models.BigIntegerField(verbose_name='Nummer')),
                ('actor_kind', models.CharField(choices=[('office', 'Koordination'), ('member', 'Einrichtung'), ('volunteer', 'Lotsin oder Lotse'), ('client', 'Ratsuchende Person'), ('clock', 'Automatisch')], max_length=10, verbose_name='Wer')),
                ('actor_number', models.BigIntegerField(blank=True, null=True, verbose_name='Nummer der Person')),
                ('before', models.CharField(blank=True, max_length=60, verbose_name='vorher')),
                ('after', models.CharField(blank=True, max_length=60, verbose_name='nachher')),
            ],
            options={
                'verbose_name': 'Eintrag im Verlauf',
                'verbose_name_plural': 'Verlauf',
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='OfficeRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('coordinator', 'Koordination'), ('head', 'Leitung'), ('administrator', 'Verwaltung des Portals')], max_length=20, verbose_name='Rolle')),
            ],
            options={
                'verbose_name': 'Rolle im Amt',
                'verbose_name_plural': 'Rollen im Amt',
                'ordering': ('user__name', 'role'),
            },
        ),
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True, verbose_name='Schlüssel')),
                ('function', models.CharField(max_length=200, verbose_name='Vorlage')),
                ('ids', models.JSONField(default=dict, verbose_name='Vorgänge')),
                ('recipient', lotsen_portal.encryption.EncryptedTextField(blank=True, verbose_name='Empfänger')),
                ('language', models.CharField(default='de', max_length=10, verbose_name='Sprache')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='Fassung')),
                ('state', models.CharField(choices=[('waiting', 'wartet'), ('sent', 'versendet'), ('dropped', 'nicht mehr nötig'), ('dead', 'nicht zustellbar'), ('phone', 'bitte anrufen'), ('phoned', 'telefonisch erledigt')], default='waiting', max_length=10, verbose_name='Stand')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='Versuche')),
                ('due_at', models.DateTimeField(verbose_name='fällig')),
                ('try_at', models.DateTimeField(verbose_name='nächster Versuch')),
                ('created_at', models.DateTimeField(default=lotsen_portal.clock.now, verbose_name='angelegt')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='versendet')),
                ('last_error', models.CharField(blank=True, max_length=100, verbose_name='letzter Fehler')),
            ],
            options={
                'verbose_name': 'Ausgehende E-Mail',
                'verbose_name_plural': 'Postausgang',
                'ordering': ('-created_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('city', models.CharField(default='Neuss', max_length=100, verbose_name='Stadt')),
                ('office_name', models.CharField(default='Integrationsamt der Stadt Neuss', max_length=150, verbose_name='Name des Amtes')),
                ('contact_name', models.CharField(blank=True, default='Edona Tahiri', max_length=150, verbose_name='Ansprechperson')),
                ('phone', models.CharField(default='02131 90-5753', max_length=50, verbose_name='Telefon')),
                ('email', models.EmailField(default='edona.tahiri@stadt.neuss.de', help_text='Antworten auf E-Mails des Portals gehen hierher.', max_length=254, verbose_name='E-Mail')),
                ('street', models.CharField(default='Markt 2', max_length=150, verbose_name='Straße und Hausnummer')),
                ('postcode', models.CharField(default='41460', max_length=10, verbose_name='Postleitzahl')),
                ('website', models.URLField(blank=True, default='https://www.neuss.de', verbose_name='Internetseite')),
                ('reference_prefix', models.CharField(default='NE', help_text='Damit beginnt jede Anfragenummer, zum Beispiel NE-2026-00042.', max_length=5, validators=[django.core.validators.RegexValidator('^[A-Z]{1,5}\\Z', 'Bitte nur ein bis fünf Großbuchstaben.')], verbose_name='Kürzel der Anfragen')),
                ('day_begins', models.TimeField(default=datetime.time(8, 0), verbose_name='Arbeitszeit von')),
                ('day_ends', models.TimeField(default=datetime.time(16, 0), verbose_name='Arbeitszeit bis')),
                ('notice_working_days', models.PositiveSmallIntegerField(default=5, help_text='Kürzere Anfragen sind möglich und gelten als dringend.', verbose_name='Vorlauf in Arbeitstagen')),
                ('offer_deadline_hours', models.PositiveSmallIntegerField(default=16, help_text='So lange haben Lotsinnen und Lotsen Zeit zu antworten.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='Antwortfrist in Arbeitsstunden')),
                ('answer_working_days', models.PositiveSmallIntegerField(default=3, help_text='Bis dahin hört die anfragende Stelle von Ihnen.', verbose_name='Nachricht nach Arbeitstagen')),
                ('unfilled_working_days', models.PositiveSmallIntegerField(default=2, help_text='Ist bis dahin niemand gefunden, erfährt es die anfragende Stelle.', verbose_name='Absage in Arbeitstagen vor dem Termin')),
                ('longest_minutes', models.PositiveSmallIntegerField(default=180, validators=[django.core.validators.MinValueValidator(15), django.core.validators.MaxValueValidator(1440)], verbose_name='Längste Dauer in Minuten')),
                ('usual_minutes', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MinValueValidator(15), django.core.validators.MaxValueValidator(1440)], verbose_name='Übliche Dauer in Minuten')),
                ('late_cancel_hours', models.PositiveSmallIntegerField(default=24, verbose_name='Absage gilt als spät ab Stunden vor dem Termin')),
                ('reminder_hour', models.TimeField(default=datetime.time(12, 0), help_text='Am Arbeitstag vor dem Termin.', verbose_name='Erinnerung um')),
                ('details_days', models.PositiveSmallIntegerField(default=7, verbose_name='Angaben zur Person lesbar in Tagen nach dem Termin')),
                ('offers_per_day', models.PositiveSmallIntegerField(default=3, help_text='Mehr bekommt niemand an einem Tag.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='Einsatzanfragen je Person und Tag')),
                ('weight_level', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MaxValueValidator(10)], verbose_name='Gewicht: Sprachniveau')),
                ('weight_preference', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MaxValueValidator(10)], verbose_name='Gewicht: gewünschte Sprache')),
                ('weight_topic', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MaxValueValidator(10)], verbose_name='Gewicht: Thema')),
                ('weight_availability', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MaxValueValidator(10)], verbose_name='Gewicht: Verfügbarkeit')),
                ('weight_distance', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MaxValueValidator(10)], verbose_name='Gewicht: Entfernung')),
                ('weight_fairness', models.PositiveSmallIntegerField(default=6, validators=[django.core.validators.MaxValueValidator(10)], verbose_name='Gewicht: gerechte Verteilung')),
                ('weight_continuity', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MaxValueValidator(10)], verbose_name='Gewicht: vertraute Person')),
                ('funding_default', models.CharField(blank=True, default='', max_length=100, verbose_name='Übliche Förderung')),
                ('consent_version', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='Fassung der Einwilligung')),
            ],
            options={
                'verbose_name': 'Programm',
                'verbose_name_plural': 'Programm',
            },
        ),
        migrations.CreateModel(
            name='ProgrammeText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('welcome', 'Begrüßung'), ('imprint', 'Impressum'), ('privacy', 'Datenschutz'), ('accessibility', 'Barrierefreiheit'), ('consent', 'Einwilligung')], max_length=20, verbose_name='Text')),
                ('language', models.CharField(default='de', help_text='Kürzel, zum Beispiel de oder ar.', max_length=10, verbose_name='Sprache')),
                ('body', models.TextField(help_text='Absätze trennt eine leere Zeile.', verbose_name='Inhalt')),
            ],
            options={
                'verbose_name': 'Text des Programms',
                'verbose_name_plural': 'Texte des Programms',
                'ordering': ('kind', 'language'),
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', lotsen_portal.models.people.LowerEmailField(error_messages={'unique': 'Mit dieser E-Mail-Adresse gibt es schon ein Konto.'}, max_length=254, unique=True, verbose_name='E-Mail-Adresse')),
                ('name', models.CharField(max_length=150, verbose_name='Name')),
                ('language', models.CharField(default='de', max_length=10, verbose_name='Sprache der E-Mails')),
                ('is_active', models.BooleanField(default=True, verbose_name='aktiv')),
                ('joined_at', models.DateTimeField(default=lotsen_portal.clock.now, editable=False, verbose_name='angelegt')),
            ],
            options={
                'verbose_name': 'Konto',
                'verbose_name_plural': 'Konten',
                'ordering': ('name', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_is_lower_case')],
            },
        ),
        migrations.CreateModel(
            name='AccessLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='Zeitpunkt')),
                ('actor_kind', models.CharField(choices=[('office', 'Koordination'), ('member', 'Einrichtung'), ('volunteer', 'Lotsin oder Lotse'), ('client', 'Ratsuchende Person'), ('clock', 'Automatisch')], max_length=10, verbose_name='Wer')),
                ('actor_number', models.BigIntegerField(blank=True, null=True, verbose_name='Nummer der Person')),
                ('kind', models.CharField(max_length=40, verbose_name='Art')),
                ('number', models.BigIntegerField(verbose_name='Nummer')),
                ('what', models.CharField(max_length=20, verbose_name='Was')),
            ],
            options={
                'verbose_name': 'Eintrag im Einsichtsprotokoll',
                'verbose_name_plural': 'Einsichtsprotokoll',
                'ordering': ('-at', '-pk'),
                'indexes': [models.Index(fields=['kind', 'number', 'at'], name='access_record'), models.Index(fields=['-at', '-id'], name='access_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('actor_kind__in', ['client', 'clock', 'member', 'office', 'volunteer'])), name='access_actor_is_known'), models.CheckConstraint(condition=models.Q(('kind__regex', '^[A-Za-z0-9_.:+/-]*$'), ('what__regex', '^[A-Za-z0-9_.:+/-]*$')), name='access_holds_no_sentences')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accesslog',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='174eee2137ac80ac9ab17cef781949c6b9810012', operation='UPDATE OR DELETE', pgid='pgtrigger_stays_2df77', table='lotsen_portal_accesslog', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='closingday',
            constraint=models.CheckConstraint(condition=models.Q(('first__lte', models.F('last'))), name='closing_day_ends_after_it_begins', violation_error_message='Der letzte Tag darf nicht vor dem ersten liegen.'),
        ),
        migrations.AddIndex(
            model_name='link',
            index=models.Index(fields=['purpose', 'subject'], name='link_subject'),
        ),
        migrations.AddIndex(
            model_name='link',
            index=models.Index(fields=['purpose', 'holder'], name='link_holder'),
        ),
        migrations.AddConstraint(
            model_name='link',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['answer', 'calendar', 'confirm', 'report', 'status'])), name='link_purpose_is_known'),
        ),
        migrations.AddIndex(
            model_name='logentry',
            index=models.Index(fields=['kind', 'number', 'at'], name='log_record'),
        ),
        migrations.AddIndex(
            model_name='logentry',
            index=models.Index(fields=['-at', '-id'], name='log_newest'),
        ),
        migrations.AddConstraint(
            model_name='logentry',
            constraint=models.CheckConstraint(condition=models.Q(('actor_kind__in', ['client', 'clock', 'member', 'office', 'volunteer'])), name='log_actor_is_known'),
        ),
        migrations.AddConstraint(
            model_name='logentry',
            constraint=models.CheckConstraint(condition=models.Q(('action__regex', '^[A-Za-z0-9_.:+/-]*$'), ('after__regex', '^[A-Za-z0-9_.:+/-]*$'), ('before__regex', '^[A-Za-z0-9_.:+/-]*$'), ('kind__regex', '^[A-Za-z0-9_.:+/-]*$')), name='log_holds_no_sentences'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='logentry',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='91fd0e028238707446f4aaade51e8f37a1af643a', operation='UPDATE OR DELETE', pgid='pgtrigger_stays_1a11d', table='lotsen_portal_logentry', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='officerole',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='office_role_rows', to=settings.AUTH_USER_MODEL, verbose_name='Konto'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['try_at', 'id'], name='mail_waiting'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(condition=models.Q(('state__in', ['dead', 'phone'])), fields=['created_at'], name='mail_to_decide'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(fields=['-created_at', '-id'], name='mail_newest'),
        ),
        migrations.AddConstraint(
            model_name='outgoingmail',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['dead', 'dropped', 'phone', 'phoned', 'sent', 'waiting'])), name='mail_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='outgoingmail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='mail_is_sent_at_a_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outgoingmail',
            trigger=pgtrigger.compiler.Trigger(name='mail_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{dead:phoned,dead:waiting,phone:dropped,phone:phoned,waiting:dead,waiting:dropped,waiting:sent}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='cf5f07f25dd3c808ca22101463e95b92732f1e56', operation='UPDATE', pgid='pgtrigger_mail_moves_f847d', table='lotsen_portal_outgoingmail', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='programme_is_one'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('day_begins__lt', models.F('day_ends'))), name='programme_day_has_hours', violation_error_message='Die Arbeitszeit muss vor ihrem Ende beginnen.'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('longest_minutes__lte', 1440), ('usual_minutes__gte', 15), ('usual_minutes__lte', models.F('longest_minutes'))), name='programme_durations_fit', violation_error_message='Die übliche Dauer darf nicht länger sein als die längste.'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('offer_deadline_hours__gte', 1), ('offers_per_day__gte', 1)), name='programme_offers_are_possible'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('weight_availability__lte', 10), ('weight_continuity__lte', 10), ('weight_distance__lte', 10), ('weight_fairness__lte', 10), ('weight_level__lte', 10), ('weight_preference__lte', 10), ('weight_topic__lte', 10)), name='programme_weights_to_ten'),
        ),
        migrations.AddField(
            model_name='programmetext',
            name='programme',
            field=models.ForeignKey(default=1, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='lotsen_portal.programme'),
        ),
        migrations.AddConstraint(
            model_name='officerole',
            constraint=models.UniqueConstraint(fields=('user', 'role'), name='one_row_per_office_role', violation_error_message='Diese Rolle ist schon vergeben.'),
        ),
        migrations.AddConstraint(
            model_name='officerole',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['administrator', 'coordinator', 'head'])), name='office_role_is_known'),
        ),
        migrations.AddConstraint(
            model_name='programmetext',
            constraint=models.UniqueConstraint(fields=('programme', 'kind', 'language'), name='one_text_per_kind_and_language', violation_error_message='Diesen Text gibt es in dieser Sprache schon.'),
        ),
        migrations.AddConstraint(
            model_name='programmetext',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['accessibility', 'consent', 'imprint', 'privacy', 'welcome'])), name='text_kind_is_known'),
        ),
    ]
