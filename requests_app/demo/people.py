"""The volunteers and the office of the demo city. All of them are invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lotsen_portal.access import Role


@dataclass(frozen=True)
class Person:
    """A volunteer: languages as code and level, topics as letters, and what is out of the ordinary.

    `papers`: "good", "soon" (the undertaking ends in three weeks), "old" (it has ended), "none".
    `conduct`: "good", "old", "none". `since`: months in the programme.
    """

    name: str
    gender: str
    tongues: str
    district: str
    topics: str
    rhythm: str = "any"
    trained: bool = True
    papers: str = "good"
    conduct: str = "good"
    since: int = 30
    weekly: int = 3
    state: str = "active"
    mail: str | None = None
    account: bool = False


@dataclass(frozen=True)
class Officer:
    """Somebody of the Integrationsamt."""

    name: str
    mail: str
    roles: tuple[Role, ...]


# Letters of the six topics, as `Person.topics` and the requests' concerns use them.
TOPIC_LETTERS: Final = {
    "G": "gesundheit",
    "B": "bildung",
    "E": "erziehung",
    "A": "arbeit",
    "F": "beruf",
    "S": "soziales",
}

# The half hours of a usual week: (first weekday, last weekday, from, to) in hours, Monday is 0.
RHYTHMS: Final = {
    "any": ((0, 4, 8.0, 18.0),),
    "mornings": ((0, 4, 8.0, 12.5),),
    "afternoons": ((0, 4, 13.0, 19.0),),
    "evenings": ((0, 4, 16.0, 21.0), (5, 5, 10.0, 18.0)),
    "start": ((0, 2, 8.0, 17.0),),
    "end": ((2, 4, 8.0, 17.0),),
    "shifts": ((0, 1, 8.0, 13.0), (3, 4, 12.0, 19.0)),
}

OFFICERS: Final = (
    Officer("Katrin Brandes", "katrin.brandes@neuss.example", (Role.COORDINATOR,)),
    Officer("Deniz Aksoy", "deniz.aksoy@neuss.example", (Role.COORDINATOR,)),
    Officer("Jana Kovačević", "jana.kovacevic@neuss.example", (Role.COORDINATOR,)),
    Officer("Martin Hellwig", "martin.hellwig@neuss.example", (Role.HEAD,)),
    Officer("Sven Paschke", "sven.paschke@neuss.example", (Role.ADMINISTRATOR,)),
)

COUPLE_ONE: Final = "familie.demirci@lotsen.example"
COUPLE_TWO: Final = "familie.schewtschenko@lotsen.example"

# The first one is she who signs in by "Als Lotsin anmelden".
VOLUNTEERS: Final = (
    Person("Samira Haddad", "f", "ar4 fr3", "Furth-Mitte", "GEBS", "any", since=41, account=True),
    Person("Omar al-Khatib", "m", "ar4 en3", "Innenstadt", "GASF", "mornings", since=52, account=True),
    Person("Rania Mansour", "f", "ar4", "Weckhoven", "GEB", "mornings", since=20),
    Person("Yusuf Barakat", "m", "ar4 kmr3", "Erfttal", "ASF", "evenings", trained=False, since=14),
    Person("Hanan Zaki", "f", "ar4 en2", "Norf", "EBG", "afternoons", since=33, weekly=2),
    Person("Tarek Nasser", "m", "ar4", "Barbaraviertel", "GS", "shifts", papers="soon", since=24),
    Person("Layla Idrissi", "f", "ary4 ar3 fr4", "Vogelsang", "GEBS", "any", since=60, account=True),
    Person("Mehdi Bouzidi", "m", "rif4 ary4 fr3", "Furth-Süd", "ASG", "start", since=11),
    Person("Selin Demirci", "f", "tr4", "Furth-Nord", "GEB", "mornings", since=70, mail=COUPLE_ONE),
    Person("Kemal Demirci", "m", "tr4", "Furth-Nord", "ASF", "afternoons", since=70, mail=COUPLE_ONE),
    Person("Aylin Kaplan", "f", "tr4 en3", "Reuschenberg", "GEBS", "any", since=26, account=True),
    Person("Hatice Öztürk", "f", "tr4", "Gnadental", "ES", "mornings", since=95, mail=""),
    Person("Emre Doğan", "m", "tr4 kmr4", "Weißenberg", "AFS", "evenings", trained=False, since=9),
    Person("Berivan Aslan", "f", "kmr4 tr3", "Erfttal", "GEBS", "any", since=38, account=True),
    Person("Rojhat Acar", "m", "kmr4 zza3 tr3", "Norf", "AS", "shifts", since=17),
    Person("Shirin Karim", "f", "ckb4 ar3", "Furth-Mitte", "GEB", "mornings", since=28),
    Person("Azad Rashid", "m", "ckb4 fa2", "Weckhoven", "ASG", "end", since=13, papers="old"),
    Person("Oksana Bondarenko", "f", "uk4 ru4", "Innenstadt", "GEBS", "any", since=32, account=True),
    Person("Iryna Schewtschenko", "f", "uk4 ru4", "Pomona", "EB", "mornings", since=30, mail=COUPLE_TWO),
    Person("Dmytro Schewtschenko", "m", "uk4 ru4", "Pomona", "ASF", "evenings", since=30, mail=COUPLE_TWO),
    Person("Natalija Hrytsenko", "f", "uk4 ru3 pl2", "Holzheim", "GS", "afternoons", since=19),
    Person("Wiktor Petrow", "m", "ru4", "Grimlinghausen", "GAS", "mornings", since=88, mail=""),
    Person("Elena Sokolowa", "f", "ru4 ka2", "Weißenberg", "GEB", "any", since=46),
    Person("Swetlana Miller", "f", "ru4", "Hoisten", "ES", "start", since=64, conduct="old"),
    Person("Agnieszka Zielińska", "f", "pl4", "Dreikönigenviertel", "GEBS", "start", since=40, account=True),
    Person("Tomasz Wrona", "m", "pl4 en3", "Furth-Süd", "AFS", "afternoons", since=22),
    Person("Bożena Kulik", "f", "pl4", "Rosellen", "GS", "any", trained=False, since=7),
    Person("Ioana Dumitrescu", "f", "ro4", "Barbaraviertel", "GEBS", "any", since=29, account=True),
    Person("Cristian Munteanu", "m", "ro4 it3", "Hafengebiet", "AFS", "evenings", since=16),
    Person("Lenuța Stan", "f", "ro4 rom4", "Furth-Nord", "GES", "mornings", since=21),
    Person("Zoran Jovanović", "m", "rom4 sr4", "Erfttal", "ASB", "any", since=35),
    Person("Desislava Petkova", "f", "bg4 tr2", "Vogelsang", "GEB", "end", since=25),
    Person("Georgi Stoyanov", "m", "bg4 mk2", "Westfeld", "ASF", "afternoons", trained=False, since=12),
    Person("Arta Krasniqi", "f", "sq4", "Stadionviertel", "GEBS", "mornings", since=55, account=True),
    Person("Besnik Hoxha", "m", "sq4 it2", "Norf", "AFSG", "any", since=18),
    Person("Zahra Mohammadi", "f", "prs4 fa4", "Furth-Mitte", "GEBS", "any", since=37, account=True),
    Person("Farid Noori", "m", "prs4 ps4", "Innenstadt", "GAS", "mornings", since=31),
    Person("Parwana Sahak", "f", "ps4 prs3 ur2", "Gnadental", "GE", "afternoons", since=10),
    Person("Nasrin Tavakoli", "f", "fa4 en3", "Selikum", "GEB", "start", since=72),
    Person("Kian Moradi", "m", "fa4 az2", "Augustinusviertel", "AF", "evenings", trained=False, since=15),
    Person("Selam Tesfay", "f", "ti4 am3", "Weckhoven", "GEBS", "any", since=27, account=True),
    Person("Yonas Ghebremeskel", "m", "ti4", "Barbaraviertel", "AS", "shifts", since=13),
    Person("Meron Alemu", "f", "am4 en3", "Morgensternsheide", "GB", "mornings", since=23),
    Person("Hodan Abdi", "f", "so4 ar2", "Furth-Nord", "GES", "mornings", since=34),
    Person("Mamadou Diarra", "m", "bm4 fr4 mnk3", "Hammfeld", "AFS", "any", since=20),
    Person("Fatoumata Keita", "f", "mnk4 fr3 ff3", "Erfttal", "GE", "mornings", since=8),
    Person("Awa Ndiaye", "f", "wo4 fr4", "Innenstadt", "GBS", "end", since=44),
    Person("Grace Boateng", "f", "tw4 en4", "Grimlinghausen", "GES", "any", since=58),
    Person("Chidi Okonkwo", "m", "ig4 en4", "Reuschenberg", "AF", "evenings", since=12, weekly=1),
    Person("Marisol Quintero", "f", "es4", "Dreikönigenviertel", "GEB", "any", since=39),
    Person("Ana Beatriz Moura", "f", "pt4 es3", "Uedesheim", "ABF", "afternoons", since=17),
    Person("Giulia Ferrante", "f", "it4", "Holzheim", "GES", "mornings", since=101, mail=""),
    Person("Eleni Papadaki", "f", "el4", "Augustinusviertel", "GS", "any", since=83, mail=""),
    Person("Amina Hodžić", "f", "bs4 hr4 sr4", "Gnadental", "GEBS", "mornings", since=66),
    Person("Linh Tran", "f", "vi4", "Stadionviertel", "GB", "afternoons", since=21),
    Person("Mei Zhang", "f", "zh4 en3", "Grefrath", "BF", "evenings", since=14, trained=False),
    Person("Priya Selvan", "f", "ta4 en3", "Rosellen", "GEB", "start", since=47),
    Person("Rehana Siddiqui", "f", "ur4 pa3 hi3", "Furth-Süd", "GES", "any", since=36, conduct="none"),
    Person("Carola Wiebe", "f", "gsg4", "Innenstadt", "GBS", "shifts", since=19, weekly=2),
    Person("Ninve Gabriel", "f", "aii4 ar3", "Westfeld", "GES", "mornings", since=26),
    Person("Salma Rahimi", "f", "prs4", "Weckhoven", "EB", "mornings", state="paused", since=24),
    Person("Ivana Marić", "f", "hr4 bs4", "Norf", "GS", "any", state="paused", since=49),
    Person("Khadija Amrani", "f", "ary4", "Vogelsang", "ES", state="in_training", papers="none", since=2),
    Person("Bogdan Ilie", "m", "ro4", "Furth-Mitte", "AF", state="in_training", papers="none", since=1),
    Person("Nino Kapanadze", "f", "ka4 ru3", "Pomona", "GB", state="applicant", papers="none", since=0),
    Person("Halyna Koval", "f", "uk4", "Erfttal", "ES", state="applicant", papers="none", since=0),
)
