"""What people of the demo city write: concerns, notes, reasons, and the names of those who need help."""

from __future__ import annotations

from typing import Final

# Topic letter and kind of institution -> what the appointment is about.
CONCERNS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("E", "authority"): (
        "Hilfeplangespräch mit beiden Eltern. Es geht um die Fortführung der Familienhilfe.",
        "Erstgespräch nach dem Umzug der Familie. Wir stellen uns und unsere Angebote vor.",
        "Gespräch über einen Platz in der Tagesgruppe. Der Antrag wird gemeinsam ausgefüllt.",
        "Hausbesuch mit der Familienhilfe. Die Mutter möchte über den Alltag mit drei Kindern sprechen.",
        "Beratung zum Sorgerecht nach der Trennung. Beide Eltern nehmen teil.",
    ),
    ("E", "counselling"): (
        "Elterngespräch zu Schlafproblemen eines Vierjährigen.",
        "Zweites Gespräch in der Erziehungsberatung. Thema sind Regeln und Bildschirmzeiten.",
        "Beratung für Eltern, deren Sohn nicht mehr zur Schule gehen will.",
        "Familiengespräch mit Jugendlicher. Bitte ruhig und wörtlich übertragen.",
        "Beratung zur Zeit nach der Geburt und zur Elternzeit.",
    ),
    ("E", "education"): (
        "Entwicklungsgespräch in der Kita. Das Kind kommt im Sommer in die Schule.",
        "Eingewöhnung: Wir erklären den Ablauf und füllen den Aufnahmebogen aus.",
        "Gespräch über die Sprachförderung und den Besuch beim Logopäden.",
        "Elternabend in kleiner Runde zum Thema gesundes Frühstück.",
        "Gespräch mit den Eltern, weil das Kind in der Gruppe viel weint.",
    ),
    ("B", "authority"): (
        "Schulwechsel nach dem Umzug. Wir besprechen, welche Schule passt.",
        "Antrag auf Leistungen für Bildung und Teilhabe gemeinsam ausfüllen.",
        "Gespräch zur Schulpflicht und zum Fahrweg der beiden Geschwister.",
    ),
    ("B", "education"): (
        "Elternsprechtag: Gespräch mit der Klassenlehrerin einer zweiten Klasse.",
        "Anmeldung an der weiterführenden Schule. Die Eltern haben viele Fragen zu den Schulformen.",
        "Gespräch zum Förderbedarf im Lesen. Die Schulsozialarbeit nimmt teil.",
        "Klärendes Gespräch nach einem Streit auf dem Schulhof.",
        "Beratung zum Zeugnis und zum Übergang in die Klasse 10.",
        "Einstufung und Anmeldung zum Integrationskurs.",
        "Gespräch über die Klassenfahrt und die Kostenübernahme.",
    ),
    ("G", "health"): (
        "Aufklärung vor einer geplanten Operation am Knie.",
        "Befundbesprechung nach der Blutuntersuchung. Die Patientin ist sehr aufgeregt.",
        "Vorsorgeuntersuchung U8. Die Mutter möchte auch über Impfungen sprechen.",
        "Entlassungsgespräch: Wie geht es zu Hause weiter, wer hilft bei der Pflege?",
        "Erstgespräch in der Therapie. Bitte nur Personen, die mit belastenden Themen umgehen können.",
        "Vorsorge in der 24. Woche mit Ultraschall.",
        "Kontrolltermin nach der Behandlung. Der Plan für die Medikamente wird erklärt.",
        "Gespräch mit dem Sozialdienst über eine Kur für Mutter und Kind.",
    ),
    ("G", "authority"): (
        "Schuleingangsuntersuchung. Das Kind spricht erst wenig Deutsch.",
        "Impfberatung für eine Familie mit drei Kindern.",
        "Untersuchung und Beratung wegen auffälliger Sprachentwicklung.",
    ),
    ("G", "counselling"): (
        "Beratung in der Schwangerschaft. Es geht um Hebamme, Klinik und Elterngeld.",
        "Antrag bei der Stiftung Mutter und Kind ausfüllen.",
        "Beratung zu Pflegegrad und Hilfen für den Großvater.",
        "Vertrauliches Gespräch mit der Beraterin. Bitte eine Frau.",
    ),
    ("G", "other"): (
        "Begleitung zum Hausarzt. Vorher sprechen wir kurz im Büro.",
        "Gespräch über die Gesundheitskarte und die Wahl einer Hausarztpraxis.",
    ),
    ("S", "authority"): (
        "Antrag auf Wohngeld. Es fehlen noch Unterlagen, die wir gemeinsam durchgehen.",
        "Gespräch über eine drohende Kündigung der Wohnung.",
        "Ummeldung der ganzen Familie und Fragen zu den Ausweisen der Kinder.",
        "Beratung zur Grundsicherung im Alter. Die Seniorin kommt mit ihrer Tochter.",
        "Vorsprache wegen einer Bescheinigung. Bitte helfen Sie auch beim Formular.",
    ),
    ("S", "counselling"): (
        "Brief der Krankenkasse erklären und die Antwort vorbereiten.",
        "Beratung zum Familiennachzug. Es geht nur um den Ablauf, nicht um Rechtsfragen.",
        "Schuldenberatung: Überblick über Verträge und offene Rechnungen.",
        "Gespräch über Wohnungssuche und Wohnberechtigungsschein.",
        "Erstberatung für eine Mutter mit zwei Kindern nach der Trennung.",
        "Orientierung für eine neue Familie: Konto, Strom, Rundfunkbeitrag.",
    ),
    ("S", "other"): (
        "Umzug aus der Unterkunft in die eigene Wohnung. Mietvertrag wird erklärt.",
        "Vorstellung der Hausordnung für drei neue Familien.",
        "Gespräch wegen Streit unter Nachbarn. Wir möchten vermitteln.",
        "Besichtigung einer Wohnung und Fragen zur Mülltrennung.",
    ),
    ("B", "other"): (
        "Anmeldung der Kinder zum Schwimmkurs und Gespräch über die Hausaufgabenhilfe.",
        "Infonachmittag für Eltern: Sport, Ferien und Zuschüsse.",
    ),
    ("A", "authority"): (
        "Gespräch zur Eingliederungsvereinbarung. Der Kunde sucht Arbeit im Lager.",
        "Weiterbewilligung: Unterlagen durchsehen und fehlende Nachweise klären.",
        "Einladung zu einem Arbeitgeber. Wir bereiten das Vorstellungsgespräch vor.",
        "Beratung zu Minijob, Kinderbetreuung und Fahrtkosten.",
        "Besprechung nach dem Praktikum in der Küche eines Altenheims.",
    ),
    ("A", "counselling"): (
        "Bewerbung schreiben und Stellen im Reinigungsbereich suchen.",
        "Arbeitsvertrag erklären. Es geht um Arbeitszeit, Urlaub und Probezeit.",
    ),
    ("F", "authority"): (
        "Berufsberatung für eine junge Frau, die Pflegefachfrau werden möchte.",
        "Anerkennung eines Abschlusses als Elektriker. Welche Unterlagen fehlen noch?",
        "Gespräch über Ausbildung in Teilzeit und Förderung.",
        "Beratung zum Führerschein für Busse im Linienverkehr.",
    ),
    ("F", "counselling"): (
        "Anerkennung des Diploms einer Ingenieurin. Erste Orientierung.",
        "Welche Sprachprüfung braucht man für die Pflege? Beratung und Anmeldung.",
    ),
    ("F", "education"): (
        "Beratung zur Ausbildungsvorbereitung am Berufskolleg.",
        "Gespräch mit Schüler und Vater über das Praktikum in einer Tischlerei.",
        "Zeugnisbewertung und passende Bildungsgänge.",
        "Anmeldung zum Deutschkurs mit Berufsbezug.",
    ),
}

