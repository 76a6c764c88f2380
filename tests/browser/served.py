"""The site's own settings, with the collected static files in a folder of the test's."""

import os
from pathlib import Path

from cpd.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["COLLECTED"])
