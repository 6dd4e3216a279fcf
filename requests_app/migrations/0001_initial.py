import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
import lotsen_portal.encryption
import pgtrigger.compiler
import pgtrigger.migrations
import lotsen_portal.models.ground
import requests_app.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('volunteers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReferenceCounter',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Bundle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(verbose_name='Angelegt am')),
                ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bundles', to='volunteers.volunteer')),
            ],
            options={
                'verbose_name': 'Gebündelte Einsatzanfrage',
                'verbose_name_plural': 'Gebündelte Einsatzanfragen',
            },
        ),
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField(null=True, unique=True, verbose_name='Nummer der Anfrage')),
                ('month', models.DateField(help_text='Erster Tag des Monats', verbose_name='Monat')),
                ('language', models.CharField(max_length=16, verbose_name='Sprache')),
                ('topic', models.CharField(max_length=32, verbose_name='Thema')),
                ('district', models.CharField(max_length=80, verbose_name='Stadtteil')),
                ('institution_kind', models.CharField(max_length=16, verbose_name='Art der Einrichtung')),
                ('mode', models.CharField(max_length=8, verbose_name='Wie')),
                ('lead_days', models.IntegerField(null=True, verbose_name='Vorlauf in Tagen')),
                ('hours_to_yes', models.PositiveIntegerField(null=True, verbose_name='Stunden bis zur Zusage')),
                ('offers_made', models.PositiveSmallIntegerField(verbose_name='Einsatzanfragen')),
                ('outcome', models.CharField(max_length=16, verbose_name='Ausgang')),
                ('minutes', models.PositiveSmallIntegerField(null=True, verbose_name='Minuten')),
                ('funding_source', models.CharField(blank=True, max_length=80, verbose_name='Fördertopf')),
            ],
            options={
                'verbose_name': 'Zeile der Statistik',
                'verbose_name_plural': 'Zeilen der Statistik',
                'indexes': [models.Index(fields=['month'], name='figure_month')],
            },
        ),
        migrations.CreateModel(
            name='Institution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=160, unique=True, verbose_name='Name')),
                ('kind', models.CharField(choices=[('authority', 'Behörde'), ('counselling', 'Beratungsstelle'), ('health', 'Gesundheitseinrichtung'), ('education', 'Bildungseinrichtung'), ('other', 'Andere Einrichtung')], max_length=16, verbose_name='Art')),
                ('state', models.CharField(choices=[('applied', 'angemeldet'), ('approved', 'zugelassen'), ('declined', 'abgelehnt'), ('blocked', 'gesperrt')], default='applied', max_length=16, verbose_name='Stand')),
                ('street', models.CharField(max_length=160, verbose_name='Straße und Hausnummer')),
                ('postcode', models.CharField(max_length=10, verbose_name='Postleitzahl')),
                ('city', models.CharField(max_length=80, verbose_name='Ort')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='Telefon')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='E-Mail')),
                ('mail_domain', models.CharField(blank=True, max_length=120, verbose_name='Mail-Domain')),
                ('usual_minutes', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MinValueValidator(15), django.core.validators.MaxValueValidator(1440)], verbose_name='Übliche Dauer in Minuten')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='institutions', to='volunteers.district', verbose_name='Stadtteil')),
            ],
            options={
                'verbose_name': 'Einrichtung',
                'verbose_name_plural': 'Einrichtungen',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Bond',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('times', models.PositiveIntegerField()),
                ('last_on', models.DateField()),
                ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bonds', to='volunteers.volunteer')),
                ('institution', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='bonds', to='requests_app.institution')),
            ],
        ),
        migrations.CreateModel(
            name='AssistanceRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=24, unique=True, verbose_name='Aktenzeichen')),
                ('state', models.CharField(choices=[('new', 'new'), ('open', 'open'), ('offered', 'offered'), ('confirmed', 'confirmed'), ('done', 'done'), ('cancelled', 'cancelled'), ('unfilled', 'unfilled'), ('rejected', 'rejected')], default=requests_app.states.RequestState['NEW'], max_length=12, verbose_name='Stand')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='Fassung')),
                ('help', models.CharField(choices=[('accompaniment', 'Begleitung'), ('advice', 'Beratung'), ('everyday', 'Alltagshilfe')], default='accompaniment', max_length=16, verbose_name='Art der Hilfe')),
                ('mode', models.CharField(choices=[('on_site', 'vor Ort'), ('phone', 'am Telefon'), ('video', 'per Video')], default='on_site', max_length=8, verbose_name='Wie')),
                ('minimum_level', models.PositiveSmallIntegerField(choices=[(1, 'Grundkenntnisse (A2)'), (2, 'gut (B1 bis B2)'), (3, 'sehr gut (C1 bis C2)'), (4, 'Erstsprache')], default=2, verbose_name='Sprachniveau mindestens')),
                ('gender_needed', models.CharField(blank=True, choices=[('f', 'weiblich'), ('m', 'männlich'), ('d', 'divers')], max_length=1, verbose_name='Geschlecht der Lotsin oder des Lotsen')),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(blank=True, null=True, verbose_name='Zeitraum')),
                ('minutes', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='Dauer in Minuten')),
                ('times_proposed', models.BooleanField(default=False, verbose_name='Mehrere Termine möglich')),
                ('place', lotsen_portal.encryption.EncryptedTextField(blank=True, verbose_name='Ort')),
                ('concern', lotsen_portal.encryption.EncryptedTextField(blank=True, verbose_name='Anliegen')),
                ('client_reference', lotsen_portal.encryption.EncryptedTextField(blank=True, verbose_name='Ihr Zeichen')),
                ('client_reference_index', models.CharField(blank=True, editable=False, max_length=64)),
                ('client_name', lotsen_portal.encryption.EncryptedTextField(blank=True, verbose_name='Name')),
                ('client_phone', lotsen_portal.encryption.EncryptedTextField(blank=True, verbose_name='Telefon')),
                ('client_phone_index', models.CharField(blank=True, editable=False, max_length=64)),
                ('client_address', lotsen_portal.encryption.EncryptedTextField(blank=True, verbose_name='Genaue Adresse')),
                ('client_notes', lotsen_portal.encryption.EncryptedTextField(blank=True, verbose_name='Hinweise für die Lotsin oder den Lotsen')),
                ('consent_at', models.DateTimeField(blank=True, null=True, verbose_name='Einverständnis am')),
                ('consent_version', models.PositiveIntegerField(blank=True, null=True, verbose_name='Fassung der Einwilligung')),
                ('urgent', models.BooleanField(default=False, verbose_name='Dringend')),
                ('funding_source', models.CharField(blank=True, max_length=80, verbose_name='Fördertopf')),
                ('filed_at', models.DateTimeField(verbose_name='Eingegangen am')),
                ('answer_by', models.DateField(verbose_name='Nachricht zugesagt bis')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='Beendet am')),
                ('ended_by', models.CharField(blank=True, max_length=12, verbose_name='Beendet von')),
                ('ended_late', models.BooleanField(blank=True, null=True, verbose_name='Zu spät abgesagt')),
                ('ended_rule', models.CharField(blank=True, max_length=40, verbose_name='Regel')),
                ('reason', lotsen_portal.encryption.EncryptedTextField(blank=True, verbose_name='Grund')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.district', verbose_name='Stadtteil')),
                ('filed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Gestellt von')),
                ('responsible', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Zuständig')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.topic', verbose_name='Thema')),
                ('institution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='requests_app.institution', verbose_name='Einrichtung')),
            ],
            options={
                'verbose_name': 'Anfrage',
                'verbose_name_plural': 'Anfragen',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='InternalNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('written_at', models.DateTimeField(verbose_name='Notiert am')),
                ('text', lotsen_portal.encryption.EncryptedTextField(verbose_name='Notiz')),
                ('assistance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='requests_app.assistancerequest')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'Interne Notiz',
                'verbose_name_plural': 'Interne Notizen',
                'ordering': ['-written_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='Durchwahl')),
                ('is_manager', models.BooleanField(default=False, verbose_name='Verwaltet das Team')),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='Ausgeschieden am')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='requests_app.institution', verbose_name='Einrichtung')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='member', to=settings.AUTH_USER_MODEL, verbose_name='Konto')),
            ],
            options={
                'verbose_name': 'Mitarbeitende Person',
                'verbose_name_plural': 'Mitarbeitende',
                'ordering': ['institution__name', 'user__name'],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='Fassung')),
                ('state', models.CharField(choices=[('pending', 'pending'), ('willing', 'willing'), ('accepted', 'accepted'), ('declined', 'declined'), ('expired', 'expired'), ('withdrawn', 'withdrawn'), ('not_chosen', 'not_chosen')], default=requests_app.states.OfferState['PENDING'], max_length=12, verbose_name='Stand')),
                ('asked_at', models.DateTimeField(verbose_name='Angefragt am')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='Mail übergeben am')),
                ('deadline', models.DateTimeField(blank=True, null=True, verbose_name='Antwort bis')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='Beantwortet am')),
                ('override', lotsen_portal.encryption.EncryptedTextField(blank=True, verbose_name='Trotzdem angefragt, weil')),
                ('reason', lotsen_portal.encryption.EncryptedTextField(blank=True, verbose_name='Grund der Ablehnung')),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assistance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='requests_app.assistancerequest')),
                ('bundle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='requests_app.bundle')),
                ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='volunteers.volunteer')),
            ],
            options={
                'verbose_name': 'Einsatzanfrage',
                'verbose_name_plural': 'Einsatzanfragen',
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('agreed', 'agreed'), ('took_place', 'took_place'), ('client_absent', 'client_absent'), ('lotse_absent', 'lotse_absent'), ('cancelled_late', 'cancelled_late'), ('other', 'other'), ('cancelled', 'cancelled'), ('stepped_down', 'stepped_down'), ('changed', 'changed')], default=requests_app.states.AssignmentState['AGREED'], max_length=16, verbose_name='Stand')),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='Zeitraum')),
                ('version', models.PositiveIntegerField(verbose_name='Fassung')),
                ('agreed_at', models.DateTimeField(verbose_name='Zugesagt am')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='Beendet am')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Tatsächliche Minuten')),
                ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='volunteers.volunteer')),
                ('assistance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='requests_app.assistancerequest')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='requests_app.offer')),
            ],
            options={
                'verbose_name': 'Einsatz',
                'verbose_name_plural': 'Einsätze',
                'ordering': [lotsen_portal.models.ground._Edge(models.F('period'), function='lower')],
            },
        ),
        migrations.CreateModel(
            name='ProposedTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='Zeitraum')),
                ('assistance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposed_times', to='requests_app.assistancerequest')),
            ],
            options={
                'verbose_name': 'Terminvorschlag',
                'verbose_name_plural': 'Terminvorschläge',
                'ordering': [lotsen_portal.models.ground._Edge(models.F('period'), function='lower')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('volunteer', 'Lotsin oder Lotse'), ('requester', 'anfragende Seite'), ('office', 'Integrationsamt')], max_length=12, verbose_name='Seite')),
                ('outcome', models.CharField(choices=[('took_place', 'hat stattgefunden'), ('client_absent', 'Klientin oder Klient kam nicht'), ('lotse_absent', 'Lotsin oder Lotse kam nicht'), ('cancelled_late', 'kurzfristig abgesagt'), ('other', 'anderes')], max_length=16, verbose_name='Ausgang')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Minuten')),
                ('note', lotsen_portal.encryption.EncryptedTextField(blank=True, verbose_name='Anmerkung')),
                ('reported_at', models.DateTimeField(verbose_name='Gemeldet am')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='requests_app.assignment')),
            ],
            options={
                'verbose_name': 'Rückmeldung',
                'verbose_name_plural': 'Rückmeldungen',
            },
        ),
        migrations.CreateModel(
            name='RequestedLanguage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(default=1, verbose_name='Rang')),
                ('assistance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='languages', to='requests_app.assistancerequest')),
                ('language', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.language', verbose_name='Sprache')),
            ],
            options={
                'verbose_name': 'Gewünschte Sprache',
                'verbose_name_plural': 'Gewünschte Sprachen',
                'ordering': ['rank'],
            },
        ),
        migrations.CreateModel(
            name='RequestGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('series', 'Terminreihe'), ('event', 'Veranstaltung')], max_length=8, verbose_name='Art')),
                ('rule', models.CharField(blank=True, max_length=255, verbose_name='Regel')),
                ('created_at', models.DateTimeField(verbose_name='Angelegt am')),
            ],
            options={
                'verbose_name': 'Gruppe von Anfragen',
                'verbose_name_plural': 'Gruppen von Anfragen',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['series', 'event'])), name='group_kind')],
            },
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='requests', to='requests_app.requestgroup'),
        ),
        migrations.CreateModel(
            name='Wish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('volunteer', 'Lotsin oder Lotse'), ('member', 'Einrichtung')], max_length=12, verbose_name='Wunsch von')),
                ('kind', models.CharField(choices=[('prefer', 'gern wieder'), ('exclude', 'bitte nicht')], max_length=8, verbose_name='Wunsch')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to='requests_app.institution')),
                ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to='volunteers.volunteer')),
            ],
            options={
                'verbose_name': 'Wunsch',
                'verbose_name_plural': 'Wünsche',
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='Fassung')),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(blank=True, null=True, verbose_name='Zeitraum')),
                ('mode', models.CharField(choices=[('on_site', 'vor Ort'), ('phone', 'am Telefon'), ('video', 'per Video')], max_length=8, verbose_name='Wie')),
                ('place', lotsen_portal.encryption.EncryptedTextField(blank=True, verbose_name='Ort')),
                ('languages', models.CharField(max_length=255, verbose_name='Sprachen')),
                ('replaced_at', models.DateTimeField(verbose_name='Ersetzt am')),
                ('assistance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='requests_app.assistancerequest')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.district')),
            ],
            options={
                'verbose_name': 'Frühere Fassung',
                'verbose_name_plural': 'Frühere Fassungen',
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('assistance', 'version'), name='one_edition_per_version')],
            },
        ),
        migrations.AddConstraint(
            model_name='institution',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['authority', 'counselling', 'health', 'education', 'other'])), name='institution_kind'),
        ),
        migrations.AddConstraint(
            model_name='institution',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['applied', 'approved', 'declined', 'blocked'])), name='institution_state'),
        ),
        migrations.AddConstraint(
            model_name='bond',
            constraint=models.UniqueConstraint(fields=('institution', 'volunteer'), include=('times',), name='one_bond_per_pair'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(fields=['volunteer', '-asked_at'], name='offer_of_volunteer'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['deadline'], name='offer_deadline'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(condition=models.Q(('state', 'declined')), fields=['assistance', 'volunteer'], name='offer_declined'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'willing', 'accepted', 'declined', 'expired', 'withdrawn', 'not_chosen'])), name='offer_state'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'accepted')), fields=('assistance',), name='one_accepted_offer_per_request'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['pending', 'willing'])), fields=('assistance', 'volunteer'), name='one_pending_offer_per_volunteer'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='offer',
            trigger=pgtrigger.compiler.Trigger(name='offer_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{accepted:withdrawn,declined:pending,pending:accepted,pending:declined,pending:expired,pending:not_chosen,pending:willing,pending:withdrawn,willing:accepted,willing:declined,willing:not_chosen,willing:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='dc6646becb78b5c3ed06126bad990384bf3daf42', operation='UPDATE', pgid='pgtrigger_offer_moves_ca3e6', table='requests_app_offer', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['agreed', 'took_place', 'client_absent', 'lotse_absent', 'cancelled_late', 'other', 'cancelled', 'stepped_down', 'changed'])), name='assignment_state'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('period__isnull', True), models.Q(('period__isempty', False), ('period__lower_inc', True), ('period__lower_inf', False), ('period__upper_inc', False), ('period__upper_inf', False), django.db.models.lookups.LessThanOrEqual(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(lotsen_portal.models.ground._Edge(models.F('period'), function='upper'), '-', lotsen_portal.models.ground._Edge(models.F('period'), function='lower')), output_field=models.DurationField()), models.Value(datetime.timedelta(days=1), output_field=models.DurationField()))), _connector='OR'), name='assignment_sound_period'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['agreed', 'took_place'])), fields=('assistance',), name='one_live_assignment_per_request'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state__in', ['agreed', 'took_place'])), expressions=[('volunteer', '='), ('period', '&&')], name='one_place_at_a_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='assignment_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{agreed:cancelled,agreed:cancelled_late,agreed:changed,agreed:client_absent,agreed:lotse_absent,agreed:other,agreed:stepped_down,agreed:took_place,cancelled_late:agreed,client_absent:agreed,lotse_absent:agreed,other:agreed,took_place:agreed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='91aa707abfe368d456c8d4ca92ed3e12100c814c', operation='UPDATE', pgid='pgtrigger_assignment_moves_dee16', table='requests_app_assignment', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='proposedtime',
            constraint=models.UniqueConstraint(fields=('assistance', 'period'), name='time_proposed_once'),
        ),
        migrations.AddConstraint(
            model_name='proposedtime',
            constraint=models.CheckConstraint(condition=models.Q(('period__isnull', True), models.Q(('period__isempty', False), ('period__lower_inc', True), ('period__lower_inf', False), ('period__upper_inc', False), ('period__upper_inf', False), django.db.models.lookups.LessThanOrEqual(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(lotsen_portal.models.ground._Edge(models.F('period'), function='upper'), '-', lotsen_portal.models.ground._Edge(models.F('period'), function='lower')), output_field=models.DurationField()), models.Value(datetime.timedelta(days=1), output_field=models.DurationField()))), _connector='OR'), name='proposed_sound_period'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(fields=('assignment', 'side'), name='one_report_per_side'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['volunteer', 'requester', 'office'])), name='report_side'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['took_place', 'client_absent', 'lotse_absent', 'cancelled_late', 'other'])), name='report_outcome'),
        ),
        migrations.AddConstraint(
            model_name='requestedlanguage',
            constraint=models.UniqueConstraint(fields=('assistance', 'language'), name='language_once_per_request'),
        ),
        migrations.AddConstraint(
            model_name='requestedlanguage',
            constraint=models.UniqueConstraint(fields=('assistance', 'rank'), name='one_language_per_rank'),
        ),
        migrations.AddIndex(
            model_name='assistancerequest',
            index=models.Index(fields=['institution', '-id'], name='assistance_of_institution'),
        ),
        migrations.AddIndex(
            model_name='assistancerequest',
            index=models.Index(condition=models.Q(('state__in', ['cancelled', 'done', 'rejected', 'unfilled']), _negated=True), fields=['state', 'id'], name='assistance_running'),
        ),
        migrations.AddIndex(
            model_name='assistancerequest',
            index=models.Index(lotsen_portal.models.ground._Edge(models.F('period'), function='lower'), condition=models.Q(('state__in', ['cancelled', 'done', 'rejected', 'unfilled']), _negated=True), name='assistance_running_begins'),
        ),
        migrations.AddIndex(
            model_name='assistancerequest',
            index=models.Index(condition=models.Q(('client_reference_index', ''), _negated=True), fields=['institution', 'client_reference_index'], name='assistance_client_reference'),
        ),
        migrations.AddIndex(
            model_name='assistancerequest',
            index=models.Index(condition=models.Q(('client_phone_index', ''), _negated=True), fields=['client_phone_index'], name='assistance_client_phone'),
        ),
        migrations.AddConstraint(
            model_name='assistancerequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['new', 'open', 'offered', 'confirmed', 'done', 'cancelled', 'unfilled', 'rejected'])), name='assistance_state'),
        ),
        migrations.AddConstraint(
            model_name='assistancerequest',
            constraint=models.CheckConstraint(condition=models.Q(('help__in', ['accompaniment', 'advice', 'everyday'])), name='assistance_help'),
        ),
        migrations.AddConstraint(
            model_name='assistancerequest',
            constraint=models.CheckConstraint(condition=models.Q(('mode__in', ['on_site', 'phone', 'video'])), name='assistance_mode'),
        ),
        migrations.AddConstraint(
            model_name='assistancerequest',
            constraint=models.CheckConstraint(condition=models.Q(('minimum_level__in', [1, 2, 3, 4])), name='assistance_level'),
        ),
        migrations.AddConstraint(
            model_name='assistancerequest',
            constraint=models.CheckConstraint(condition=models.Q(('gender_needed__in', ['', 'f', 'm', 'd'])), name='assistance_gender'),
        ),
        migrations.AddConstraint(
            model_name='assistancerequest',
            constraint=models.CheckConstraint(condition=models.Q(('ended_by__in', ['', 'office', 'member', 'volunteer', 'client', 'clock'])), name='assistance_ended_by'),
        ),
        migrations.AddConstraint(
            model_name='assistancerequest',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__range', (1, 1440))), name='assistance_minutes'),
        ),
        migrations.AddConstraint(
            model_name='assistancerequest',
            constraint=models.CheckConstraint(condition=models.Q(('period__isnull', True), models.Q(('period__isempty', False), ('period__lower_inc', True), ('period__lower_inf', False), ('period__upper_inc', False), ('period__upper_inf', False), django.db.models.lookups.LessThanOrEqual(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(lotsen_portal.models.ground._Edge(models.F('period'), function='upper'), '-', lotsen_portal.models.ground._Edge(models.F('period'), function='lower')), output_field=models.DurationField()), models.Value(datetime.timedelta(days=1), output_field=models.DurationField()))), _connector='OR'), name='assistance_sound_period'),
        ),
        migrations.AddConstraint(
            model_name='assistancerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'offered'), _negated=True), ('period__isnull', False), ('times_proposed', True), _connector='OR'), name='offered_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='assistancerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['confirmed', 'done']), _negated=True), ('period__isnull', False), _connector='OR'), name='confirmed_has_a_period'),
        ),
        migrations.AddConstraint(
            model_name='assistancerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', ['new', 'open', 'offered', 'confirmed'])), models.Q(('ended_at__isnull', False), ('state__in', ['cancelled', 'done', 'rejected', 'unfilled'])), _connector='OR'), name='assistance_ended_when_final'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assistancerequest',
            trigger=pgtrigger.compiler.Trigger(name='assistance_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{cancelled:open,confirmed:cancelled,confirmed:done,confirmed:offered,confirmed:open,done:confirmed,new:cancelled,new:open,new:rejected,offered:cancelled,offered:confirmed,offered:offered,offered:open,offered:unfilled,open:cancelled,open:offered,open:rejected,open:unfilled,rejected:open,unfilled:open}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='1c42b77dc5c2d522d168ac366a883fb7e8a23abf', operation='UPDATE', pgid='pgtrigger_assistance_moves_a7ffd', table='requests_app_assistancerequest', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='wish',
            constraint=models.UniqueConstraint(fields=('volunteer', 'institution', 'side'), name='one_wish_per_side'),
        ),
        migrations.AddConstraint(
            model_name='wish',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['prefer', 'exclude'])), name='wish_kind'),
        ),
        migrations.AddConstraint(
            model_name='wish',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['volunteer', 'member'])), name='wish_side'),
        ),
    ]
