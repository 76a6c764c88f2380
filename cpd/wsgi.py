"""The web server's way in: ``gunicorn cpd.wsgi``."""

import os
import sys

from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created

from cpd.database import answer_in_time
from cpd.env import BadSetting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpd.settings")
try:
    application = get_wsgi_application()
except BadSetting as mistake:
    sys.exit(str(mistake))
connection_created.connect(answer_in_time, dispatch_uid="answer-in-time")
