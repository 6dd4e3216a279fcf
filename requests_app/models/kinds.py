"""What kinds of requests there are."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Help(models.TextChoices):
    """The kinds of help that the city's page names: Begleitung, Beratung, Unterstützung im Alltag."""

    ACCOMPANIMENT = "accompaniment", _("Begleitung")
    ADVICE = "advice", _("Beratung")
    EVERYDAY = "everyday", _("Alltagshilfe")


class Mode(models.TextChoices):
    """How volunteer and client meet."""

    ON_SITE = "on_site", _("vor Ort")
    PHONE = "phone", _("am Telefon")
    VIDEO = "video", _("per Video")


class Origin(models.TextChoices):
    """Who asked: an institution, the migrant alone, or somebody on the telephone with the office."""

    INSTITUTION = "institution", _("Einrichtung")
    SELF = "self", _("selbst angefragt")
    OFFICE = "office", _("vom Amt aufgenommen")


class Daytime(models.TextChoices):
    """When somebody without a date would like to be called."""

    MORNING = "morning", _("vormittags")
    AFTERNOON = "afternoon", _("nachmittags")
    EVENING = "evening", _("abends")
