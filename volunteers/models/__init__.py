"""The people who help, and the catalogues by which they are found."""

from volunteers.models.applications import (
    Application,
    ApplicationLanguage,
    ApplicationNote,
    ApplicationQuerySet,
    German,
)
from volunteers.models.cards import LanguagePool, SpeakerCard
from volunteers.models.catalogue import Direction, District, Language, Topic
from volunteers.models.people import (
    ALL_DAY,
    DAY_OPENS,
    DAYS_A_WEEK,
    HALF_HOURS,
    Absence,
    Gender,
    Level,
    Speaks,
    TopicTraining,
    Volunteer,
    VolunteerQuerySet,
    always_available,
)
from volunteers.states import VolunteerState

__all__ = [
    "ALL_DAY",
    "DAYS_A_WEEK",
    "DAY_OPENS",
    "HALF_HOURS",
    "Absence",
    "Application",
    "ApplicationLanguage",
    "ApplicationNote",
    "ApplicationQuerySet",
    "Direction",
    "District",
    "Gender",
    "German",
    "Language",
    "LanguagePool",
    "Level",
    "SpeakerCard",
    "Speaks",
    "Topic",
    "TopicTraining",
    "Volunteer",
    "VolunteerQuerySet",
    "VolunteerState",
    "always_available",
]
