"""Which objectives are covered where: public records by country and objective, from the kept bits.

A record with two countries and three objectives counts in six cells; see the page on counting.
"""

from collections import defaultdict

from django.db import connection

PAIRS = """
    select c.value, o.value, sum(bit_count(c.bits & o.bits))::int
    from registry_count c join registry_count o using (block)
    where c.facet = 'country' and o.facet = 'objective' and c.value = any(%s)
    group by 1, 2
"""


def by_country_and_objective(countries: list[str]) -> dict[str, dict[int, int]]:
    """Country -> objective -> number of public records.

    Args:
        countries: ISO alpha-3 codes of the rows.
    """
    table: dict[str, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, [countries])
        for country, objective, number in cursor.fetchall():
            if number:
                table[country][int(objective)] = number
    return table
