"""Settings of the tests: the portal's own, with keys for tests and without what costs time."""

import os
import re

# Playwright runs an event loop in the tests' thread; Django would take our queries for asynchronous ones.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

for name, value in {
    "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
    "LINK_KEY": "only-for-tests-links-0123456789-abcdefghijkl",
    "INDEX_KEY": "only-for-tests-index-0123456789-abcdefghijkl",
    "FIELD_KEYS": "J5Oxgq8mHNOqNUoP2xrqq-BdNn0C0XbR8v7sVvJ9w1A=",
    "SITE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "DEFAULT_FROM_EMAIL": "portal@example.org",
    "EMAIL_URL": "smtp://127.0.0.1:1?tls=none",
    # tests.ground starts real ones; these serve checks that connect to nothing.
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "REQUIRE_OFFICE_MFA": "0",
    "METRICS_TOKEN": "only-for-tests",
}.items():
    os.environ.setdefault(name, value)

# A Valkey database of its own for each of xdist's workers.
worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1
os.environ["REDIS_URL"] = re.sub(r"/\d+$", f"/{worker}", os.environ["REDIS_URL"])

from lotsen_portal.settings import *  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["OPTIONS"].pop("pool")  # a pool would hold the test database open when it is to go
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
# pytest-django's live_server serves our files only if it finds the app under Django's own name.
INSTALLED_APPS = [
    "django.contrib.staticfiles" if ".staticfiles." in name else name for name in INSTALLED_APPS
]
MIDDLEWARE = [
    name for name in MIDDLEWARE if "whitenoise" not in name
]  # nothing is collected; live_server serves
