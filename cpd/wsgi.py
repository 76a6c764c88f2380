"""The web server's way in: ``gunicorn cpd.wsgi``."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from cpd.env import BadSetting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpd.settings")
try:
    application = get_wsgi_application()
except BadSetting as mistake:
    sys.exit(str(mistake))
