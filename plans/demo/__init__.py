"""An invented district with three schools, for trying the site out. ``manage.py load_demo`` loads it."""
