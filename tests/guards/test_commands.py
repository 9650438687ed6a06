"""Every command that reads or changes records can be given for a person; those that cannot say why."""

import inspect

from minga.config.cli import _assemble

# What concerns the installation and not records, or belongs to its operator by its nature.
OPERATORS_ONLY = {
    "init": "makes the installation", "up": "runs it", "serve": "runs it", "work": "runs it", "demo": "says how to try it",
    "backup": "moves it whole", "restore": "moves it whole", "doctor": "looks at it",
    "redact": "takes out of everything, whoever's it is", "user add": "lets people in", "user list": "lets people in",
    "user disable": "lets people in", "user reset": "lets people in", "vocabularies load": "loads a vocabulary",
    "embed": "drives the background work, over all records", "encoder": "holds the models; knows no records",
    "evaluate coding": "measures the methods on labelled texts", "train coding": "makes what is shipped",
    "train search": "makes what is shipped", "train needs": "makes what is shipped",
    "evaluate needs": "measures the methods on labelled texts", "models": "whose corrections they learnt from is the installation's",
    "code": "reads a file that is brought; knows no records",
    "evaluate duplicates": "measures the methods on labelled texts", "train duplicates": "makes what is shipped",
    "evaluate search": "measures the methods on labelled texts", "vocabularies list": "vocabularies are public",
}  # fmt: skip


def commands(app, before: str = "") -> dict:
    """All commands of the command line: name -> function."""
    found = {}
    for each in app.registered_commands:
        found[before + (each.name or each.callback.__name__.replace("_", "-"))] = each.callback
    for group in app.registered_groups:
        found |= commands(group.typer_instance, f"{group.name} ")
    return found


def test_each_is_for_a_person_too_or_says_why_not():
    missing = [
        name
        for name, function in commands(_assemble()).items()
        if "as_person" not in inspect.signature(function).parameters and name not in OPERATORS_ONLY
    ]

    assert missing == []


def test_none_is_excused_that_is_not_there():
    assert OPERATORS_ONLY.keys() - commands(_assemble()).keys() == set()
