"""The command `minga`, assembled from the areas' commands.

Django is set up before the areas are read; the database is started by each command that needs it (`command_line.py`).
"""

import os
import sys

from minga.installation.problems import InstallationProblem


def main() -> None:
    """Run the command line; a problem of the installation ends in one sentence and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.config.settings")
    try:
        import django

        django.setup()
        _speak_operators_language()
        _assemble()()
    except InstallationProblem as problem:
        sys.exit(f"minga: {problem}")


def _assemble():
    import typer

    from minga.classification import commands as classification
    from minga.duplicates import commands as duplicates
    from minga.evaluation import commands as evaluation
    from minga.exchange import commands as exchange
    from minga.lessons import commands as lessons
    from minga.matching import commands as matching
    from minga.operations import commands as operations
    from minga.people import commands as people
    from minga.redaction import commands as redaction
    from minga.registry import commands as registry
    from minga.search import commands as search
    from minga.vocabularies import commands as vocabularies

    app = typer.Typer(
        name="minga",
        help="The regional mechanism of cooperation on migration, as software. "
        "All data is in the folder that MINGA_HOME names.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    areas = (
        operations, exchange, registry, people, redaction, search, classification, duplicates, matching, lessons,
        evaluation, vocabularies,
    )  # fmt: skip
    for area in areas:
        area.add_commands(app)
    return app


def _speak_operators_language() -> None:
    """Messages in the language of the terminal, where it is one of ours; English otherwise."""
    from django.conf import settings
    from django.utils import translation

    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    language = named[:2].lower()
    translation.activate(language if language in dict(settings.LANGUAGES) else "en")


if __name__ == "__main__":
    main()
