"""The site's settings. What differs between machines comes from the environment: see ``.env.example``."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from cpd.env import Env

ROOT = Path(__file__).resolve().parent.parent
env = Env(ROOT / ".env")

# --- who we are -------------------------------------------------------------------------------------------------
SECRET_KEY = env.text("SECRET_KEY", at_least=40)
SECRET_KEY_FALLBACKS = env.keys("SECRET_KEY_FALLBACKS", at_least=40)  # former ones: what they signed is good still
DEBUG = env.flag("DEBUG", default=False)
SITE_URL = env.site_url("SITE_URL", "http://127.0.0.1:8000")
IS_HTTPS = SITE_URL.startswith("https://")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
ALLOWED_HOSTS = [SITE_HOST]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "cpd",
    "schools",
    "courses",
    "plans",
    "cpd.apps.AdministrationConfig",  # before contrib.auth so that its site is ours
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "bootstrap",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_tasks_db",
]

MIDDLEWARE = [
    "cpd.watched.WatchedMiddleware",
    "cpd.health.MachinesMiddleware",
    "cpd.answers.EveryAnswerMiddleware",
    "csp.middleware.CSPMiddleware",  # these two outside of all that can refuse a request, static files included
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "cpd.unsaved.ReadableSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "schools.middleware.SessionLimitsMiddleware",
    "cpd.offline.AccountNamedMiddleware",
    "schools.middleware.PersonalLanguageMiddleware",
    "schools.middleware.AddressMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "schools.middleware.SignedInMiddleware",
    "cpd.errors.RowNumberMiddleware",
    "cpd.pdf.NotLaidOutMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "cpd.errors.MethodPageMiddleware",
]

ROOT_URLCONF = "cpd.urls"
WSGI_APPLICATION = "cpd.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "cpd.context_processors.language",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "cpd.templatetags.cpd"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- data -------------------------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_database: dict[str, Any] = env.database("DATABASE_URL", f"sqlite:///{ROOT / 'var' / 'cpd.sqlite3'}")
if _database["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE and a timeout: a read-then-write transaction waits for its turn instead of failing at once.
    # FULL: an approval that was answered survives a power cut.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    _file = Path(_database["NAME"])
    _database["TEST"] = {"NAME": _file.with_name(f"test-{_file.name}")}  # a file: tests with threads share it
else:
    _database["CONN_MAX_AGE"] = 600
    _database["CONN_HEALTH_CHECKS"] = True
    # A server that is away, or whose packets are lost, is noticed in seconds and not in the system's two hours.
    _database["OPTIONS"] = {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        "tcp_user_timeout": 15000,  # milliseconds
    }
    # A clone of template0 in C.UTF-8: Cyrillic letters have their capitals whatever the cluster's own locale is.
    _database["TEST"] = {"TEMPLATE": "template0"}
DATABASES = {"default": _database}

STATEMENT_SECONDS = env.number("STATEMENT_SECONDS", 20, least=1, most=25)  # of what answers requests: cpd.database

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cpd_cache",
        # Tries of sign-in are counted here. With Django's 300 entries a country's morning would throw out counts
        # that are still needed.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# Background work: rows of this database, taken up by ``manage.py work``. No broker.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- people -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "schools.User"
AUTHENTICATION_BACKENDS = ["schools.backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "schools.passwords.NewPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "schools.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
# A school sits behind one address: forty colleagues must get in while one of them mistypes, so the account is
# limited first and the address only far above what a school can do by honest mistakes.
# Codes of invitations hold 130 bits, addresses of calendars 192: nobody guesses one, and who tries is stopped
# (schools.guessing).
ACCOUNT_RATE_LIMITS = {"login_failed": "200/m/ip,5/300s/key", "login": "600/m/ip", "invitation": "100/m/ip"}
INVITATION_DAYS = env.number("INVITATION_DAYS", 30, least=1, most=365)

# A second factor is offered to all, and demanded of who holds one of these roles.
SECOND_FACTOR_ROLES = env.words("SECOND_FACTOR_ROLES")
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = {"webauthn_login": "200/m/ip"}  # nothing can be guessed there, and a school is one address
MFA_TOTP_TOLERANCE = 1  # one step of half a minute: clocks of phones differ
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # passkeys need https, or localhost while the site is developed

# A teacher signs in on a phone of their own or at the computer of the staff room. A session nobody used for a day has
# ended, and no session lasts longer than a week; what was typed meanwhile is kept (cpd.held).
SESSION_ENGINE = "cpd.session_store"
SESSION_COOKIE_AGE = 60 * 60 * 24  # seconds without a request
SESSION_LASTS = 60 * 60 * 24 * 7  # seconds from sign-in
SESSION_COOKIE_HTTPONLY = True
# A browser takes a name that begins so from this very host by https alone. The token of forms is read by
# static/js/lesson-sheet.js, so it is not hidden from scripts: alone it opens nothing.
_prefix = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_prefix}sessionid", f"{_prefix}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_prefix}django_language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- safety -----------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/(live|ready)$", r"^metrics$"]  # asked for by machines on this side of the proxy
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if IS_HTTPS else 0
# Browsers that were told so once refuse every name below this one without https, for a year: a ministry says itself
# whether its other sites bear that, so the two warnings that ask for it are silent.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.flag("HSTS_WHOLE_DOMAIN", default=False) and IS_HTTPS
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", default=False) else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],  # what is not named is not loaded: fonts, frames, media, other hosts
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # Bootstrap draws its ticks and arrows as data: images
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],  # cpd.offline
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- language and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ky"
LANGUAGES = [("ky", _("Kyrgyz")), ("ru", _("Russian"))]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["cpd.formats"]
TIME_ZONE = "Asia/Bishkek"
USE_TZ = True

# --- files ------------------------------------------------------------------------------------------------------
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "jpeg", "png", "gif", "webp", "woff", "woff2", "map")
STATIC_URL = "static/"
STATIC_ROOT = ROOT / "var" / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": env.file_store("FILES_URL", ROOT / "var" / "files", public=[STATIC_ROOT, *STATICFILES_DIRS]),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
BACKUP_FOLDER = Path(env.text("BACKUP_FOLDER", str(ROOT / "var" / "backups")))
BACKUPS_KEPT = env.number("BACKUPS_KEPT", 14, least=1, most=1000)
FILE_UPLOAD_HANDLERS = [
    "cpd.uploads.EnoughUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000  # of one form: a perspective plan has two hundred rows of fourteen fields
DATA_UPLOAD_MAX_NUMBER_FILES = 10  # of one form; each is received up to cpd.uploads.MOST_BYTES

# --- what people are told ----------------------------------------------------------------------------------------
NOTICE_DAYS_BEFORE_DUE = env.days("NOTICE_DAYS_BEFORE_DUE", "365,182,60")  # a year, half a year, two months
_mail = env.mail("EMAIL_URL")
SENDS_MAIL: bool = _mail["SENDS_MAIL"]
EMAIL_BACKEND: str = _mail["EMAIL_BACKEND"]
EMAIL_HOST: str = _mail.get("EMAIL_HOST", "")
EMAIL_PORT: int = _mail.get("EMAIL_PORT", 0)
EMAIL_HOST_USER: str = _mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD: str = _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL: bool = _mail.get("EMAIL_USE_SSL", False)
EMAIL_USE_TLS: bool = _mail.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", f"no-reply@{SITE_HOST}")

# --- what is told outside a district -------------------------------------------------------------------------------
SMALLEST_GROUP = env.number("SMALLEST_GROUP", 3, least=1, most=100)  # teachers; see plans.orders.hidden

# --- what is written to the log, and what the monitoring is told ---------------------------------------------------
_is_json = env.choice("LOG_FORMAT", "json" if IS_HTTPS else "lines", ("json", "lines")) == "json"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": "cpd.logs.Line",
            "format": "{asctime} {levelname} {name}: {message}{named}",
            "style": "{",
        },
        "json": {"()": "cpd.logs.Json"},
    },
    "filters": {"hide_secrets": {"()": "cpd.logs.HideSecrets"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if _is_json else "lines",
            "filters": ["hide_secrets"],
        }
    },
    "loggers": {
        "django.request": {"level": "ERROR"},  # what was refused has its line of cpd.requests
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # so has who tries other names of this machine
        "django.security.RequestDataTooBig": {"level": "CRITICAL"},  # and who sends too much
        "django.security.TooManyFieldsSent": {"level": "CRITICAL"},
        "django.security.TooManyFilesSent": {"level": "CRITICAL"},
        "gunicorn.error": {"handlers": []},  # of a process that serves: as all others
        "pikepdf": {"level": "WARNING"},  # says at INFO that it was imported
        "django_tasks_db": {"level": "WARNING"},  # at INFO it says every second that nothing waits
        "botocore": {"level": "INFO"},  # at DEBUG it writes down what it signs
    },
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))},
}
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
