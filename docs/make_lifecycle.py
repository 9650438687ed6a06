"""Draws the lifecycle from its declaration: docs/explanation/lifecycle.md and the figure on the site's page.

Run it after a change of minga/registry/lifecycle.py: .venv/bin/python docs/make_lifecycle.py
"""

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.config.settings")

import django

django.setup()

from django.utils import translation  # noqa: E402

from minga.registry.lifecycle import HOLDERS, STEPS, State  # noqa: E402

PAGE = Path(__file__).parent / "explanation" / "lifecycle.md"
HEAD = """# The lifecycle of a record

One for all kinds of record, declared in `minga/registry/lifecycle.py`, enforced by one function of the database
(`registry_move`). This page is drawn from the declaration by `docs/make_lifecycle.py`. A state belongs to a version: a
published version stays up while the next one goes its way.

"""


def text() -> str:
    """The page."""
    with translation.override("en"):
        parts = [HEAD, "```mermaid\nstateDiagram-v2\n    [*] --> draft\n"]
        for step in STEPS.values():
            parts += [f"    {source} --> {step.target}: {step.name}\n" for source in step.sources]
        parts.append("```\n\n## States\n\n| state | means | who has it |\n|---|---|---|\n")
        parts += [f"| `{state}` | {state.label} | {HOLDERS[state]} |\n" for state in State]
        parts.append("\n## Steps\n\n| step | from | to | who | reason |\n|---|---|---|---|---|\n")
        for step in STEPS.values():
            sources = ", ".join(f"`{source}`" for source in step.sources)
            who = ", ".join(str(each).replace("_", " ") for each in step.who)
            parts.append(f"| `{step.name}` | {sources} | `{step.target}` | {who} | "
                         f"{'needed' if step.needs_reason else ''} |\n")  # fmt: skip
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
