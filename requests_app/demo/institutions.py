"""The institutions of the demo city and who files their requests. All of them are invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class House:
    """An institution. `topics`: letters as in `people`, a letter's number is its share of the requests.

    `share`: how many of the city's requests come from here, relative to the others. `members`: names, the
    first one manages the team. `rooms`: where the appointments are.
    """

    name: str
    kind: str
    district: str
    street: str
    postcode: str
    domain: str
    topics: str
    share: int
    members: tuple[str, ...]
    rooms: tuple[str, ...] = ("Raum 1.04", "Empfang", "Besprechungszimmer")
    usual_minutes: int = 60
    state: str = "approved"


# The first one is where "Als Einrichtung anmelden" leads; its second member signs in.
HOUSES: Final = (
    House(
        "Jugendamt, Allgemeiner Sozialer Dienst", "authority", "Innenstadt", "Michaelstraße 48", "41460",
        "asd-neuss.example", "EEESSBB", 9,
        ("Birgit Hansmann", "Lukas Tewes", "Svenja Oberhoff", "Marcel Dörr"),
        ("Zimmer 2.17", "Zimmer 2.21", "Besprechungsraum im 2. Stock"), 90,
    ),
    House(
        "Jobcenter, Team Markt und Integration", "authority", "Hammfeld", "Stresemannallee 71", "41460",
        "jobcenter-hammfeld.example", "AAAFF", 9,
        ("Sabine Reuter", "Philipp Nolden", "Ceyda Arslan"),
        ("Zimmer 114", "Zimmer 208", "Eingangszone"),
    ),
    House(
        "Amt für Soziales und Wohnen", "authority", "Innenstadt", "Oberstraße 114", "41460",
        "soziales-neuss.example", "SSS", 7, ("Ursula Gehlen", "Jonas Brück", "Miriam Pauls"),
        ("Zimmer 3.02", "Zimmer 3.11"), 45,
    ),
    House(
        "Gesundheitsamt, Beratung für Kinder und Jugendliche", "authority", "Dreikönigenviertel",
        "Bergheimer Straße 233", "41464", "gesundheitsamt-beratung.example", "GGGE", 6,
        ("Andrea Kessel", "Tim Wolters"), ("Untersuchungsraum 3", "Zimmer 12"),
    ),
    House(
        "Agentur für Arbeit, Berufsberatung", "authority", "Hammfeld", "Marienstraße 90", "41462",
        "berufsberatung.example", "FFFA", 4, ("Petra Lohmann", "Nils Ehrhardt"),
        ("Zimmer 305", "Infozentrum"),
    ),
    House(
        "Bürgeramt Furth", "authority", "Furth-Mitte", "Kaiser-Friedrich-Straße 122", "41460",
        "buergeramt-furth.example", "SS", 3, ("Heike Vossen",), ("Schalter 4", "Wartebereich"), 30,
    ),
    House(
        "Migrationsberatung am Münsterplatz", "counselling", "Innenstadt", "Münsterplatz 19", "41460",
        "mb-muensterplatz.example", "SSSAFG", 8,
        ("Dorothee Lindner", "Hasan Güler", "Friederike Maas"), ("Beratungsraum", "Gruppenraum"),
    ),
    House(
        "Schwangerschaftsberatung Lichtblick", "counselling", "Augustinusviertel", "Glockhammer 30", "41460",
        "lichtblick-beratung.example", "GGE", 5, ("Annegret Schotten", "Julia Berens"), ("Beratungsraum 2",),
    ),
    House(
        "Erziehungsberatung Nordstadt", "counselling", "Furth-Nord", "Wolberostraße 9", "41462",
        "eb-nordstadt.example", "EEE", 6, ("Claudia Ritterbach", "Stefan Ohlig"),
        ("Spielzimmer", "Raum 2"), 75,
    ),
    House(
        "Schuldnerberatung Rheintor", "counselling", "Innenstadt", "Rheintorstraße 15", "41460",
        "rheintor-beratung.example", "SS", 3, ("Ralf Küppers",), ("Büro 1",),
    ),
    House(
        "Frauenberatungsstelle Furth", "counselling", "Furth-Süd", "Venloer Straße 81", "41462",
        "frauenberatung-furth.example", "SSG", 4, ("Katja Wirtz", "Nele Schaffrath"), ("Beratungsraum",), 75,
    ),
    House(
        "Klinikum am Nordpark, Sozialdienst", "health", "Weißenberg", "Preußenstraße 84", "41464",
        "klinikum-nordpark.example", "GGG", 8, ("Monika Hartung", "Daniel Esser", "Lea Kirschbaum"),
        ("Station 3B, Zimmer 12", "Ambulanz, Anmeldung", "Sozialdienst, Raum 0.31"),
    ),
    House(
        "Kinderarztpraxis am Stadtgarten", "health", "Dreikönigenviertel", "Augustinusstraße 21", "41464",
        "kinderaerzte-stadtgarten.example", "GGG", 5, ("Dr. Verena Holtz", "Sina Jakobs"),
        ("Praxis, Anmeldung",),
        30,
    ),
    House(
        "Frauenarztpraxis Gnadental", "health", "Gnadental", "Artur-Platz-Weg 5", "41468",
        "frauenaerztin-gnadental.example", "GG", 4, ("Dr. Petra Simons",), ("Praxis, Anmeldung",), 45,
    ),
    House(
        "Psychosoziales Zentrum Erftaue", "health", "Selikum", "Nixhütter Weg 60", "41466",
        "psz-erftaue.example", "GG", 4, ("Matthias Reinders", "Esther Blum"), ("Therapieraum 1",), 90,
    ),
    House(
        "Grundschule Erftbogen", "education", "Erfttal", "Bedburger Straße 61", "41469",
        "gs-erftbogen.example", "BBBE", 7, ("Regina Thelen", "Fabian Stock"),
        ("Klassenraum 2b", "Sekretariat"), 45,
    ),
    House(
        "Gesamtschule Nordtor", "education", "Furth-Nord", "Neusser Weyhe 20", "41462",
        "gesamtschule-nordtor.example", "BBBF", 6, ("Ingo Baumeister", "Larissa Fuchs", "Hülya Sezer"),
        ("Raum A 204", "Beratungsbüro"), 45,
    ),
    House(
        "Kita Regenbogen Weckhoven", "education", "Weckhoven", "Otto-Wels-Straße 7", "41466",
        "kita-regenbogen.example", "EEE", 6, ("Simone Aretz", "Carina Böhm"),
        ("Gruppe Sonnenkinder", "Büro"), 45,
    ),
    House(
        "Familienzentrum Barbaraviertel", "education", "Barbaraviertel", "Düsseldorfer Straße 147", "41460",
        "fz-barbara.example", "EEB", 5, ("Gudrun Lenzen", "Anna-Lena Viehof"), ("Elterncafé", "Turnraum"), 60,
    ),
    House(
        "Berufskolleg Hammfelddamm", "education", "Hammfeld", "Hammfelddamm 12", "41460",
        "bk-hammfelddamm.example", "FFB", 5, ("Thomas Quirin", "Yvonne Rademacher"), ("Raum 310", "Beratung"),
    ),
    House(
        "Volkshochschule, Sprachkursbüro", "education", "Innenstadt", "Brückstraße 1", "41460",
        "vhs-sprachkurse.example", "BBF", 4, ("Elke Sommer",), ("Kursraum 7",), 30,
    ),
    House(
        "Zentrale Unterkunft Bergheimer Straße", "other", "Reuschenberg", "Bergheimer Straße 421", "41466",
        "unterkunft-bergheimer.example", "SSG", 5, ("Markus Zander", "Ilse Kamper"),
        ("Büro der Sozialarbeit",),
    ),
    House(
        "Wohnungsgesellschaft Quirinus", "other", "Innenstadt", "Markt 31", "41460",
        "wg-quirinus.example", "S", 2, ("Bernd Hoffstadt",), ("Mieterbüro",), 45,
    ),
    House(
        "Sportverein Norf, Integrationsprojekt", "other", "Norf", "Vellbrüggener Straße 24", "41469",
        "svnorf-projekt.example", "SB", 2, ("Oliver Pesch",), ("Vereinsheim",), 60, "applied",
    ),
    House(
        "Pflegeberatung Holzheim", "counselling", "Holzheim", "Hauptstraße 55", "41472",
        "pflegeberatung-holzheim.example", "GS", 3, ("Renate Söntgen",), ("Büro",), 60, "applied",
    ),
)  # fmt: skip
