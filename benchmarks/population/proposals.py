"""Proposals: how many variants of a measure a search scores in a second, and the people times
variants of it, on a million people, against scoring as many variants one after another."""

import tempfile
from pathlib import Path

from benchmarks.population.drafts import pack_bench_people
from benchmarks.population_data import ON
from benchmarks.timing import time_call
from jifen.cities import load
from jifen.lab.scoring import score_people
from jifen.lab.search import propose_changes
from jifen.lab.search.budget import Budget
from jifen.lab.search.files import read_brief_text
from jifen.scoring.population.program import build_programs

PEOPLE, VARIANTS, SINGLE_CALLS = 1_000_000, 1_000, 20
"""The space has 891 choices: so few are all scored."""
_FIGURES = (
    ("master", "education.choice.points.master", 80, 120),
    ("bachelor", "education.choice.points.bachelor_with_degree", 60, 110),
    ("college", "education.choice.points.college", 30, 70),
)
_BRIEF = "\n".join(
    (
        'language: "1"',
        "propose: bench",
        "label: {zh: 测速, en: Bench}",
        "policy: shanghai-points",
        "vary:",
        *(
            f"  - {{id: {ident}, label: {{zh: {ident}, en: {ident}}}, "
            f"paths: [indicators.{path}], range: {{from: {low}, to: {high}, step: 5}}}}"
            for ident, path, low, high in _FIGURES
        ),
        "admit: {share_of_today: 0.95, within: 20000}",
        "prefer: [closeness, worst_loss]",
        "limits:",
        "  groups: [{by: education, most_loss: 0.9}]",
        "",
    )
)


def run() -> None:
    """One search of at most a thousand variants; the peer scores the version again and again."""
    policy = load("shanghai", "2018")
    brief = read_brief_text(_BRIEF, "brief.yaml", policy)
    with tempfile.TemporaryDirectory() as name:
        people = pack_bench_people(Path(name), PEOPLE, policy)
        scored = [0]

        def search() -> None:
            budget = Budget(seconds=120.0, variants=VARIANTS)
            scored[0] = propose_changes(people, policy, brief, ON, budget=budget).scored

        programs = build_programs((policy.rules_on(ON),))

        def score_singly() -> None:
            for _ in range(SINGLE_CALLS):
                score_people(people, programs, ON)

        score_singly()
        seconds, single = time_call(search), time_call(score_singly) / SINGLE_CALLS
    rate = scored[0] / seconds
    print(
        f"proposals on {PEOPLE / 1e6:.0f} M people: {scored[0]:,} variants in {seconds:.1f} s, "
        f"{rate:,.0f} a second ({rate * PEOPLE / 1e9:.2f} G people·variants/s); "
        f"one variant after another {1 / single:,.0f} a second   ×{rate * single:.1f}"
    )
