"""What is logged: faults of the site, never what a visitor typed."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # A wrong address or an oversized form is the visitor's, shown to the visitor.
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # Django reports an oversized form as an error with its trace; it is the visitor's, too.
        **{
            f"django.security.{fault}": {"level": "CRITICAL"}
            for fault in ("RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent")
        },
        "jifen": {"handlers": ["stderr"], "level": "INFO", "propagate": True},
    },
}
