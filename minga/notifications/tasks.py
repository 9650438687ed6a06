"""Jobs that send mail."""

from procrastinate.contrib.django import app

from minga.notifications import outbox


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_mail", lock="send_mail")
def send_mail(timestamp: int) -> None:
    """Each minute: send what is in the outbox.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    outbox.send_waiting()
