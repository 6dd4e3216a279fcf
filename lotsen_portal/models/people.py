"""Accounts, and who of them works in the office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from lotsen_portal import access, clock
from lotsen_portal.access import ROLE_NAMES, Role

if TYPE_CHECKING:
    _EmailField = models.EmailField[str, str]
else:
    _EmailField = models.EmailField  # generic for the type checker only


class LowerEmailField(_EmailField):
    """An e-mail address in lower case, so that "unique" and every look-up mean the same address."""

    def to_python(self, value: Any) -> Any:
        """Return the address as it is kept."""
        value = super().to_python(value)
        return value.strip().lower() if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        """Return the address as it is stored and searched."""
        return self.to_python(value)


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(
        self, email: str, password: str | None = None, *, name: str, language: str = "de"
    ) -> User:
        """Make an account; without a password its holder signs in by an e-mailed code. Raises ValueError."""
        if not email.strip():
            raise ValueError("Ein Konto braucht eine E-Mail-Adresse.")
        user = self.model(email=email.strip().lower(), name=name.strip(), language=language)
        user.set_password(password)
        with transaction.atomic():
            user.save(using=self._db)
            # Unconfirmed: the first mailed code confirms it. Without the row a second one would be asked for.
            user.emailaddress_set.create(email=user.email, primary=True)  # type: ignore[attr-defined]
        return user

    @transaction.atomic
    def create_superuser(self, email: str, password: str | None = None, *, name: str) -> User:
        """Make the first account of an installation: administrator and coordinator."""
        user = self.create_user(email, password, name=name)
        for role in (Role.ADMINISTRATOR, Role.COORDINATOR):
            OfficeRole.objects.create(user=user, role=role)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the account of an address, in whatever case it is written."""
        return self.get(email=username or "")


class User(AbstractBaseUser):
    """An account. It has no flags: what its holder may do follows from rows that name the account."""

    email = LowerEmailField(
        _("E-Mail-Adresse"),
        unique=True,
        error_messages={"unique": _("Mit dieser E-Mail-Adresse gibt es schon ein Konto.")},
    )
    name = models.CharField(_("Name"), max_length=150)
    language = models.CharField(_("Sprache der E-Mails"), max_length=10, default="de")
    is_active = models.BooleanField(_("aktiv"), default=True)
    joined_at = models.DateTimeField(_("angelegt"), default=clock.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    known_roles: frozenset[Role] | None = None

    objects = UserManager()

    class Meta:
        verbose_name = _("Konto")
        verbose_name_plural = _("Konten")
        ordering = ("name", "pk")
        constraints = (
            # Together with "unique" this is unique over Lower, with one index that look-ups can use.
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
        )

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def office_roles(self) -> frozenset[Role]:
        """The roles this person has in the office."""
        return frozenset(Role(role) for role in self.office_role_rows.values_list("role", flat=True))

    @property
    def is_staff(self) -> bool:
        """Whether this person works in the office."""
        return self.is_active and bool(self.office_roles)

    def has_perm(self, permission: str, obj: object = None) -> bool:
        """Answer from the table of rights."""
        return access.has_perm(self, permission)

    def has_perms(self, permissions: list[str], obj: object = None) -> bool:
        """Answer from the table of rights, for all of them."""
        return all(access.has_perm(self, permission) for permission in permissions)

    def has_module_perms(self, app_label: str) -> bool:
        """Answer from the table of rights."""
        return access.has_module_perms(self, app_label)

    def get_full_name(self) -> str:
        """Return the name shown."""
        return self.name


OFFICE_ROLES = [(role.value, ROLE_NAMES[role]) for role in Role if role in access.OFFICE]


class OfficeRole(models.Model):
    """What an account may do in the office."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="office_role_rows", verbose_name=_("Konto")
    )
    role = models.CharField(_("Rolle"), max_length=20, choices=OFFICE_ROLES)

    class Meta:
        verbose_name = _("Rolle im Amt")
        verbose_name_plural = _("Rollen im Amt")
        ordering = ("user__name", "role")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "role"],
                name="one_row_per_office_role",
                violation_error_message=_("Diese Rolle ist schon vergeben."),
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=sorted(role.value for role in access.OFFICE)),
                name="office_role_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


def _rows_of(role: Role, user: User | models.OuterRef) -> models.QuerySet[OfficeRole]:
    return OfficeRole.objects.filter(user=user, role=role)


for _role in access.OFFICE:
    access.ROLE_SOURCES[_role] = partial(_rows_of, _role)
