"""Rounds of a ranking: opened, looked at, compared, published by another, exported."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jifen import cities
from jifen.office.lists.access import access_run, list_publishing_cities
from jifen.office.lists.actions import runs
from jifen.office.lists.actions.supplement import open_supplement
from jifen.office.lists.admission_floor import find_raised_people, list_waiting_entries
from jifen.office.lists.documents import format_exact
from jifen.office.lists.faults import ListFault, NoSuchList
from jifen.office.lists.models import Run
from jifen.office.lists.queries import find_rules
from jifen.office.lists.ranking_keys import label_ranking_key
from jifen.office.lists.snapshots import compare_runs
from jifen.office.sheets.export import ExportSheet
from jifen.office.vault.masks import mask_name
from jifen.office.web.data_access import log_look
from jifen.office.web.lists import labels
from jifen.office.web.lists.staff import as_workbook
from jifen.office.web.numbers import whole_number
from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.policy.text import Text

PAGE, MOST_APART = 50, 500


@signed_in
@require_POST
def run_open(request: HttpRequest) -> HttpResponse:
    """A new run of a year."""
    user, post = user_of(request), request.POST
    city = post.get("city", "")
    if not list_publishing_cities(user):
        raise NoSuchList
    if city not in list_publishing_cities(user):
        raise ListFault("JF-Q027", Text("请选择城市。", "Choose the city."), "city")
    year = _whole(post.get("year", ""), "year")
    quota = _whole(post["quota"], "quota") if post.get("quota", "").strip() else None
    made = runs.open_run(user, city, year, timezone.localdate(), quota)
    say(request, Text("排名已生成并封存。", "The run is ranked and frozen."))
    return go(reverse("run", args=[made.name]))


def _whole(text: str, place: str) -> int:
    number = whole_number(text)
    if number is None or number >= 10**7:
        words = Text("请填写整数，不超过 7 位。", "Write a whole number of at most 7 digits.")
        raise ListFault("JF-Q028", words, place)
    return number


@signed_in
@require_safe
def run(request: HttpRequest, name: str) -> HttpResponse:
    """One run: who stands where; with ?against= another run, person by person what differs."""
    user = user_of(request)
    row = access_run(user, name)
    log_look(request, f"run:{row.name}", "ranking", city=row.city)
    pages = Paginator(row.places.order_by("position"), PAGE)
    other = _other(request, row)
    rules = find_rules(row.city, row.rules)
    base = row.state == "published" and not row.supplements_id
    context = {
        "run": row,
        "raised": find_raised_people(row) if base else None,
        "waiting": list_waiting_entries(row) if base else [],
        "mask": mask_name,
        "rules": rules,
        "page": pages.get_page(request.GET.get("page")),
        "others": Run.objects.filter(city=row.city, year=row.year).exclude(pk=row.pk),
        "other": other,
        "apart": compare_runs(other, row)[:MOST_APART] if other else [],
        "most": MOST_APART,
        "told": labels,
        "exact": format_exact,
        "key_labels": [label(lang_of(request)) for label in _label_keys(row)],
        "may_publish": row.state == "open" and row.opened_by_id != user.pk,
    }
    return work_page(request, "lists/run.html", context)


def _label_keys(row: Run) -> list[Text]:
    policy = cities.load_edition(row.city, row.policy_version, row.policy_hash)
    rules = policy.rules_on(policy.since)
    return [label_ranking_key(name, rules) for name in row.ties]


def _other(request: HttpRequest, row: Run) -> Run | None:
    name = request.GET.get("against", "")
    return Run.objects.filter(city=row.city, name=name).exclude(pk=row.pk).first()


@signed_in
@require_POST
def run_act(request: HttpRequest, name: str) -> HttpResponse:
    """Publish it, discard it, or open a supplement to it."""
    user, post = user_of(request), request.POST
    row = access_run(user, name)
    if post.get("act") == "supplement":
        made = open_supplement(user, row, timezone.localdate())
        say(request, Text("补充名单已生成并封存。", "The supplement is ranked and frozen."))
        return go(reverse("run", args=[made.name]))
    if post.get("act") == "publish":
        runs.publish_run(user, row, timezone.localdate())
        say(request, Text("已公示。", "Published."))
    elif post.get("act") == "discard":
        runs.discard_run(user, row, post.get("why", ""))
        say(request, Text("已作废。", "Discarded."))
    else:
        raise ListFault("JF-Q027", Text("请选择要办理的事项。", "Choose what is to be done."))
    return go(reverse("run", args=[name]))


@signed_in
@require_safe
def run_export(request: HttpRequest, name: str) -> HttpResponse:
    """The whole ranking as a workbook; each export is in the log."""
    user, lang = user_of(request), lang_of(request)
    row = access_run(user, name)
    log_look(request, f"run:{row.name}", "ranking export", city=row.city)
    heads = [
        Text("名次", "Place"),
        Text("受理编号", "Receipt"),
        Text("姓名", "Name"),
        Text("积分", "Points"),
        *_label_keys(row),
        Text("名额内", "Inside"),
    ]
    people = [
        (p.place, p.number, p.name, float(p.total), *p.keys, "✓" if p.admitted else "")
        for p in row.places.order_by("position").iterator()
    ]
    return as_workbook([ExportSheet(row.name, [head(lang) for head in heads], people)], row.name)
