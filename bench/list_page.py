"""How long a list page takes over 100,000 records, as the site's own database role, with all counts exact.

    python bench/list_page.py [--records 100000] [--times 40] [--drafts 5000]

Server time is the whole request inside the web process: middleware, transaction, queries, template. Beside it stands the
bare SQL of the same result: nine grouped counts, the total and the page's rows, straight from the versions under the same
row security. With --drafts, both are asked by a focal point who is signed in and has so many drafts of her own.
"""

import argparse
import random
import re
import time
from itertools import product

from home import installation, percentile

SORTED = "is_of_region desc, listed_at desc, record_id desc"
BARE = {
    "kind": "kind", "language": "language", "level": "level", "progress": "progress", "year": "year",
    "country": "unnest(places)", "objective": "unnest(objectives)", "principle": "unnest(principles)",
    "population": "unnest(populations)",
}  # fmt: skip
COLUMN = {"country": "places", "objective": "objectives", "principle": "principles", "population": "populations"}


def requests(facets: int, times: int) -> list[dict[str, str]]:
    """Different choices of so many facets, frequent and rare values mixed."""
    chance = random.Random(7)
    values = {
        "country": ["COL", "ARG", "BRA", "PER", "VCT", "USA", "AFG"], "objective": [str(n) for n in (1, 2, 5, 8, 16, 23)],
        "kind": ["practice", "pledge", "need"], "language": ["es", "en", "fr", "pt"],
        "population": ["general", "children", "workers"], "level": ["national", "local"], "year": ["2025", "2020", "2001"],
    }  # fmt: skip
    names = list(product(*[sorted(values)] * facets)) if facets else [()]
    distinct = [each for each in names if len(set(each)) == facets]
    return [{name: chance.choice(values[name]) for name in chance.choice(distinct)} for _ in range(times)]


def condition(chosen: dict[str, str], without: str = "") -> str:
    """The choice as SQL over versions."""
    parts = ["is_listed"]
    for name, value in chosen.items():
        if name == without:
            continue
        if name in COLUMN:
            cast = "smallint[]" if name == "objective" else "varchar[]"
            parts.append(f"{COLUMN[name]} && '{{{value}}}'::{cast}")
        else:
            parts.append(f"{name} = '{value}'")
    return " and ".join(parts)


def bare(connection, chosen: dict[str, str]) -> int:
    """The same result by plain statements; returns the total."""
    total = connection.execute(f"select count(*) from registry_version where {condition(chosen)}").fetchone()[0]
    for name, expression in BARE.items():
        connection.execute(
            f"select {expression}, count(*) from registry_version where {condition(chosen, without=name)} group by 1"
        ).fetchall()
    connection.execute(
        f"select * from registry_version where {condition(chosen)} order by {SORTED} limit 20"
    ).fetchall()
    return total


def sign_in(person: int | None) -> None:
    """Let all requests of this process be this person's: sign-in itself is not what is measured."""
    from minga.accounts.middleware import SignedIn

    def known(self, request):
        request.person = person
        return self.get_response(request)

    SignedIn.__call__ = known


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--drafts", type=int, default=0)
    arguments = parser.parse_args()
    with installation() as database:
        from fill import fill, fill_drafts

        begun = time.perf_counter()
        fill(database, arguments.records)
        print(f"{arguments.records} records filled in {time.perf_counter() - begun:.0f} s")
        person = fill_drafts(database, arguments.drafts) if arguments.drafts else None
        measure(database, arguments.times, person)


def measure(database, times: int, person: int | None) -> None:
    """Print page and bare SQL side by side, for a visitor or a person."""
    from django.test import Client
    from django.utils.http import urlencode

    from minga.access.process import become

    become("site")
    sign_in(person)
    client = Client(headers={"accept-language": "es"})
    client.get("/es/records/")  # templates, labels
    print(f"{'chosen':8} {'page p50':>9} {'page p95':>9} {'bare p50':>9} {'bare p95':>9}   (ms)")
    for facets in (0, 1, 3):
        pages, bares = [], []
        for chosen in requests(facets, times):
            begun = time.perf_counter()
            answer = client.get(f"/es/records/?{urlencode(chosen)}")
            pages.append(time.perf_counter() - begun)
            with database.connect("site") as connection:
                connection.execute("select set_config('minga.person', %s, true)", [str(person or "")])
                begun = time.perf_counter()
                total = bare(connection, chosen)
                bares.append(time.perf_counter() - begun)
            shown = re.search(r'id="results-title"[^>]*>([^<]*)', answer.content.decode())
            if not shown or re.sub(r"\D", "", shown[1]) != str(total):
                print("different:", chosen, shown and shown[1], total)
        figures = [percentile(each, share) for each in (pages, bares) for share in (0.5, 0.95)]
        print(f"{facets:8} " + " ".join(f"{figure:9.1f}" for figure in figures))


if __name__ == "__main__":
    main()
