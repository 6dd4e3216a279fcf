"""Which static files leave for the browser: of KERN, htmx and Django's admin only what a page asks for."""

from typing import ClassVar

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """django.contrib.staticfiles with a longer list of what collectstatic leaves out."""

    ignore_patterns: ClassVar[list[str]] = [  # type: ignore[misc]  # the stubs take it for an instance's own
        *StaticFilesConfig.ignore_patterns,
        # KERN: the minified sheet and two weights of its font
        *("kern.css", "kern-*", "*.scss", "fira-sans.css", "noto-sans*"),
        *("FiraSans-[!RS]*", "FiraSans-*Italic*"),
        # htmx: version 2 without its extensions
        *("htmx-2.js", "htm*-4*", "hx-*"),
        # the admin's search boxes, which axe refuses
        "*/select2/*",
    ]
