"""The demo: the portal's own settings with pages that sign in at the press of a button and show every mail.

Only `manage.py demo` uses this module; what stands here exists in no other configuration.
"""

from lotsen_portal.settings import *

ROOT_URLCONF = "requests_app.demo.urls"
EMAIL_BACKEND = "requests_app.demo.maildir.MailFolder"  # one file for each mail, below EMAIL_FILE_PATH
REQUIRE_OFFICE_MFA = False
