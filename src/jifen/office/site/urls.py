"""The addresses of the site."""

from django.urls import include, path

from jifen.office.api.pages import unit_tokens
from jifen.office.api.site import api
from jifen.office.sandbox.views import move_clock, show_phones, show_sign_ins, show_stories
from jifen.office.site.readiness import readyz
from jifen.office.web import numbers
from jifen.office.web.public.views import home
from jifen.office.web.signin.views import forgotten, list_sessions

numbers.register()
urlpatterns = [
    path("readyz", readyz, name="readyz"),
    path("favicon.ico", home.favicon, name="favicon"),
    # before the library's own, which would send mail
    path("account/password/reset/", forgotten, name="account_reset_password"),
    # asks who it is again before sessions are ended
    path("account/sessions/", list_sessions, name="usersessions_list"),
    path("account/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("units/<number:pk>/tokens", unit_tokens, name="unit_tokens"),
    path("sandbox/", show_sign_ins, name="sandbox"),
    path("sandbox/clock", move_clock, name="sandbox_clock"),
    path("sandbox/stories/", show_stories, name="sandbox_stories"),
    path("sandbox/phone/", show_phones, name="sandbox_phone"),
    path("", include("jifen.office.web.work_urls")),
    path("", include("jifen.office.web.public.urls")),
]

handler400 = "jifen.office.web.errors.bad_request"
handler403 = "jifen.office.web.errors.forbidden"
handler404 = "jifen.office.web.errors.not_found"
handler500 = "jifen.office.web.errors.server_error"
