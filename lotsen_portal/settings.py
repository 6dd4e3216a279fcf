"""All settings, from the environment; what each variable means stands in .env.example."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF

from lotsen_portal import environment, logs

BASE_DIR = Path(__file__).resolve().parent.parent

# --- what the environment says ------------------------------------------------------------------------------

SECRET_KEY = environment.secret("SECRET_KEY", shortest=50)
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS", [])
LINK_KEY = environment.secret("LINK_KEY")
INDEX_KEY = environment.secret("INDEX_KEY")
FIELD_KEYS = environment.fernet_keys("FIELD_KEYS")

site = environment.address("SITE_URL", {"http", "https"})
SITE_URL = f"{site.scheme}://{site.netloc}"
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", [site.hostname or ""])
TRUSTED_PROXY = environment.number("TRUSTED_PROXY", 0)
METRICS_TOKEN = environment.text("METRICS_TOKEN", "")
REQUIRE_OFFICE_MFA = environment.switch("REQUIRE_OFFICE_MFA", default=True)

REDIS_URL = environment.address("REDIS_URL", {"redis", "rediss"}).geturl()
DATABASES = {"default": environment.database("DATABASE_URL")}
globals().update(environment.email("EMAIL_URL"))
BOUNCES_URL = environment.mailbox("BOUNCES_URL")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("DEFAULT_FROM_EMAIL")

DEBUG = False

# --- the parts ----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "requests_app",
    "volunteers",
    "lotsen_portal",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "lotsen_portal.staticfiles.StaticFiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "csp",
    "django_htmx",
    "pgtrigger",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "lotsen_portal.urls"
WSGI_APPLICATION = "lotsen_portal.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lotsen_portal.context.portal",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "kern"
CRISPY_TEMPLATE_PACK = "kern"
CRISPY_FAIL_SILENTLY = False  # else a broken pack shows an empty form with status 200

# --- data ---------------------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES["default"]["OPTIONS"] |= {
    # Matching is a short index scan: compiling it costs more than it saves, and random reads are cheap.
    "options": "-c jit=off -c random_page_cost=1.1",
    "connect_timeout": 5,
    "pool": {"min_size": 1, "max_size": environment.number("DATABASE_POOL", 8, least=1), "timeout": 10},
}

CACHES = {
    "default": {
        "BACKEND": "lotsen_portal.caching.PatientRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A verb nudges a worker while a person waits: a dead broker must say so at once.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,  # else publishing waits six seconds, whatever the task's own retry says
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "global_keyprefix": "portal:",
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "Europe/Berlin"

# The clock: tasks are idempotent, two beats are harmless. Names only, since the foundation knows no app.
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "lotsen_portal.outbox.sweep", "schedule": 60.0},
    "take bounces": {"task": "lotsen_portal.tasks.take_bounces", "schedule": 300.0},
    "expire offers": {"task": "requests_app.tasks.expire_offers", "schedule": 60.0},
    "carry on campaigns": {"task": "requests_app.tasks.carry_on_campaigns", "schedule": 60.0},
    "give up searches": {"task": "requests_app.tasks.give_up_searches", "schedule": 60.0},
    "take over": {"task": "requests_app.tasks.take_over", "schedule": 60.0},
    "follow up": {"task": "requests_app.tasks.follow_up", "schedule": 60.0},
    "resume pauses": {"task": "volunteers.tasks.resume_pauses", "schedule": crontab(minute="1")},
    "announce endings": {
        "task": "volunteers.tasks.announce_endings",
        "schedule": crontab(hour="8", minute="5"),
    },
    "settle loads": {"task": "requests_app.tasks.settle_loads", "schedule": crontab(hour="2", minute="45")},
    "erase": {"task": "lotsen_portal.privacy.erase_nightly", "schedule": crontab(hour="3", minute="15")},
}

# --- languages and time -------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
LANGUAGE_CODE = "de"
LANGUAGES = [
    ("de", "Deutsch"),
    ("en", "English"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ar", "العربية"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "lotsen_portal.formats"

# --- files --------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(environment.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static", ("kern", BASE_DIR / "node_modules" / "@kern-ux" / "native" / "dist")]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # no upload is kept as a file
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- sign-in ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "lotsen_portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "name")}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "onward"

ACCOUNT_ADAPTER = "lotsen_portal.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "change_password": "lotsen_portal.accounts.ChangePassword",
    "reset_password_from_key": "lotsen_portal.accounts.ResetPassword",
    "set_password": "lotsen_portal.accounts.SetPassword",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "landing"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = site.scheme
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "lotsen_portal.accounts.AddPasskey",
    "authenticate_webauthn": "lotsen_portal.accounts.AuthenticatePasskey",
    "edit_webauthn": "lotsen_portal.accounts.RenamePasskey",
    "login_webauthn": "lotsen_portal.accounts.LoginPasskey",
    "reauthenticate_webauthn": "lotsen_portal.accounts.ReauthenticatePasskey",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = site.scheme == "http"

# --- single sign-on (OpenID Connect), only where the city has one -------------------------------------------

# The city's provider vouches for the addresses, so a known one signs in; nobody gets an account by it.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_ADAPTER = "lotsen_portal.accounts.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
oidc_origins: list[str] = []
if environment.text("OIDC_SERVER_URL", ""):
    oidc = environment.address("OIDC_SERVER_URL", {"http", "https"})
    oidc_origins = [f"{oidc.scheme}://{oidc.netloc}"]
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "stadt",
                "name": environment.text("OIDC_NAME", "Anmeldung der Stadt"),
                "client_id": environment.text("OIDC_CLIENT_ID"),
                "secret": environment.text("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": oidc.geturl()},
            }
        ],
    }

# --- hardening ----------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # KERN's icons are data: pictures.
        "img-src": [SELF, "data:"],
        # Browsers hold a form's redirects to this too, so the button to the city's sign-on needs its host.
        "form-action": [SELF, *oidc_origins],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

secure = site.scheme == "https"
SECURE_SSL_REDIRECT = secure
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked from inside, past the proxy
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = secure
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_TRUSTED_ORIGINS = [SITE_URL]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
# A spreadsheet is full of names: it is read in memory and never laid on a disk. A larger one is not taken.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

# --- logs: JSON lines on stderr, numbers and no names -------------------------------------------------------

LOGGING = logs.configure(level=environment.text("LOG_LEVEL", "INFO"))
