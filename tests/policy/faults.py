"""How the files of this folder are read: against one small vocabulary, all faults at once."""

from functools import cache
from pathlib import Path

from jifen.cities import read_yaml_file
from jifen.cities.worked_cases import read_cases
from jifen.policy.checks import check_policy, find_case_faults, find_unused_facts
from jifen.policy.checks.policy_file import check_file
from jifen.policy.fault import Fault
from jifen.policy.policy import Policy
from jifen.policy.policy_reader import read_policy
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary import Vocabulary
from jifen.policy.vocabulary_reader import read_vocabulary

HERE = Path(__file__).parent
MINIMAL = (HERE / "minimal.yaml").read_text(encoding="utf-8")


@cache
def vocabulary() -> Vocabulary:
    """The facts of the made-up city."""
    sink = Sink()
    found = read_vocabulary(read_yaml_file(HERE / "facts.yaml"), sink)
    assert not sink.faults
    return found


def policy(text: str = MINIMAL, facts: Vocabulary | None = None) -> Policy:
    """A policy from text; the minimal one without it."""
    lines = tuple(text.splitlines())
    return read_policy(parse_yaml(text, "minimal.yaml"), facts or vocabulary(), (), lines)


def changed(*pairs: tuple[str, str]) -> Policy:
    """The minimal policy with some of its text replaced."""
    text = MINIMAL
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return policy(text)


def faults_of(path: Path) -> list[Fault]:
    """All faults of a policy file, a facts file or a file of cases, by the folder it is in."""
    if path.parent.name == "facts":
        return _of_facts(path)
    if path.parent.name == "cases":
        return list(find_case_faults(policy(), read_cases(path), read_yaml_file(path)))
    return check_file(path.read_bytes(), path.name, vocabulary(), ())[1]


def _of_facts(path: Path) -> list[Fault]:
    text = path.read_text(encoding="utf-8")
    sink = Sink(tuple(text.splitlines()))
    found = read_vocabulary(parse_yaml(text, path.name), sink)
    if sink.faults:
        return sink.faults
    made = policy(facts=found)
    return [*check_policy(made), *find_unused_facts([made])]


def told(path: Path) -> str:
    """What a reader of a faulty file is told. Infos only where the file is about them."""
    about = path.stem[:7]
    kept = [f for f in faults_of(path) if f.severity != "info" or f.code == about]
    return "\n\n".join(str(fault) for fault in kept) + "\n"
