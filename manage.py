#!/usr/bin/env python
"""Django's command line for this site."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line

from cpd.env import BadSetting

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpd.settings")
    try:
        settings.SECRET_KEY  # noqa: B018  (reads the settings: a bad one stops here, with one sentence)
    except BadSetting as mistake:
        sys.exit(str(mistake))
    execute_from_command_line(sys.argv)
