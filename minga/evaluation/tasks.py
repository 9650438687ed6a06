"""Jobs of evaluation."""

import structlog
from procrastinate.contrib.django import app

from minga.access.rowsecurity import seeing_all
from minga.audit.by import By
from minga.evaluation import retraining

log = structlog.get_logger(__name__)


@app.periodic(cron="29 2 * * *")
@app.task(queueing_lock="learn_from_corrections", lock="learn_from_corrections")
def learn_from_corrections(timestamp: int) -> None:
    """Each night: where people corrected enough since the last training, train, measure, and use it if the rule allows.

    Args:
        timestamp: when the job was due, in seconds since 1970 (given by the queue).
    """
    with seeing_all():
        is_due = retraining.is_due()
    if not is_due:
        return
    made = retraining.retrain(by=By(operator="worker"), turn=seeing_all, told=lambda done, steps: None)
    log.info("coding_model_trained", model=made.name, learnt=made.learnt, is_used=made.is_used)
