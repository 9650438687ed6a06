"""Writes docs/reference/commands.md and settings.md from the program itself: `python docs/make_reference.py`.

A guard test checks that the files are what this writes.
"""

import ast
import os
import re
import sys
from pathlib import Path

DOCS = Path(__file__).parent
CHECKOUT = DOCS.parent
sys.path.insert(0, str(CHECKOUT))
MADE = "<!-- Made by docs/make_reference.py; do not edit. -->\n"


def commands() -> str:
    """Every command with its arguments and options."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.config.settings")
    import django
    import typer

    django.setup()
    from minga.config.cli import _assemble

    root = typer.main.get_command(_assemble())
    parts = [f"# Commands\n\n{MADE}\nAll data is in the folder that `MINGA_HOME` names (by default `var/` of the checkout)."
             " A command ends with exit code 0, or 1 after saying what is wrong and how to mend it.\n"]  # fmt: skip
    for name, command in sorted(root.commands.items()):
        subcommands = getattr(command, "commands", None)
        for path, each in sorted(subcommands.items()) if subcommands else [("", command)]:
            parts.append(_command(f"minga {name} {path}".strip(), each))
    return "\n".join(parts)


def _command(name: str, command) -> str:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option"]
    usage = " ".join([name, *(each.metavar or each.name.upper() for each in arguments), "[OPTIONS]" if options else ""])
    lines = [f"## {name}\n", f"{command.help.strip()}\n", f"    {usage.strip()}\n"]
    for each in arguments:
        lines.append(f"- `{each.metavar or each.name.upper()}`: {each.help or ''}")
    for each in options:
        kind = "" if each.is_flag else " " + (each.metavar or "VALUE")
        default = "" if each.is_flag or each.default in (None, "") else f" (default: {each.default})"
        lines.append(f"- `{'`, `'.join(each.opts)}{kind}`: {each.help or ''}{default}")
    return "\n".join(lines) + "\n"


def settings() -> str:
    """Every setting that is read from the environment, with its default and meaning."""
    from minga.installation.database import MADE_ROLES

    connections = ", ".join(f"`MINGA_{role.upper()}_URL`" for role in MADE_ROLES)
    lines = [f"# Settings\n\n{MADE}\nRead from the environment. A wrong value stops the start with a sentence.\n",
             "| Setting | Default | What it is |", "|---|---|---|",
             "| `MINGA_HOME` | `var/` of the checkout | the installation's folder |",
             "| `DATABASE_URL` | the embedded server | `postgresql://USER:PASSWORD@HOST:5432/DATABASE` of whoever may make"
             " roles and tables |",
             f"| {connections} | made by `minga init` | connections of the roles of these names, where an administrator"
             " makes them |",
             "| `MINGA_PORT` | 8000 | port of `minga up` and `minga serve` |"]  # fmt: skip
    for file in sorted((CHECKOUT / "minga" / "config" / "settings").glob("*.py")):
        source = file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "read" and len(node.args) > 1:
                meaning = next(each.value.value for each in node.keywords if each.arg == "meaning")
                comment = re.search(r"# ([^\n]+)$", source.split("\n")[node.lineno - 2])
                told = f"{meaning}. {comment[1]}" if comment else meaning
                default = str(ast.literal_eval(node.args[1])) or "empty"
                lines.append(f"| `{node.args[0].value}` | `{default}` | {told} |")
    return "\n".join(lines) + "\n"


FILES = {"commands.md": commands, "settings.md": settings}

if __name__ == "__main__":
    for name, make in FILES.items():
        (DOCS / "reference" / name).write_text(make(), encoding="utf-8")
