"""Going through the questions of the self-assessment in a browser, as a visitor does."""

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

    def answer_all(self, answers: dict[str, str], typed: dict[str, str]) -> None:
        """Answer what is asked, in whatever order, until the answers are checked; circumstances
        that are not named apply to nobody."""
        for _ in range(40):
            at = self.at
            if at == "check":
                return
            if at in typed:
                self.type_in(at, typed[at])
            elif at in answers:
                self.tap(f"is:{answers[at]}")
            elif at.startswith("group:"):
                self.tap("none")
            else:
                raise AssertionError(f"nobody said what to answer to {at}")
        raise AssertionError("the questions do not end")