# What people ask for who phone the office themselves: topic, concern, kind of help.
BY_PHONE: Final = (
    ("G", "Begleitung zum Facharzt, Überweisung liegt vor.", "accompaniment"),
    ("S", "Ein Brief des Vermieters ist unklar, bitte gemeinsam anrufen.", "everyday"),
    ("B", "Anmeldung der Tochter in der Kita, Unterlagen liegen zu Hause.", "advice"),
)

NOTES: Final = (
    "Telefonat mit der Einrichtung: Termin kann um bis zu 30 Minuten verschoben werden.",
    "Einrichtung bittet um dieselbe Person wie beim letzten Mal.",
    "Rückruf am Nachmittag vereinbart.",
    "Raum ist nur über den Hof erreichbar, steht jetzt auch in den Hinweisen.",
    "Falls niemand Zeit hat: Sprachhelferpool des Kreises als Ausweg genannt.",
    "Bitte beim nächsten Mal früher anfragen, mit der Kollegin besprochen.",
    "Termin ist wichtig, weil die Frist beim Amt am Monatsende abläuft.",
    "Zweiter Versuch: diesmal zwei Personen gleichzeitig angefragt.",
    "Lotsin hat zugesagt und fragt, ob sie zehn Minuten früher kommen soll. Ja.",
)

NOBODY_NOTE: Final = "In dieser Sprache ist niemand verfügbar. Einrichtung informiert, Kreis gefragt."

DECLINES: Final = (
    "Ich arbeite an diesem Tag.",
    "Ich bin leider krank.",
    "Meine Kinder haben Ferien.",
    "",
    "Der Weg ist mir zu weit.",
    "Ich habe schon einen anderen Termin.",
    "",
)

CANCELLATIONS: Final = (
    "Die Familie hat den Termin abgesagt.",
    "Die Fachkraft ist erkrankt, wir melden uns mit einem neuen Termin.",
    "Der Termin wird nicht mehr gebraucht.",
    "Ein Familienmitglied kann übersetzen.",
)

