"""The addresses of the public pages. Facts travel in the body of a POST, never in an address."""

from django.urls import path

from jifen.office.web.administration import offices
from jifen.office.web.lists import public as lists
from jifen.office.web.public import entitlements
from jifen.office.web.public.views import (
    about,
    assessment,
    compare,
    device,
    home,
    offline,
    policies,
    result_parts,
    route,
    steps,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("robots.txt", home.robots, name="robots"),
    path("service-worker.js", offline.worker, name="service_worker"),
    path("sitemap.xml", about.sitemap, name="sitemap"),
    path("privacy/", about.privacy, name="privacy"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("offline/", offline.offline, name="offline"),
    path("compare/", compare.compare, name="compare"),
    path("modules/<slug:digest>/<path:path>", device.module, name="module"),
    path("<slug:city>/", steps.steps, name="assess"),
    path("<slug:city>/all/", assessment.self_assessment, name="whole"),
    path("<slug:city>/assess", assessment.update, name="update"),
    path("<slug:city>/device.json", device.device, name="device"),
    path("<slug:city>/screens.json", device.screens, name="screens"),
    path("<slug:city>/questions/", about.questions, name="questions"),
    path("<slug:city>/offices/", offices.show_offices, name="offices"),
    path("<slug:city>/opens/", entitlements.opens, name="opens"),
    path("<slug:city>/lists/", lists.lists, name="lists"),
    path("<slug:city>/lists/<number:serial>", lists.one, name="list"),
    path("<slug:city>/lists/<number:serial>.jwt", lists.signature, name="list_signature"),
    path("<slug:city>/save", assessment.save, name="save"),
    path("<slug:city>/load", assessment.load, name="load"),
    path("<slug:city>/route", route.route, name="route"),
    path("<slug:city>/cards", result_parts.cards, name="cards"),
    path("<slug:city>/dates", result_parts.dates, name="dates"),
    path("<slug:city>/policy/", policies.versions, name="versions"),
    path("<slug:city>/policy/<slug:version>/", policies.book, name="book"),
    path("<slug:city>/policy/<slug:old>/<slug:new>/", policies.differences, name="diff"),
]
