"""How django-allauth behaves here: nobody signs up alone, sentences say Sie, a password is typed once."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm, SetPasswordForm
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's rules with the portal's own sentences, since its German catalogue mixes Du and Sie."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Dieses Konto ist gesperrt. Bitte melden Sie sich bei uns."),
        "cannot_remove_primary_email": _("Diese Adresse brauchen Sie zum Anmelden."),
        "duplicate_email": _("Diese Adresse steht schon in Ihrem Konto."),
        "email_password_mismatch": _("E-Mail-Adresse oder Passwort stimmt nicht."),
        "email_taken": _("Diese Adresse gehört schon zu einem Konto."),
        "enter_current_password": _("Bitte geben Sie Ihr jetziges Passwort ein."),
        "incorrect_code": _("Dieser Code stimmt nicht."),
        "incorrect_password": _("Dieses Passwort stimmt nicht."),
        "invalid_login": _("Diese Anmeldung gilt nicht."),
        "invalid_or_expired_key": _("Dieser Link gilt nicht mehr."),
        "invalid_password_reset": _("Dieser Link gilt nicht mehr."),
        "rate_limited": _("Das waren zu viele Versuche. Bitte warten Sie einige Minuten."),
        "same_as_current": _("Bitte geben Sie etwas anderes ein als bisher."),
        "too_many_login_attempts": _("Das waren zu viele Versuche. Bitte warten Sie einige Minuten."),
        "unknown_email": _("Zu dieser Adresse gibt es kein Konto."),
        "unverified_primary_email": _("Bitte bestätigen Sie zuerst Ihre Adresse."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: the office makes the accounts."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """Return the subject as it stands, without the site's name in brackets."""
        return str(subject).strip()


class _TypedOnce:
    """A password form without the repetition: browsers show what was typed, and a reset is one mail away."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]


class ChangePassword(_TypedOnce, ChangePasswordForm):  # type: ignore[misc]
    """Take the present password and a new one."""


class SetPassword(_TypedOnce, SetPasswordForm):  # type: ignore[misc]
    """Take the first password of an account."""


class ResetPassword(_TypedOnce, ResetPasswordKeyForm):  # type: ignore[misc]
    """Take a new password behind a mailed link."""