REJECTIONS: Final = (
    ("Rechtsfolgen", "Für ein Verfahren vor Gericht brauchen Sie eine beeidigte Dolmetscherin."),
    ("Privat", "Für private Verträge vermitteln wir keine Begleitung."),
)

HINTS: Final = (
    "",
    "",
    "Bitte am Empfang melden, wir holen Sie ab.",
    "Der Aufzug ist im Innenhof.",
    "Ein Kleinkind ist dabei.",
    "Die Person hört auf dem linken Ohr schlecht.",
    "Bitte zehn Minuten vorher da sein.",
)

# First names by gender and family names by language; what is not here takes "ar" or the nearest by family.
CLIENTS: Final[dict[str, tuple[str, str]]] = {
    "ar": ("Amal Nadia Huda Bilal Karim Walid", "Saleh Hamdan Aziz Jaber Mahmoud Shaheen"),
    "tr": ("Fatma Emine Zeynep Ali Mustafa Hasan", "Çelik Şahin Kurt Koç Arslan Polat"),
    "uk": ("Olena Tetjana Julija Andrij Serhij Oleh", "Melnyk Tkatschenko Lyssenko Marchenko Rudenko"),
    "ru": ("Olga Irina Larissa Igor Pawel Nikolai", "Orlowa Wolkow Smirnow Fedorow Belowa"),
    "kmr": ("Zeyneb Gulistan Rojda Hejar Baran Serhat", "Çiçek Demir Ekinci Toprak Bozan"),
    "ro": ("Maria Elena Daniela Ion Mihai Florin", "Popa Radu Lungu Ciobanu Matei"),
    "pl": ("Ewa Joanna Beata Marek Piotr Jacek", "Nowak Mazur Krawczyk Lis Sikora"),
    "bg": ("Ivanka Stefka Radka Petar Dimitar Nikolay", "Ivanova Dimitrov Kolev Marinov Angelova"),
    "sq": ("Drita Valbona Mirela Agim Luan Ilir", "Berisha Gashi Shehu Dervishi Leka"),
    "fa": ("Maryam Leila Fereshteh Reza Hamid Javad", "Karimi Ahmadi Rostami Jafari Hosseini"),
    "ti": ("Senait Almaz Rahel Tekle Haile Samuel", "Kidane Habte Berhe Weldu Asmerom"),
    "so": ("Fadumo Sahra Ayaan Abdi Mahad Ismail", "Warsame Farah Jama Osman Hersi"),
    "fr": ("Aminata Clarisse Mariam Moussa Ibrahim Eric", "Traoré Camara Mensah Kouassi Diallo"),
    "es": ("Lucía Carmen Rosa Diego Andrés Pablo", "Rojas Salazar Vega Castillo Peña"),
    "en": ("Joy Blessing Mercy Daniel Samuel Peter", "Owusu Asante Adeyemi Eze Banda"),
    "vi": ("Thu Hoa Mai Minh Duc Long", "Nguyen Pham Le Hoang Vu"),
}
NEAREST: Final = {
    "ary": "ar", "aii": "ar", "rif": "ar", "ckb": "kmr", "zza": "kmr", "prs": "fa", "ps": "fa", "az": "tr",
    "am": "ti", "wo": "fr", "bm": "fr", "mnk": "fr", "ff": "fr", "ln": "fr", "tw": "en", "ig": "en",
    "ha": "en", "sw": "en", "pt": "es", "it": "es", "rom": "ro", "sr": "bg", "bs": "sq", "hr": "sq",
    "mk": "bg", "gsg": "pl", "ta": "en", "bn": "fa", "ur": "fa", "hy": "ru", "ka": "ru", "zh": "vi",
}  # fmt: skip

# How often the city asks for a language; the last three are spoken by nobody of the demo's volunteers.
DEMAND: Final = {
    "ar": 22, "tr": 14, "uk": 13, "kmr": 9, "ro": 9, "ru": 8, "prs": 8, "bg": 6, "sq": 6, "pl": 6, "ti": 5,
    "fa": 4, "so": 3, "ckb": 3, "fr": 3, "es": 3, "ps": 2, "rom": 2, "ary": 2, "vi": 1, "am": 1, "sr": 1,
    "ta": 1, "gsg": 1, "aii": 1, "bm": 1, "ur": 1, "it": 1, "bn": 1, "hy": 1, "sw": 1,
}  # fmt: skip

# A second language that would do as well, where somebody usually speaks both.
ALSO: Final = {
    "kmr": "tr", "uk": "ru", "prs": "fa", "fa": "prs", "ti": "am", "bm": "fr", "rom": "ro", "ary": "ar",
    "aii": "ar", "ps": "prs", "ckb": "ar", "ro": "it", "so": "ar",
}  # fmt: skip
