"""Jobs that make what search looks in."""

from procrastinate.contrib.django import app

from minga.access.rowsecurity import seeing_all
from minga.language.encoders import default_encoder
from minga.search import indexing, sets, wordlist


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="embed", lock="embed")
def embed(timestamp: int) -> None:
    """Each minute: embed what was listed or changed since, or what another encoder has not made yet.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    plan = sets.plan(seeing_all)
    with seeing_all():
        is_to_do = indexing.is_there_work(plan)
    if is_to_do:
        indexing.embed(plan, turn=seeing_all, told=lambda left: None)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="words", lock="words")
def follow_words(timestamp: int) -> None:
    """Each minute: the words of what was published since, for spelling hints and for words that say the same.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    with seeing_all():
        wordlist.follow()
    wordlist.embed(default_encoder(), turn=seeing_all)


@app.periodic(cron="43 3 * * *")
@app.task(queueing_lock="words_anew", lock="words")
def renew_words(timestamp: int) -> None:
    """Each night: the list of words anew, without those that are public no longer.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    with seeing_all():
        wordlist.renew()
