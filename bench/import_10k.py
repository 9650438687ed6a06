"""How long `minga import` of 10,000 JSON lines takes, and how much memory.

    python bench/import_10k.py [--records 10000]

The command itself is run, as an operator types it, on an installation with the bundled records: once to take the rows
in as published from their source, and once more, when nothing changes.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generate import write

CHECKOUT = Path(__file__).resolve().parents[1]


def run(*words: str, home: Path, out: Path | None = None) -> float:
    """Run a command of Minga; returns the seconds it took.

    Args:
        words: command and options.
        home: the installation's folder.
        out: a file for its standard output.
    """
    environment = {**os.environ, "MINGA_HOME": str(home), "MINGA_LOG_LEVEL": "ERROR"}
    begun = time.perf_counter()
    with (out or Path(os.devnull)).open("wb") as stream:
        subprocess.run(
            [sys.executable, "-m", "minga.config.cli", *words], cwd=CHECKOUT, env=environment, check=True,
            stdout=stream, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    return time.perf_counter() - begun


def peak_of_children() -> float:
    """The most memory that one of the commands so far has held, in MB. The database server is not among them."""
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)  # bytes there, kilobytes elsewhere


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="minga-bench-") as folder:
        home, file = Path(folder) / "home", Path(folder) / "generated.jsonl"
        write(records=arguments.records, out=file)
        run("init", home=home)
        print(f"{arguments.records} lines, {file.stat().st_size / 1e6:.1f} MB")
        first = run("import", str(file), "--state", "published", home=home)
        print(f"taken in:   {first:6.1f} s, peak memory {peak_of_children():.0f} MB")
        again = run("import", str(file), "--state", "published", home=home)
        print(f"once more:  {again:6.1f} s, peak memory {peak_of_children():.0f} MB")
    print(f"repeat: python bench/import_10k.py --records {arguments.records}")


if __name__ == "__main__":
    main()
