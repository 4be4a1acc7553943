"""What all environments share; it holds no secret and no address."""

from __future__ import annotations

from typing import Any

from csp.constants import NONCE, NONE, SELF

from apps.config import env
from apps.config.data_folder import CLONE
from apps.config.settings.sign_in import *  # noqa: F403

DEBUG = False
ROOT_URLCONF = "apps.config.urls"
ASGI_APPLICATION = "apps.config.asgi.application"
WSGI_APPLICATION = "apps.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Before staticfiles: its runserver hands static files over to whitenoise, as every other server here does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "csp",
    "allauth.account",
    "allauth.mfa",
    "apps.common",
    "apps.accounts",
    "apps.discussions",
    "apps.problems",
    "apps.runs",
    "apps.labels",
    "apps.trees",
    "apps.imports",
    "apps.datasets",
    "apps.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.accounts.middleware.LastingSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.middleware.TimeZoneMiddleware",
    "apps.common.refusals.RefusalMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CLONE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "apps.accounts.context_processors.place",
                "apps.accounts.context_processors.keys",
                "apps.discussions.context_processors.mentions",
            ],
        },
    }
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [CLONE / "static"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# How many proxies of our own stand in front: whose word on a caller's address counts, here and in allauth.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", default=0, low=0, high=10)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
CSRF_FAILURE_VIEW = "apps.common.refusals.csrf_failure"

REST_FRAMEWORK = {
    # In this order: a request with a bad token is refused, whatever session it comes with.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.tokens.TokenAuthentication",
        "apps.common.session.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.common.json_parser.BoundedJSONParser"],
    # What an address takes is written in the contract; asked by OPTIONS, views would tell it before the gate is passed.
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_THROTTLE_CLASSES": ["apps.common.throttles.ApiThrottle"],
    # An answer has one form; DRF would look for another in the query, as ?format=.
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "apps.common.api.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# Delivery is a hint and the row is the truth (apps/runs/README.md). These keep a hint from being lost lightly: it is
# acknowledged when the work is done, one at a time, and neither a lost child nor a lost connection ends it in silence.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 60.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "there is work": {"task": "search.work", "schedule": 5.0, "options": {"expires": 5.0}},
    "runs have ended": {"task": "trees.ended", "schedule": 30.0, "options": {"expires": 30.0}},
}

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {
        "secret addresses": {"()": "apps.common.secret_addresses.WithoutSecretAddresses"},
        "one short line": {"()": "apps.common.refused_hosts.OneShortLine"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stderr",
            "formatter": "plain",
            "filters": ["secret addresses"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.one_of("LOG_LEVEL", LOG_LEVELS, default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"filters": ["one short line"]},
        "httpx": {"level": "WARNING"},
        # A hint every few seconds that mostly finds nothing is no news; whoever finds something says so.
        "celery.worker.request": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        # While the broker is away it writes a traceback a second; who would send or listen says so in a sentence.
        "channels_redis.pubsub": {"level": "CRITICAL"},
    },
}


def connections(database_url: str, broker_url: str) -> dict[str, Any]:
    """Return every setting that follows from the two addresses, to be put into a settings module.

    Persistent connections leak under ASGI, where each request has a thread of its own; DATABASE_POOL=1 (set for the
    web process) shares a pool between them instead. It is off elsewhere, because its threads do not survive a fork.
    """
    database = env.database(database_url)
    if env.flag("DATABASE_POOL", default=False):
        database["OPTIONS"]["pool"] = {
            "min_size": 2,
            "max_size": env.number("DATABASE_POOL_SIZE", default=12, low=2, high=200),
        }
    database["CONN_HEALTH_CHECKS"] = True
    # Of the few statements that are sent apart from their values (apps/common/lookups.py); Django's own never are.
    database["OPTIONS"]["prepare_threshold"] = 5
    return {
        "DATABASES": {"default": database},
        "CACHES": {
            "default": {
                "BACKEND": "apps.common.counting_cache.CountingCache",
                "LOCATION": env.neighbour(broker_url),
                "KEY_PREFIX": "branchwise",
                # A page goes on without the cache; it must not wait for one that hangs.
                "OPTIONS": {"socket_connect_timeout": 1.0, "socket_timeout": 1.0},
            }
        },
        "CHANNEL_LAYERS": {
            "default": {
                "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
                "CONFIG": {"hosts": [broker_url], "prefix": "branchwise"},
            }
        },
        "CELERY_BROKER_URL": broker_url,
    }
