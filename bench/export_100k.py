"""How long 100,000 records take to leave as CSV, and how much memory: from the site, and at the command line.

    python bench/export_100k.py [--records 100000]

The site's answer is streamed by a web process of its own, which is asked over HTTP as a browser would; its memory is
read from the system before and after. Records are filled in by SQL (fill.py).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil
from home import installation
from import_10k import CHECKOUT, peak_of_children, run

PORT = 8791


def stream(form: str) -> tuple[float, float, int]:
    """Fetch a list as a file; returns seconds to the first byte, to the last, and bytes."""
    begun = time.perf_counter()
    first, size = 0.0, 0
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/en/records/export.{form}") as answer:
        while piece := answer.read(65536):
            first = first or time.perf_counter() - begun
            size += len(piece)
    return first, time.perf_counter() - begun, size


def peak(process: psutil.Process) -> float:
    """The most memory that any process of the site has held so far, in MB (Linux; the present memory elsewhere)."""
    family = [process, *process.children(recursive=True)]
    return max(_peak(each) for each in family if "postgres" not in each.name())


def _peak(process: psutil.Process) -> float:
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return process.memory_info().rss / 1e6
    return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024


def measure_site(home: Path, forms: list[str]) -> None:
    """Serve the installation and print what each form takes."""
    site = subprocess.Popen(
        [sys.executable, "-m", "minga.config.cli", "serve", "--port", str(PORT)], cwd=CHECKOUT,
        env={**os.environ, "MINGA_HOME": str(home), "MINGA_LOG_LEVEL": "ERROR"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait()
        process = psutil.Process(site.pid)
        print(f"site, before:        peak memory {peak(process):.0f} MB")
        for form in forms:
            first, last, size = stream(form)
            print(f"site, {form:5} {size / 1e6:6.1f} MB: {last:6.1f} s (first byte {first:.1f} s),"
                  f" peak memory {peak(process):.0f} MB")  # fmt: skip
    finally:
        site.terminate()
        site.wait(timeout=30)


def _wait() -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz").close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The site does not answer.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--forms", default="csv,json,xlsx")
    arguments = parser.parse_args()
    with installation() as database, tempfile.TemporaryDirectory(prefix="minga-bench-") as folder:
        from fill import fill

        home, out = Path(os.environ["MINGA_HOME"]), Path(folder) / "records.csv"
        fill(database, arguments.records)
        seconds = run("export", "--format", "csv", "--out", str(out), home=home)
        print(
            f"minga export {out.stat().st_size / 1e6:.1f} MB: {seconds:.1f} s, peak memory {peak_of_children():.0f} MB"
        )
        measure_site(home, arguments.forms.split(","))
    print(f"repeat: python bench/export_100k.py --records {arguments.records}")


if __name__ == "__main__":
    main()
