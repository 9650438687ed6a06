"""The commands `minga evaluate`, `minga train` and `minga models`."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from rich.progress import Progress

from minga.access.command_line import note_command, opened
from minga.access.process import become
from minga.access.rowsecurity import operator_name, seeing_all
from minga.audit.by import By
from minga.evaluation import labelled, measured, pairs
from minga.installation.problems import InstallationProblem

evaluate = typer.Typer(help="How good the methods are, on labelled JSON Lines files.", no_args_is_help=True)
train = typer.Typer(
    help="Train the small models that are shipped, or one of this installation on what its people corrected.",
    no_args_is_help=True,
)


def add_commands(app: typer.Typer) -> None:
    """Add this area's commands to the command line."""
    app.add_typer(evaluate, name="evaluate")
    app.add_typer(train, name="train")
    pairs.add_to(evaluate, train)
    app.command()(models)


@evaluate.callback()
def _evaluate() -> None:
    """How good the methods are, on labelled JSON Lines files. Nothing is kept."""


@train.callback()
def _train() -> None:
    """Train the small models that are shipped, or one of this installation on what its people corrected."""


@train.command("search")
def train_search(
    files: Annotated[
        list[Path] | None,
        typer.Argument(exists=True, help="Records, retellings, requests, queries; else those shipped."),
    ] = None,
) -> None:
    """The ranking of search: how its signals weigh against each other, for queries of each length."""
    from minga.evaluation.searching import train as run

    given = labelled.read(files or [])
    with opened():
        note_command("operator.train")
        become("worker")
        typer.echo(_("Trained on %(number)d labelled texts.") % {"number": run(given)})


@train.command("coding")
def train_coding(
    files: Annotated[
        list[Path] | None, typer.Argument(exists=True, help="Labelled records beside those that are shipped.")
    ] = None,
    from_corrections: Annotated[
        bool,
        typer.Option(
            "--from-corrections",
            help="A model of this installation: on the bundled records and on public ones whose labels people decided.",
        ),
    ] = False,
    use: Annotated[str, typer.Option(help='Put a model to use: one of "minga models", or "shipped".')] = "",
) -> None:
    """The model that proposes objectives and principles: the shipped one anew, or one of this installation.

    One of this installation is measured beside the model in use, in the same folds, and put to use if it is not worse.
    The shipped one is written into the package's folder.
    """
    from minga.evaluation.coding import train as run

    if from_corrections or use:
        if files or (from_corrections and use):
            raise InstallationProblem(_("Files, --from-corrections and --use go one at a time."))
        _use(use) if use else _learn()
        return
    number = run(labelled.read(files).records if files else [])
    typer.echo(_("Trained on %(number)d labelled texts.") % {"number": number})


def _learn() -> None:
    """Train on corrections, with progress; until the end nothing is kept, so it can be stopped."""
    from minga.evaluation import retraining

    with opened(), Progress(disable=not sys.stderr.isatty()) as progress:
        note_command("operator.train")
        become("worker")
        task = progress.add_task(_("Training and measuring"), total=None)
        try:
            made = retraining.retrain(
                by=By(operator=operator_name()), turn=seeing_all,
                told=lambda done, steps: progress.update(task, completed=done, total=steps),
            )  # fmt: skip
        except retraining.CannotTrain as problem:
            raise InstallationProblem(str(problem)) from problem
    for line in retraining.in_words(made):
        typer.echo(line)


def _use(name: str) -> None:
    from minga.classification import using

    with opened():
        note_command("operator.use_model", model=name)
        become("worker")
        try:
            with seeing_all():
                using.put_to_use(name, by=By(operator=operator_name()))
        except using.NoSuchModel as problem:
            raise InstallationProblem(str(problem)) from problem
    typer.echo(_("%(name)s proposes from now on.") % {"name": name})


def models(as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False) -> None:
    """The models that may propose objectives and principles here: figures, when and by whom, which is in use."""
    from minga.evaluation import listing

    with opened():
        note_command("operator.models")
        become("worker")
        with seeing_all():
            found = listing.models()
    if as_json:
        typer.echo(json.dumps([each.as_dict() for each in found], ensure_ascii=False, indent=1))
        return
    for each in found:
        typer.echo(each.in_words())


