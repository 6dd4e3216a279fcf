"""Institutions that ask to be taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lotsen_portal.access import Role, roles
from lotsen_portal.encryption import EncryptedTextField
from lotsen_portal.models.ground import guarded, values_of
from requests_app.models.institutions import Institution, InstitutionKind
from requests_app.states import REGISTRATION_MOVES, RegistrationState
from volunteers.models import District

if TYPE_CHECKING:
    from lotsen_portal.models import User

_DECIDED = [RegistrationState.APPROVED.value, RegistrationState.DECLINED.value]


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Questions about registrations."""

    def visible_to(self, user: User) -> RegistrationQuerySet:
        """The office sees them all; whoever asked comes by a link."""
        return self if Role.COORDINATOR in roles(user) else self.none()

    def to_decide(self) -> RegistrationQuerySet:
        """Those that wait for the office, the oldest first."""
        return self.filter(state=RegistrationState.CONFIRMED.value).order_by("confirmed_at", "pk")


class Registration(models.Model):
    """What an institution says about itself before the office lets it in; `registrations` alone writes it.

    Whoever asks is known by a work address that a mailed link confirms. Contact data are encrypted.
    """

    name = models.CharField(_("Name"), max_length=160)
    kind = models.CharField(_("Art"), max_length=16, choices=InstitutionKind.choices)
    street = models.CharField(_("Straße und Hausnummer"), max_length=160)
    postcode = models.CharField(_("Postleitzahl"), max_length=10)
    city = models.CharField(_("Ort"), max_length=80)
    district = models.ForeignKey(
        District, verbose_name=_("Stadtteil"), on_delete=models.PROTECT, related_name="+"
    )
    contact_name = EncryptedTextField(_("Ihr Name"))
    email = EncryptedTextField(_("E-Mail"))
    email_index = models.CharField(max_length=64, editable=False)
    phone = EncryptedTextField(_("Telefon"), blank=True)
    message = EncryptedTextField(_("Nachricht"), blank=True)
    language = models.CharField(_("Sprache der E-Mails"), max_length=10, default="de")
    state = models.CharField(
        _("Stand"),
        max_length=12,
        choices=[(s.value, s.value) for s in RegistrationState],
        default=RegistrationState.UNCONFIRMED,
    )
    asked_at = models.DateTimeField(_("Angemeldet am"))
    confirmed_at = models.DateTimeField(_("Bestätigt am"), null=True, blank=True)
    decided_at = models.DateTimeField(_("Entschieden am"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    institution = models.ForeignKey(
        Institution, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = EncryptedTextField(_("Grund der Ablehnung"), blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Anmeldung einer Einrichtung")
        verbose_name_plural = _("Anmeldungen von Einrichtungen")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=InstitutionKind.values), name="registration_kind"),
            models.CheckConstraint(
                condition=Q(state__in=values_of(RegistrationState)), name="registration_state"
            ),
            models.CheckConstraint(
                condition=Q(state=RegistrationState.UNCONFIRMED.value, confirmed_at=None)
                | (~Q(state=RegistrationState.UNCONFIRMED.value) & Q(confirmed_at__isnull=False)),
                name="registration_confirmed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_DECIDED, decided_at__isnull=False)
                | (~Q(state__in=_DECIDED) & Q(decided_at=None)),
                name="registration_decided_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["confirmed_at", "id"],
                condition=Q(state=RegistrationState.CONFIRMED.value),
                name="registration_to_decide",
            ),
            models.Index(fields=["email_index", "asked_at"], name="registration_of_address"),
        ]
        triggers = [guarded("registration_moves", REGISTRATION_MOVES)]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The address in one line."""
        return f"{self.street}, {self.postcode} {self.city}"

    @property
    def mail_domain(self) -> str:
        """What stands behind the @ of the work address."""
        return self.email.rpartition("@")[2]
