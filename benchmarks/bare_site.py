"""The least that a Django site can be: one view, one template. The peer of `update_request`."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

TEMPLATE = "<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1><p>{{ words }}</p>"


def show_page(request: HttpRequest) -> HttpResponse:
    """One template with two values."""
    return render(request, "hello.html", {"title": "Jifen", "words": request.POST.get("age", "")})


settings.configure(
    SECRET_KEY="only for the benchmark",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [("django.template.loaders.locmem.Loader", {"hello.html": TEMPLATE})]
            },
        }
    ],
)
urlpatterns = [path("", show_page)]
application = get_wsgi_application()