@evaluate.command("coding")
def evaluate_coding(
    files: Annotated[list[Path] | None, typer.Argument(exists=True, help="Labelled records; else the bundled.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Note the figures of the bundled records, for the page that readers see.")
    ] = False,
) -> None:
    """Proposals of objectives and principles, cross-validated, beside three untrained methods, with 95 % intervals."""
    from minga.evaluation.coding import evaluate as run

    if write and files:
        raise InstallationProblem(_("Readers are told how good it is on the bundled records: leave out the files."))
    found = run(labelled.read(files).records if files else [])
    if write:
        measured.write("coding", found, on=date.today())  # noqa: DTZ011
    if as_json:
        typer.echo(json.dumps(found, indent=1))
        return
    for kind, methods in found.items():
        typer.echo(f"\n{kind} ({next(iter(methods.values()))['number']:.0f})")
        for method, told in methods.items():
            names = [each for each in told if f"{each} low" in told]
            shown = [
                f"{each} {told[each]:.2f} [{told[f'{each} low']:.2f}, {told[f'{each} high']:.2f}]" for each in names
            ]
            typer.echo(f"  {method:16} {'  '.join(shown)}")


@evaluate.command("search")
def evaluate_search(
    files: Annotated[
        list[Path] | None,
        typer.Argument(exists=True, help="Records, retellings, requests, queries; else those shipped."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Search beside plain full text, the raw first encoder and both encoders, with 95 % intervals."""
    from minga.evaluation.searching import evaluate as run

    given = labelled.read(files or [])
    with opened():
        note_command("operator.evaluate")
        become("worker")
        found = run(given)
    if as_json:
        typer.echo(json.dumps(found, indent=1))
        return
    for name, methods in found.items():
        typer.echo(f"\n{name} ({next(iter(methods.values()))['number']:.0f})")
        for method, told in methods.items():
            shown = "  ".join(
                f"{each} {told[each]:.2f} [{told[f'{each} low']:.2f}, {told[f'{each} high']:.2f}]"
                for each in ("first", "five", "ten", "reciprocal")
            )
            typer.echo(f"  {method:20} {shown}")


@train.command("needs")
def train_needs(
    files: Annotated[
        list[Path] | None, typer.Argument(exists=True, help="Requests with answers, records; else those shipped.")
    ] = None,
) -> None:
    """The models that match needs with what answers them, and offers with needs."""
    from minga.evaluation.matching import train as run

    given = labelled.read(files or [])
    with opened():
        note_command("operator.train")
        become("worker")
        typer.echo(_("Trained on %(number)d labelled texts.") % {"number": run(given)})


@evaluate.command("needs")
def evaluate_needs(
    files: Annotated[
        list[Path] | None, typer.Argument(exists=True, help="Requests with answers, records; else those shipped.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Note the figures of the shipped requests, for the page that readers see.")
    ] = False,
) -> None:
    """What answers a need, by matching beside plain full text, the raw first encoder, both encoders and search.

    Models that have not seen the record that answers are asked; 95 % intervals.
    """
    from minga.evaluation.matching import evaluate as run

    if write and files:
        raise InstallationProblem(_("Readers are told how good it is on the shipped requests: leave out the files."))
    given = labelled.read(files or [])
    with opened():
        note_command("operator.evaluate")
        become("worker")
        found = run(given)
    if write:
        measured.write("needs", found, on=date.today())  # noqa: DTZ011
    if as_json:
        typer.echo(json.dumps(found, indent=1))
        return
    for name, methods in found.items():
        typer.echo(f"\n{name} ({next(iter(methods.values()))['number']:.0f})")
        for method, told in methods.items():
            names = [each for each in told if f"{each} low" in told]
            shown = [
                f"{each} {told[each]:.2f} [{told[f'{each} low']:.2f}, {told[f'{each} high']:.2f}]" for each in names
            ]
            typer.echo(f"  {method:20} {'  '.join(shown)}")
