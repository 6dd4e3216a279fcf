#!/usr/bin/env python3
"""Django's command line for the portal; `python manage.py demo` brings its own settings."""

import os
import sys

from django.core.management import execute_from_command_line

from lotsen_portal import messages
from lotsen_portal.management.commands import demo

if __name__ == "__main__":
    messages.compile_catalogues()
    if sys.argv[1:2] == ["demo"]:
        # Not through Django's command line, which wants settings before there is a database to name in them.
        demo.Command().run_from_argv(sys.argv)
    else:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lotsen_portal.settings")
        execute_from_command_line(sys.argv)
