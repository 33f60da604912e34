"""Going through the questions of the self-assessment in a browser, as a visitor does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playwright.sync_api import Page, expect


@dataclass
class Visitor:
    """A visitor at the questions. `inputs`: answers that were given; `taps`: everything that was
    pressed."""

    page: Page
    inputs: int = 0
    taps: int = 0

    def tap(self, go: str) -> None:
        """Press a button of the step and wait until the next screen is there."""
        self.page.evaluate("document.getElementById('ask').dataset.old = 'yes'")
        self.page.locator(f"#walk button[name=go][value='{go}']").first.click()
        self.settled()
        self.taps += 1
        self.inputs += go.startswith(("is:", "none"))

    def settled(self) -> None:
        """The screen that was marked old is gone."""
        expect(self.page.locator("#ask:not([data-old])")).to_be_visible()

    def type_in(self, ident: str, text: str) -> None:
        """Answer a question by typing."""
        self.page.fill(f"#f-{ident}", text)
        self.inputs += 1
        self.tap("next")

    @property
    def at(self) -> str:
        """The step that is shown."""
        return self.page.locator("input[name='walk.at']").input_value()

    def employers(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Give insurance employer by employer: fields of each row by their names."""
        for number, row in enumerate(rows):
            if number:
                self.page.evaluate("document.getElementById('ask').dataset.old = 'yes'")
                self.page.click("#add-spell")
                self.settled()
                self.taps += 1
            for name, text in row.items():
                field = self.page.locator(f"#s-{number}-{name}")
                field.select_option(text) if name == "amount_is" else field.fill(text)
                self.inputs += 1
        self.tap("next")

    def answer_all(
        self,
        answers: Mapping[str, str],
        typed: Mapping[str, str],
        rows: Sequence[Mapping[str, str]] = (),
    ) -> None:
        """Answer what is asked, in whatever order, until the answers are checked; circumstances
        that are not named apply to nobody. Insurance: employer by employer, else as totals."""
        for _ in range(40):
            at = self.at
            if at == "check":
                return
            if at == "spells":
                self.employers(rows) if rows else self.tap("totals")
            elif at in typed:
                self.type_in(at, typed[at])
            elif at in answers:
                self.tap(f"is:{answers[at]}")
            elif at.startswith("group:"):
                self.tap("none")
            else:
                raise AssertionError(f"nobody said what to answer to {at}")
        raise AssertionError("the questions do not end")
