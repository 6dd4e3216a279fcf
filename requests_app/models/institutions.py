"""Institutions, the people who ask on their behalf, and whom they know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _

from lotsen_portal.access import ROLE_SOURCES, Role, roles
from lotsen_portal.encryption import EncryptedTextField
from requests_app.states import Who
from volunteers.models import District, Volunteer

if TYPE_CHECKING:
    from lotsen_portal.models import User


class InstitutionKind(models.TextChoices):
    """The kinds of institution that the city's page names."""

    AUTHORITY = "authority", _("Behörde")
    COUNSELLING = "counselling", _("Beratungsstelle")
    HEALTH = "health", _("Gesundheitseinrichtung")
    EDUCATION = "education", _("Bildungseinrichtung")
    OTHER = "other", _("Andere Einrichtung")


class InstitutionState(models.TextChoices):
    """Whether an institution may file requests."""

    APPLIED = "applied", _("angemeldet")
    APPROVED = "approved", _("zugelassen")
    DECLINED = "declined", _("abgelehnt")
    BLOCKED = "blocked", _("gesperrt")


# The office lets an institution in, shuts it out and lets it in again; `houses` alone writes the state.
INSTITUTION_MOVES = [
    (InstitutionState.APPLIED, InstitutionState.APPROVED),
    (InstitutionState.APPLIED, InstitutionState.DECLINED),
    (InstitutionState.DECLINED, InstitutionState.APPROVED),
    (InstitutionState.APPROVED, InstitutionState.BLOCKED),
    (InstitutionState.BLOCKED, InstitutionState.APPROVED),
]


class InstitutionQuerySet(models.QuerySet["Institution"]):
    """Questions about institutions."""

    def visible_to(self, user: User) -> InstitutionQuerySet:
        """The office sees all institutions, a member the own one."""
        if roles(user) & {Role.COORDINATOR, Role.ADMINISTRATOR}:
            return self
        return self.filter(members__user=user, members__left_on=None)


class Institution(models.Model):
    """An authority, a counselling, health or education institution that may file requests."""

    name = models.CharField(_("Name"), max_length=160, unique=True)
    kind = models.CharField(_("Art"), max_length=16, choices=InstitutionKind.choices)
    state = models.CharField(
        _("Stand"), max_length=16, choices=InstitutionState.choices, default=InstitutionState.APPLIED
    )
    district = models.ForeignKey(
        District, verbose_name=_("Stadtteil"), on_delete=models.PROTECT, related_name="institutions"
    )
    street = models.CharField(_("Straße und Hausnummer"), max_length=160)
    postcode = models.CharField(_("Postleitzahl"), max_length=10)
    city = models.CharField(_("Ort"), max_length=80)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    email = models.EmailField(_("E-Mail"), blank=True)
    mail_domain = models.CharField(_("Mail-Domain"), max_length=120, blank=True)
    usual_minutes = models.PositiveSmallIntegerField(
        _("Übliche Dauer in Minuten"),
        default=60,
        validators=[MinValueValidator(15), MaxValueValidator(1440)],
    )

    usual_place = models.CharField(_("Üblicher Treffpunkt"), max_length=300, blank=True)
    contact_name = models.CharField(_("Ansprechperson"), max_length=150, blank=True)
    contact_phone = models.CharField(_("Telefon der Ansprechperson"), max_length=40, blank=True)
    blocked_because = EncryptedTextField(_("Gesperrt, weil"), blank=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Einrichtung")
        verbose_name_plural = _("Einrichtungen")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=InstitutionKind.values), name="institution_kind"),
            models.CheckConstraint(condition=Q(state__in=InstitutionState.values), name="institution_state"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="institution_moves",
                field="state",
                transitions=[(old.value, new.value) for old, new in INSTITUTION_MOVES],
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The public address in one line."""
        return f"{self.street}, {self.postcode} {self.city}"


class MemberQuerySet(models.QuerySet["Member"]):
    """Questions about members."""

    def current(self) -> MemberQuerySet:
        """Members who have not left, of institutions that may still come in."""
        return self.filter(left_on=None, institution__state=InstitutionState.APPROVED)

    def signing_in(self, user: User | OuterRef) -> MemberQuerySet:
        """What lets this user sign in for an institution."""
        return self.current().filter(user=user)

    def managing(self, user: User | OuterRef) -> MemberQuerySet:
        """What lets this user look after the colleagues of an institution."""
        return self.current().filter(user=user, is_manager=True)


class Member(models.Model):
    """A caseworker of one institution; people leave, their requests stay."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("Konto"), on_delete=models.CASCADE, related_name="member"
    )
    institution = models.ForeignKey(
        Institution, verbose_name=_("Einrichtung"), on_delete=models.PROTECT, related_name="members"
    )
    phone = models.CharField(_("Durchwahl"), max_length=40, blank=True)
    is_manager = models.BooleanField(_("Verwaltet das Team"), default=False)
    left_on = models.DateField(_("Ausgeschieden am"), null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("Mitarbeitende Person")
        verbose_name_plural = _("Mitarbeitende")
        ordering = ["institution__name", "user__name"]

    def __str__(self) -> str:
        return f"{self.user} ({self.institution})"


ROLE_SOURCES[Role.MEMBER] = Member.objects.signing_in
ROLE_SOURCES[Role.MANAGER] = Member.objects.managing


class WishKind(models.TextChoices):
    """What one side wishes of the other."""

    PREFER = "prefer", _("gern wieder")
    EXCLUDE = "exclude", _("bitte nicht")


class Wish(models.Model):
    """One side would rather, or rather not, work with the other; the other side never learns of it."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="wishes")
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="wishes")
    side = models.CharField(
        _("Wunsch von"),
        max_length=12,
        choices=[(Who.VOLUNTEER.value, _("Lotsin oder Lotse")), (Who.MEMBER.value, _("Einrichtung"))],
    )
    kind = models.CharField(_("Wunsch"), max_length=8, choices=WishKind.choices)

    class Meta:
        verbose_name = _("Wunsch")
        verbose_name_plural = _("Wünsche")
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "institution", "side"], name="one_wish_per_side"),
            models.CheckConstraint(condition=Q(kind__in=WishKind.values), name="wish_kind"),
            models.CheckConstraint(
                condition=Q(side__in=[Who.VOLUNTEER.value, Who.MEMBER.value]), name="wish_side"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} – {self.institution}: {self.get_kind_display()}"


class Bond(models.Model):
    """How often a volunteer was at an institution; `loads.settle` alone writes it."""

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="bonds", db_index=False
    )
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="bonds")
    times = models.PositiveIntegerField()
    last_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "volunteer"],
                include=["times"],
                name="one_bond_per_pair",
            ),
        ]
