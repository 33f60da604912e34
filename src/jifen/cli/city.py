"""`jifen city new`: a folder that passes its checks, with comments that teach."""

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Cities as folders of your own: make one (docs/cities.md says what each file gives).",
)


@app.callback()
def _keep_group() -> None:
    """Cities as folders of your own: make one (docs/cities.md says what each file gives)."""


@app.command()
def new(
    ident: Annotated[
        str, typer.Argument(metavar="ID", help="its id, such as xian", show_default=False)
    ],
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="where its folder is made; default: here")
    ] = Path(),
    lang: Annotated[str, typer.Option(help="of the words below: zh or en")] = "zh",
) -> None:
    """Make the folder of a new city: DIR/ID, which passes `jifen policy check` at once.

    It holds an invented measure with a comment at every place that you will change. Exit status: 0
    made, 2 the id or the folder cannot be used (nothing is written).

    Example: jifen city new xian --dir my-cities
    """
    from jifen.cli.policy import choose_language, exit_on_bad_input
    from jifen.rulebook.new_city import describe_next_steps, make_city

    chosen = choose_language(lang)
    with exit_on_bad_input(chosen):
        made_folder = make_city(ident, folder)
    print(describe_next_steps(quote(str(made_folder)), ident)(chosen))
