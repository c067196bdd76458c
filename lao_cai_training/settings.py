"""One settings file; what differs between installations comes from environment variables (README, "Settings")."""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import fontpkg_inter
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from lao_cai_training.postgres import database_settings


def words(name: str) -> list[str]:
    """The comma-separated values of an environment variable."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def kept_secret(file: Path) -> str:
    """The secret kept in that file, which only its owner can read; made at the first call."""
    try:
        if not file.exists():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = file.with_name(f"{file.name}.{os.getpid()}")
            new.touch(mode=0o600)
            new.write_text(secrets.token_urlsafe(50))
            try:
                os.link(new, file)  # fails where another process was faster: all must use one
            except FileExistsError:
                pass
            finally:
                new.unlink()
        return file.read_text()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Không đọc, ghi được {file} ({error.strerror}): sửa quyền của thư mục, "
            "hoặc đặt biến DATA_DIR sang thư mục khác."
        ) from error


BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").absolute()
SECRET_KEY = os.environ.get("SECRET_KEY") or kept_secret(DATA_DIR / "secret_key")
DEBUG = os.environ.get("DEBUG", "").lower() in ("1", "true", "yes", "on")
ALLOWED_HOSTS = words("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "lao_cai_training",
    "lao_cai_training.admin_app.TrainingAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "import_export",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "cadres",
    "courses",
    "reports",
]

MIDDLEWARE = [
    "lao_cai_training.frames.with_room",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lao_cai_training.headers.kept_nowhere",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cadres.sign_in.sessions.keep_alive",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cadres.walls.middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lao_cai_training.errors.LargestPostMiddleware",
    "lao_cai_training.errors.NullCharacterMiddleware",
    "cadres.history.requests.remember",
    "cadres.identity.to_the_account",
    "cadres.web.pace.PaceMiddleware",
    "cadres.web.day.remember",
    "lao_cai_training.gate.Gate",
    "cadres.web.sending.FormMiddleware",  # next to the view: it answers forms in its place
]

ROOT_URLCONF = "lao_cai_training.urls"
WSGI_APPLICATION = "lao_cai_training.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cadres.web.day.header",
                "cadres.web.paper.header",
                "lao_cai_training.instance.installation",
                "lao_cai_training.menu.menu",
                "lao_cai_training.helping.words.page_words",
                "cadres.web.kept_forms.kept_form",
            ],
            "libraries": {"vn": "cadres.web.tags"},
            "builtins": ["cadres.web.form_tokens"],  # {% csrf_token %} writes our token beside Django's
        },
    },
]

FORM_RENDERER = "cadres.web.renderer.FormRenderer"

TIME_ZONE = "Asia/Ho_Chi_Minh"
DATABASES = {"default": database_settings(os.environ.get("DATABASE_URL", ""), DATA_DIR / "postgres", TIME_ZONE)}
# As whom the web process signs in; the embedded server has such a login of its own.
WEB_DATABASE_URL = os.environ.get("WEB_DATABASE_URL", "")

AUTH_USER_MODEL = "cadres.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "cadres.backends.RoleBackend"]
PASSWORD_HASHERS = [  # the first hashes; of the others what an earlier version has hashed is known
    "cadres.sign_in.passwords.Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "cadres.sign_in.passwords.NotWhatIsKnown"},
    {"NAME": "cadres.sign_in.passwords.NotUsual"},
]
AXES_HANDLER = "cadres.sign_in.lockout.Handler"
AXES_FAILURE_LIMIT = 5  # wrong passwords of an account from one address, until it has to wait
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(hours=24)  # so long after the last one failures are kept
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # the log of visits tells more (cadres/history/requests.py)
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # its middleware answers who is locked out; our page does
# Of whom: cadres/roles.py. Of nobody in a demonstration.
SECOND_FACTOR_DEMANDED = os.environ.get("SECOND_FACTOR_DEMANDED", "1").lower() not in ("0", "false", "no", "off")
OTP_TOTP_ISSUER = "Đào tạo CBCC Lào Cai"
LOGIN_URL = LOGOUT_REDIRECT_URL = "admin:login"
LOGIN_REDIRECT_URL = "reports:home"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Where reminders go out (command `remind`): smtp://user:password@host:port, or smtps://; without it to standard output.
MAIL_SERVER = urlsplit(os.environ.get("MAIL_SERVER", ""))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_SERVER.hostname else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = MAIL_SERVER.hostname or "", MAIL_SERVER.port or (465 if MAIL_SERVER.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(MAIL_SERVER.username or ""), unquote(MAIL_SERVER.password or "")
EMAIL_USE_SSL = MAIL_SERVER.scheme == "smtps"
EMAIL_USE_TLS = not EMAIL_USE_SSL and bool(EMAIL_HOST_USER)  # a password goes nowhere in the open
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM") or f"khong-tra-loi@{(ALLOWED_HOSTS or ['localhost'])[0]}"
SITE_ADDRESS = next(iter(CSRF_TRUSTED_ORIGINS), "")  # of links in mails

LANGUAGE_CODE = "vi"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "lao_cai_training.formats"
LOCALE_PATHS = [BASE_DIR / "lao_cai_training" / "locale"]

STATIC_URL = "static/"
STATICFILES_DIRS = [("fonts", fontpkg_inter.ROOT / "files")]  # the apps bring theirs in static/
WHITENOISE_USE_FINDERS = True  # straight from the packages and the source: nothing to collect before the first start
MEDIA_ROOT = DATA_DIR / "uploads"
STORAGES = {
    "default": {"BACKEND": "lao_cai_training.uploads.UploadStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
LEAST_FREE = 100 * 1024 * 1024  # bytes on the disk of DATA_DIR that uploads leave to the database
LARGEST_UPLOAD = 32 * 1024 * 1024  # bytes of one file
LARGEST_POST = 64 * 1024 * 1024  # bytes of all that is sent at once
# Longer rosters are read and written by a process of their own (cadres/roster/long_work.py): these take about 4 s.
ROSTER_IN_REQUEST_BYTES = 1024 * 1024
ROSTER_IN_REQUEST_ROWS = 8_000
ROSTERS_AT_ONCE = int(os.environ.get("ROSTERS_AT_ONCE") or 2)  # such processes at a time; the rest waits its turn
WORK_WAITING = 200  # pieces of such work that may wait, of all accounts together
# Kind of visit → how often an account may, in how many seconds: more than people do by hand.
PACE = {
    "export": (int(os.environ.get("EXPORTS_IN_TEN_MINUTES") or 60), 10 * 60),
    "search": (int(os.environ.get("SEARCHES_A_MINUTE") or 60), 60),
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a list of a whole province may be ticked row by row
DATA_UPLOAD_MAX_NUMBER_FILES = 100  # more of them come in a zip

# Only what the site itself serves, and nothing inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"  # what is searched for stands in addresses: nobody else is told them
CSRF_FAILURE_VIEW = "cadres.web.kept_forms.refused_as_forged"
SESSION_ENGINE = "cadres.sign_in.sessions"
WHO_STUDIES = "courses.under_way.under_way"  # a day → the enrolments under way; the registry itself knows no classes
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a working day, at machines that several people use
SESSION_IDLE = 60 * int(os.environ.get("SESSION_IDLE_MINUTES") or 30)  # seconds without a page
# An https origin means that a proxy in front ends TLS and sets X-Forwarded-Proto itself.
if any(origin.startswith("https://") for origin in CSRF_TRUSTED_ORIGINS):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    MIDDLEWARE.insert(0, "lao_cai_training.headers.client_address")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "lao_cai_training.logs.Formatter", "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # A page not found or not allowed is an answer, not an event to look into.
    "loggers": {"django.request": {"level": "ERROR"}, "axes": {"level": "CRITICAL"}},
}

# The criterion of a page whose address says none.
DEFAULT_CRITERION = "FULL"
