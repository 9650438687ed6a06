"""Django's settings, one file a concern. Each value comes from the environment or has a default that works on a laptop.

A value that cannot be right stops the start with a sentence that says which and why (`reading.py`).
"""

from minga.config.settings.accounts import *
from minga.config.settings.applications import *
from minga.config.settings.database import *
from minga.config.settings.embeddings import *
from minga.config.settings.hosting import *
from minga.config.settings.languages import *
from minga.config.settings.logs import *
from minga.config.settings.mail import *
from minga.config.settings.registry import *
