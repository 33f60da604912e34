"""What was filled into a draft, and from where: marked until somebody changes it."""

from jifen.office.casework.case_policy import IDENTITY
from jifen.office.casework.models import FILLED, Application, Item
from jifen.office.registry.registers import REGISTERS
from jifen.policy.text import Lang, Text


def describe_source(item: Item) -> Text:
    """Where the claim of an item was filled in from."""
    name = item.source.removeprefix(FILLED)
    if name == IDENTITY:
        return Text("由公民身份号码得出，请核对", "from the identity number: check it")
    register = REGISTERS.get(name, Text(name, name))
    return Text(
        f"由{register.zh}填入（数据截至 {item.source_as_of}），请核对",
        f"filled in by the {register.en} (as of {item.source_as_of}): check it",
    )


def filled_marks(application: Application, lang: Lang) -> dict[str, str]:
    """For each fact that was filled in and not changed since: from where."""
    rows = application.items.filter(source__startswith=FILLED)
    return {item.fact: describe_source(item)(lang) for item in rows}
