"""Settings of the registry itself."""

from minga.config.settings.reading import env, read

# The actor that owns what nobody else owns: imported and bundled records (a slug, see minga/actors/data).
SECRETARIAT = read("MINGA_SECRETARIAT", "rcm-executive-secretariat", meaning="the slug of an actor")
# The process that records are submitted to where none is named (a slug).
PROCESS = read("MINGA_PROCESS", "rcm", meaning="the slug of a process")
SITE_NAME = read("MINGA_SITE_NAME", "Minga", meaning="a name")
RECORDS_PER_PAGE = read("MINGA_RECORDS_PER_PAGE", 20, env.int, meaning="a number of records")
# A Word file is built in memory: longer lists leave as XLSX, CSV or JSON.
LONGEST_WORD_LIST = read("MINGA_LONGEST_WORD_LIST", 1_000, env.int, meaning="a number of records")
# Longest text taken in one field of an imported record, in characters.
LONGEST_FIELD = read("MINGA_LONGEST_FIELD", 100_000, env.int, meaning="a number of characters")
