"""How allauth behaves here: nobody opens an account alone, and its mail never breaks a page."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Final, cast

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm, SetPasswordForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from lotsen_portal import addresses, clock, outbox
from lotsen_portal.letters import Message
from lotsen_portal.models import OutgoingMail, Programme, User

log = structlog.get_logger(__name__)

# Labels of allauth's forms: other catalogues lack them, or call a password otherwise than our pages do.
LABELS: Final = (
    gettext_noop("Authenticator code"),
    gettext_noop("Code"),
    gettext_noop("Current Password"),
    gettext_noop("Email"),
    gettext_noop("New Password"),
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come from the office or from an approved institution, never from a sign-up page."""

    # allauth's German catalogue mixes Du and Sie.
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
        "invalid_or_expired_key": _("Dieser Code gilt nicht mehr."),
        "invalid_password_reset": _("Dieser Code gilt nicht mehr."),
        "rate_limited": _("Das waren zu viele Versuche. Bitte warten Sie einige Minuten."),
        "same_as_current": _("Bitte geben Sie etwas anderes ein als bisher."),
        "too_many_login_attempts": _("Das waren zu viele Versuche. Bitte warten Sie einige Minuten."),
        "unknown_email": _("Zu dieser Adresse gibt es kein Konto."),
        "unverified_primary_email": _("Bitte bestätigen Sie zuerst Ihre Adresse."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: the office opens accounts."""
        return False

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> Any:
        """Write the mail; answers to it reach the office, as its last line says."""
        answers = {"Reply-To": Programme.current().email}
        return super().render_mail(template_prefix, email, context, {**answers, **(headers or {})})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a code at once. It is worthless a quarter of an hour later, so it does not wait in the outbox.

        Where the mail server fails, the page goes on and offers to send it again: an error
        for known addresses only would tell strangers who has an account.
        """
        if addresses.is_dead(email):  # it goes out nevertheless: the mailbox may be there again
            _tell_the_office(email)
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # smtplib's errors too
            log.error("account_mail_failed", template=template_prefix, error=type(error).__name__)

    def post_login(self, request: HttpRequest, user: User, **about: Any) -> HttpResponse:
        """Let somebody in; whoever gave a mailed code has shown that mail arrives."""
        for record in get_authentication_records(request, user):
            if record["method"] == "code" and record.get("email"):
                addresses.free(record["email"])
        return cast(HttpResponse, super().post_login(request, user, **about))


def _tell_the_office(email: str) -> None:
    """Have the office phone whoever wants to sign in with an address from which mail comes back."""
    user, now = User.objects.filter(email__iexact=email).first(), clock.now()
    if user is not None:
        key = f"{sign_in_failed.__qualname__}:{user.pk}:{clock.local(now):%Y%m%d}"
        ids = {"user": user.pk}
        outbox.enqueue(sign_in_failed, key=key, to=email, language=user.language, ids=ids, now=now)


def sign_in_failed(mail: OutgoingMail, now: datetime) -> Message | None:
    """Nothing is ever mailed: the row has the office phone, until mail to the address arrives again."""
    if not addresses.is_dead(mail.recipient):
        return None
    return Message("", "", "")


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The city's single sign-on opens known accounts and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Say no: the office opens accounts."""
        return False


class _Credential(forms.JSONField):
    """What a passkey says; JSON that Python refuses to read is no passkey's, and no fault of ours."""

    def to_python(self, value: Any) -> Any:
        """Return what the text says. Raises ValidationError for numbers and nesting without end, too."""
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """Takes a new passkey and its name."""

    name = forms.CharField(label=_("Name des Schlüssels"), required=False)
    credential = _Credential(widget=forms.HiddenInput)


class RenamePasskey(EditWebAuthnForm):  # type: ignore[misc]
    """Takes another name for a passkey."""

    name = forms.CharField(label=_("Name des Schlüssels"))


class LoginPasskey(LoginWebAuthnForm):  # type: ignore[misc]
    """Takes a passkey instead of a password."""

    credential = _Credential(widget=forms.HiddenInput)


class AuthenticatePasskey(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """Takes a passkey as the second factor."""

    credential = _Credential(widget=forms.HiddenInput)


class ReauthenticatePasskey(ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Takes a passkey once more before something delicate."""

    credential = _Credential(widget=forms.HiddenInput)


class _TypedOnce:
    """A password form without the repetition: browsers show what was typed, and a reset is one code away."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]


class ChangePassword(_TypedOnce, ChangePasswordForm):  # type: ignore[misc]
    """Takes the present password and a new one."""


class SetPassword(_TypedOnce, SetPasswordForm):  # type: ignore[misc]
    """Takes the first password of an account."""


class ResetPassword(_TypedOnce, ResetPasswordKeyForm):  # type: ignore[misc]
    """Takes a new password after an e-mailed code."""
