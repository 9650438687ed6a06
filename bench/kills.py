"""Kills web, worker and database at random moments while people write, then looks for what was lost.

    python bench/kills.py [--kills 200] [--seed 1]

It makes an installation of its own in a temporary folder, starts `minga up` on it and signs in as three focal points, a
contributor, an endorsing officer and the secretariat, who write all the time over HTTP: they begin records, save steps
of the form (half of them as the page does while one types), and take steps of the lifecycle up to the publication of
second versions. Each change carries a running number. Meanwhile SIGKILL goes to the web process, the worker or the
database. In the end the database is read as the role `backup` and compared with what was sent and acknowledged.

Acknowledged means that a whole answer came that says so. Unknown means that the connection broke or the site said that
the database was away: such a change may have been kept or not, but whole. Exit code 1 when anything acknowledged is not
there, anything is there twice, or anything is there by half. Where `minga up` ends by itself, since a part of it ended
too often, it is started again; how often is said.
"""

import argparse
import base64
import hmac
import itertools
import json
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from html.parser import HTMLParser
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

import psutil  # noqa: E402
import requests  # noqa: E402
from urllib3.exceptions import NewConnectionError  # noqa: E402

from minga.installation.database import Database  # noqa: E402
from minga.installation.home import Home  # noqa: E402
from minga.installation.problems import InstallationProblem  # noqa: E402

WRITERS = ("focal-point", "focal-point", "focal-point", "contributor")
KINDS = ("practice", "pledge", "initiative", "need", "offer", "lesson")
# How each target is killed, and how often in relation to the others.
WAYS = {
    "web": {"parent and worker": 3, "the worker alone": 2, "the parent alone": 0.5},
    "worker": {"the process": 1},
    "database": {"one connection's": 3, "the postmaster": 2, "all of the server's": 2, "a helper's": 1},
}
# How often each step is chosen among those that the page offers, or none.
LIKING = {
    "send": 4, "recall": 2, "reopen": 1, "submit": 4, "endorse": 4, "return": 1, "begin_moderation": 4, "accept": 6,
    "publish": 6, "request_changes": 1, "find_unsuitable": 0.3, "archive": 0.1, "withdraw": 0.2, "abandon": 0.05,
    "anew": 3, "none": 0.5,
}  # fmt: skip
MOST_RECORDS = 8  # that one writer works on at a time
PATIENCE = 20  # seconds for an answer; the site itself waits ten for the database
START_PATIENCE = 120
PERIOD = 30  # seconds that a code of the second factor holds
SENTENCE = " Lo que se escribe aquí no trata de nadie y sirve solo para ver si se guarda."


# What is written down about each change -----------------------------------------------------------------------------


class Outcome(StrEnum):
    """What the person was told."""

    ACKNOWLEDGED = "acknowledged"
    ASIDE = "set aside"  # acknowledged as kept beside the text, since the field was changed meanwhile
    REFUSED = "refused"
    UNKNOWN = "unknown"
    UNSENT = "never sent"  # no connection: it cannot have reached the site


@dataclass
class Change:
    """One change that somebody asked for; it bears a number that no other bears."""

    number: int
    sort: str  # begin, anew, save, typing, or a step of the lifecycle
    record: "Record | None" = None
    part: str = ""  # the step of the form
    outcome: Outcome = Outcome.UNKNOWN
    sent: int = 0  # requests that left
    status: int = 0

    @property
    def reason(self) -> str:
        """What marks a step of the lifecycle in the trail."""
        return f"Ensayo de cortes, cambio {self.number}."


@dataclass
class Record:
    """A record that somebody began, as far as the people know."""

    public_id: str
    state: str = "draft"
    is_done: bool = False


@dataclass
class Book:
    """All that was sent, and what came back."""

    changes: list[Change] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)  # statuses, 500 and above
    under_way: int = 0  # requests that change something
    acknowledged: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def new(self, sort: str, record: Record | None = None, part: str = "") -> Change:
        """A change that is about to be sent."""
        with self._lock:
            change = Change(next(self._numbers), sort, record, part)
            self.changes.append(change)
            return change

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Counts a request that is under way."""
        with self._lock:
            self.under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self.under_way -= 1

    def of(self, record: Record, part: str) -> list[Change]:
        """The saves of one step of the form, in the order in which they were begun."""
        return [each for each in self.changes if each.record is record and each.part == part]


# People at their browsers -------------------------------------------------------------------------------------------


class SignedOut(Exception):
    """The site does not know the session any more."""


class Page(HTMLParser):
    """What a person sees of a page: its forms, its messages, the marks of its fields and where the record stands."""

    def __init__(self, text: str):
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.messages: list[str] = []
        self.states: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what matters."""
        found = {name: value or "" for name, value in attrs}
        words = found.get("class", "").split()
        if tag == "form":
            self.forms.append((found.get("action", ""), {}))
        elif tag == "input" and found.get("name") and (found.get("type") != "checkbox" or "checked" in found):
            if not self.forms:
                self.forms.append(("", {}))
            self.forms[-1][1][found["name"]] = found.get("value", "")
        elif "message" in words:
            self.messages += words[1:]
        elif "badge" in words:
            self.states += [word.removeprefix("state-") for word in words if word.startswith("state-")]

    @property
    def token(self) -> str:
        """What each form must carry against forgery."""
        return next(fields["csrfmiddlewaretoken"] for _to, fields in self.forms if "csrfmiddlewaretoken" in fields)

    @property
    def marks(self) -> dict[str, str]:
        """Of each field, the mark of the value that the form was opened with."""
        return {name: value for _to, fields in self.forms for name, value in fields.items() if name.endswith("-was")}

    @property
    def steps(self) -> list[dict[str, str]]:
        """The steps of the lifecycle that it offers."""
        return [fields for to, fields in self.forms if to.endswith("/step/")]

    @property
    def offers_new_version(self) -> bool:
        """Whether a new version may be begun."""
        return any(to.endswith("/anew/") for to, _fields in self.forms)


class Codes:
    """Second factors of one account: each code is good once, and for the period before and after its own."""

    def __init__(self, key: str):
        self._key, self._used, self._lock = key, set(), threading.Lock()

    def fresh(self) -> str:
        """A code that holds now and was not used; waits for one."""
        with self._lock:
            while True:
                now = int(time.time()) // PERIOD
                for counter in (now, now + 1, now - 1):
                    if counter not in self._used:
                        self._used.add(counter)
                        return self._code(counter)
                time.sleep(0.5)

    def _code(self, counter: int) -> str:
        digest = hmac.new(base64.b32decode(self._key), struct.pack(">Q", counter), "sha1").digest()
        start = digest[-1] & 15
        return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class Person:
    """Somebody who is signed in."""

    def __init__(self, address: str, account: dict, book: Book, over: threading.Event, chance: random.Random):
        self.address, self.account, self.book, self.over, self.chance = address, account, book, over, chance
        self.browser = requests.Session()
        self.browser.trust_env = False  # no proxy of the environment

    def sign_in(self) -> None:
        """Address and password, then the second factor."""
        self.browser.cookies.clear()
        path = "/es/account/sign-in/"
        while True:
            page = Page(self._open(path).text)
            typed = {"login": self.account["email"], "password": self.account["password"]}
            if "second-factor" in path:
                typed = {"code": self.account["codes"].fresh()}
            answer = self._send(path, {**typed, "csrfmiddlewaretoken": page.token})
            if answer is not None and answer.status_code == 302:
                path = answer.headers["location"]
                if "second-factor/authenticate" not in path:
                    return
            elif answer is not None and answer.status_code < 500:
                time.sleep(1)  # a code that ran out just now

    def page(self, path: str) -> Page | None:
        """A page, asked for until the site answers; None when there is nothing for this person."""
        answer = self._open(path)
        if answer.status_code == 302 and "sign-in" in answer.headers["location"]:
            raise SignedOut(f"GET {path}")
        return Page(answer.text) if answer.status_code == 200 else None

    def _open(self, path: str) -> requests.Response:
        until = time.monotonic() + START_PATIENCE
        while time.monotonic() < until:
            with suppress(requests.RequestException):
                answer = self.browser.get(self.address + path, timeout=(3, PATIENCE), allow_redirects=False)
                if answer.status_code < 500:
                    return answer
                self.book.answers[answer.status_code] += 1
            time.sleep(self.chance.uniform(0.1, 0.4))
        raise TimeoutError(f"The site does not answer GET {path} any more.")

    def _send(self, path: str, typed: dict, change: Change | None = None) -> requests.Response | None:
        """Send a form once; None when the connection broke. What became of it is noted."""
        outcome, answer = Outcome.UNKNOWN, None
        with self.book.sending():
            try:
                answer = self.browser.post(
                    self.address + path, data=typed, timeout=(3, PATIENCE), allow_redirects=False
                )
                outcome = Outcome.UNKNOWN if answer.status_code >= 500 else Outcome.ACKNOWLEDGED
            except requests.ConnectionError as problem:
                if isinstance(getattr(problem.args[0], "reason", None), NewConnectionError):
                    outcome = Outcome.UNSENT
            except requests.RequestException:
                pass
        if answer is not None and answer.status_code >= 500:
            self.book.answers[answer.status_code] += 1
        if change is not None:
            self._note(change, outcome, answer, path)
        return answer

    def _note(self, change: Change, outcome: Outcome, answer: requests.Response | None, path: str) -> None:
        """An unknown change that is sent again and refused may have been kept the first time: it stays unknown."""
        was_sent = change.sent > 0
        change.status = answer.status_code if answer is not None else 0
        if outcome is not Outcome.UNSENT:
            change.sent += 1
        if answer is not None and 400 <= answer.status_code < 500:
            outcome = Outcome.REFUSED
        if not was_sent or outcome is Outcome.ACKNOWLEDGED:
            change.outcome = outcome
        signs_in = answer is not None and answer.status_code == 302 and "sign-in" in answer.headers["location"]
        if change.status == 403 or signs_in:
            change.outcome = Outcome.UNKNOWN if was_sent else Outcome.REFUSED
            raise SignedOut(f"POST {path}")

    def acknowledge(self, change: Change, outcome: Outcome = Outcome.ACKNOWLEDGED) -> None:
        """The answer was read and says so."""
        change.outcome = outcome
        self.book.acknowledged += 1

    def work(self) -> None:
        """Write until it is over; whoever is signed out signs in again, and that is noted."""
        while not self.over.is_set():
            try:
                self.act()
            except SignedOut as where:
                self.book.problems.append(f"{self.account['email']} was signed out at {where}")
                self.sign_in()
            except TimeoutError as problem:
                self.book.problems.append(f"{self.account['email']}: {problem}")
            except Exception as problem:
                self.book.problems.append(f"{self.account['email']} stopped: {problem!r}")
                raise
            time.sleep(self.chance.uniform(0, 0.08))

    def act(self) -> None:
        """Do one thing."""
        raise NotImplementedError

    def step_on(self, record: Record) -> None:
        """Look where a record stands, and take one of the steps that the page offers."""
        path = f"/es/work/{record.public_id}/"
        page = self.page(path)
        if page is None:
            record.state = "hidden"  # not for this person now
            return
        record.state = page.states[0]
        offered = {fields["step"]: fields for fields in page.steps}
        if page.offers_new_version:
            offered["anew"] = {"csrfmiddlewaretoken": page.token}
        record.is_done = record.state in ("withdrawn", "not_suitable")
        names = [*offered, "none"]
        name = self.chance.choices(names, [LIKING.get(each, 0) for each in names])[0]
        if name == "anew":
            self._begin_anew(record, path, offered[name])
        elif name != "none":
            self._take(record, path, name, offered[name])

    def _take(self, record: Record, path: str, name: str, fields: dict[str, str]) -> None:
        change = self.book.new(name, record)
        answer = self._send(f"{path}step/", fields | {"reason": change.reason}, change)
        if answer is None or answer.status_code != 302:
            return
        # A step that was not taken leads to the same page, which says why.
        change.outcome = Outcome.UNKNOWN
        page = self.page(path)
        if page is None:
            return
        record.state = page.states[0]
        if "success" in page.messages:
            self.acknowledge(change)
        elif "error" in page.messages:
            change.outcome = Outcome.REFUSED

    def _begin_anew(self, record: Record, path: str, fields: dict[str, str]) -> None:
        change = self.book.new("anew", record)
        answer = self._send(f"{path}anew/", fields, change)
        if answer is None or answer.status_code != 302:
            return
        if "/edit/" in answer.headers["location"]:
            record.state = "draft"
            self.acknowledge(change)
        else:
            change.outcome = Outcome.REFUSED


class Writer(Person):
    """A focal point or a contributor: begins records, writes them, sends them on."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.records: list[Record] = []

    def act(self) -> None:
        """Begin a record, save a step of one, or take a step with one."""
        mine = [each for each in self.records if not each.is_done]
        if len(mine) < 2 or (len(mine) < MOST_RECORDS and self.chance.random() < 0.06):
            self._begin()
            return
        record = self.chance.choice(mine)
        if record.state == "draft" and self.chance.random() < 0.7:
            self._write(record, self.chance.choice(("what", "what", "where")), self.chance.random() < 0.5)
            return
        if record.state == "draft" and not self._is_ready(record):
            for part in ("what", "where"):
                self._write(record, part, False)
        self.step_on(record)

    def _is_ready(self, record: Record) -> bool:
        """Whether both steps are filled in, and the last was not just typed."""
        last = [self.book.of(record, part)[-1:] for part in ("what", "where")]
        return all(each and each[0].outcome is Outcome.ACKNOWLEDGED for each in last) and last[1][0].sort == "save"

    def _begin(self) -> None:
        page = self.page("/es/work/new/")
        change = self.book.new("begin")
        typed = {"kind": self.chance.choice(KINDS), "language": "es", "csrfmiddlewaretoken": page.token}
        answer = self._send("/es/work/new/", typed, change)
        if answer is None or answer.status_code != 302:
            return
        change.record = Record(re.search(r"es/work/([^/]+)/edit/", answer.headers["location"])[1])
        self.records.append(change.record)
        self.book.records.append(change.record)
        self.acknowledge(change)

    def _write(self, record: Record, part: str, is_typing: bool) -> None:
        """Save a step of the form. After a broken answer: the same again, or typed on, or the page opened anew."""
        path = f"/es/work/{record.public_id}/edit/{part}/"
        page = self.page(path)
        if page is None:
            record.state = "hidden"
            return
        change = None
        while True:
            change = change or self.book.new("typing" if is_typing else "save", record, part)
            typed = texts(part, change.number)
            typed |= {f"{name}-was": page.marks[f"{name}-was"] for name in typed}
            more = {"csrfmiddlewaretoken": page.token} | ({"passing": "yes"} if is_typing else {"go": "leave"})
            answer = self._send(path, typed | more, change)
            if answer is not None and answer.status_code < 500:
                self._read_answer(change, answer, f'name="{next(iter(typed))}-was"')
                return
            if self.over.is_set() or (what_next := self.chance.random()) < 0.2:
                return
            if what_next < 0.6 and change.outcome is not Outcome.UNSENT:
                change = None  # typed on: the next save holds another text and the marks that the page has
            time.sleep(self.chance.uniform(0.1, 0.5))

    def _read_answer(self, change: Change, answer: requests.Response, mark: str) -> None:
        """Whether the text was taken or set aside."""
        if answer.status_code == 422 and "record-form" in answer.text:  # saved, but something is to be mended
            self.acknowledge(change, Outcome.ASIDE if 'class="set-aside"' in answer.text else Outcome.ACKNOWLEDGED)
        elif change.outcome is Outcome.ACKNOWLEDGED:
            is_aside = change.sort == "typing" and mark not in answer.text
            self.acknowledge(change, Outcome.ASIDE if is_aside else Outcome.ACKNOWLEDGED)
        elif answer.status_code == 404:
            change.record.state = "hidden"


class Decider(Person):
    """An endorsing officer or the secretariat: takes steps with what others write."""

    def __init__(self, *arguments, states: dict[str, float]):
        super().__init__(*arguments)
        self.states = states  # in which she may have something to do -> how much she likes to

    def act(self) -> None:
        """Take a step with a record in one of the states."""
        known = [each for each in self.book.records if self.states.get(each.state)]
        if not known:
            time.sleep(0.1)
            return
        self.step_on(self.chance.choices(known, [self.states[each.state] for each in known])[0])


def texts(part: str, number: int) -> dict[str, str | list[str]]:
    """What is written into a step of the form: each field bears the number of the change."""
    if part == "what":
        return {
            "title": f"Registro de prueba, cambio {number}",
            "summary": "\n".join(f"Párrafo del cambio {number}.{SENTENCE}" for _ in range(1 + number % 40)),
        }
    return {
        "countries": ["SLV", "GTM"],
        "place": f"Un lugar, cambio {number}",
        "actor": f"Oficina de prueba, cambio {number}",
    }


def number_in(text: str | None) -> int | None:
    """The one number that a kept text bears; -1 when it bears several, so that it is of no change."""
    found = {int(each) for each in re.findall(r"cambio (\d+)", text or "")}
    if len(found) > 1:
        return -1
    return found.pop() if found else None


# The installation and its processes ---------------------------------------------------------------------------------


class Installation:
    """`minga up` on a home of its own."""

    def __init__(self, folder: Path, port: int):
        self.home, self.folder, self.port = Home((folder / "home").resolve()), folder, port
        self.process: subprocess.Popen | None = None
        self.starts = 0
        self.ends: Counter = Counter()  # what `minga up` said when it ended by itself -> how often
        self.orphans = 0  # processes that it left behind then
        foreign = ("DATABASE_URL", *(name for name in os.environ if name.startswith("MINGA_")))
        own = {"MINGA_HOME": str(self.home.folder), "MINGA_LOG_LEVEL": "ERROR", "PYTHONUNBUFFERED": "1"}
        self.environment = {name: value for name, value in os.environ.items() if name not in foreign} | own

    @property
    def address(self) -> str:
        """Where the site is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What `minga up` and its children wrote since the last start."""
        return self.folder / f"up-{self.starts}.log"

    def start(self) -> None:
        """Start `minga up` and wait until it says where it is.

        Raises:
            TimeoutError: it does not come.
        """
        self.starts += 1
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "minga.config.cli", "up", "--port", str(self.port)], cwd=CHECKOUT,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + START_PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            if "Minga is at" in self.log.read_text(errors="replace"):
                return
            time.sleep(0.1)
        raise TimeoutError(f"minga up does not start: {self._last_words()}")

    def start_again_if_ended(self) -> bool:
        """Start it again when it has ended by itself, as whoever watches over it would."""
        if self.process.poll() is None:
            return False
        self.ends[self._last_words()] += 1
        left = self._python_processes()
        _gone, alive = psutil.wait_procs(left, timeout=3)
        self.orphans += len(alive)
        kill(alive)
        for attempt in range(3):
            try:
                self.start()
                return True
            except TimeoutError:
                if attempt == 2:
                    raise
                kill([psutil.Process(self.process.pid)] if self.process.poll() is None else [])
                kill(self._python_processes())
        return True

    def _last_words(self) -> str:
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.startswith("minga: ")]
        return re.sub(r"\d{4,}", "N", lines[-1]) if lines else f"nothing; exit code {self.process.poll()}"

    def web(self) -> list[psutil.Process]:
        """The web process and, behind it, its worker."""
        parents = self._children("serve")
        return parents + [each for parent in parents for each in children(parent)]

    def worker(self) -> list[psutil.Process]:
        """The process that does the jobs."""
        return self._children("work")

    def server(self) -> list[psutil.Process]:
        """The postmaster and, behind it, its processes."""
        data = self.home.postgres / "data"
        try:
            postmaster = psutil.Process(int((data / "postmaster.pid").read_text().split("\n", 1)[0]))
            is_ours = postmaster.cmdline()[-2:] == ["-D", str(data)] and postmaster.status() != psutil.STATUS_ZOMBIE
        except (OSError, ValueError, psutil.Error):
            return []
        return [postmaster, *children(postmaster)] if is_ours else []

    @property
    def is_complete(self) -> bool:
        """Whether all parts are there again, though they may not answer yet."""
        return len(self.web()) > 1 and bool(self.worker()) and bool(self.server())

    def _children(self, word: str) -> list[psutil.Process]:
        with suppress(psutil.Error):
            return [each for each in children(psutil.Process(self.process.pid)) if word in words_of(each)]
        return []

    def _python_processes(self) -> list[psutil.Process]:
        """Those of Minga in this home, whoever started them."""
        found = []
        for each in psutil.process_iter():
            with suppress(psutil.Error):
                if "minga.config.cli" in each.cmdline() and each.environ().get("MINGA_HOME") == str(self.home.folder):
                    found.append(each)
        return found

    def run(self, *words: str) -> subprocess.CompletedProcess:
        """Run a command of Minga on this home."""
        return subprocess.run(
            [sys.executable, "-m", "minga.config.cli", *words], cwd=CHECKOUT, env=self.environment, text=True,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=START_PATIENCE,
        )  # fmt: skip

    def end(self) -> None:
        """End it politely, then kill whatever is left of this home."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
        kill(self._python_processes())
        kill(self.server())
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)


def words_of(process: psutil.Process) -> list[str]:
    """The words of a process's command; none when it is gone."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def children(process: psutil.Process) -> list[psutil.Process]:
    """The living children of a process."""
    try:
        return [each for each in process.children() if each.status() != psutil.STATUS_ZOMBIE]
    except psutil.Error:
        return []


def kill(processes: list[psutil.Process]) -> list[psutil.Process]:
    """SIGKILL, all at once; returns those that were alive."""
    hit = []
    for each in processes:
        with suppress(psutil.Error):  # psutil looks that the number was not given to another process
            each.kill()
            hit.append(each)
    psutil.wait_procs(hit, timeout=5)
    return hit


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# The killing --------------------------------------------------------------------------------------------------------


class Killer:
    """Sends SIGKILL to one part after another at random moments."""

    def __init__(self, installation: Installation, book: Book, chance: random.Random):
        self.installation, self.book, self.chance = installation, book, chance
        self.kills: Counter = Counter()  # (target, way) -> how many
        self.amid: Counter = Counter()  # target -> how many while a change was under way
        self.seconds = 0.0

    def go(self, number: int) -> None:
        """Kill so many times.

        Raises:
            TimeoutError: it takes much longer than it should.
        """
        begun = time.monotonic()
        until = begun + number * 8 + 300
        while self.kills.total() < number:
            if time.monotonic() > until:
                raise TimeoutError(f"Only {self.kills.total()} of {number} kills in the time for them.")
            if self.installation.start_again_if_ended():
                continue
            before = self.book.acknowledged
            target = self.chance.choice(list(WAYS))
            way = self.chance.choices(list(WAYS[target]), list(WAYS[target].values()))[0]
            victims = self._victims(target, way)
            under_way = self.book.under_way
            if not victims or not kill(victims):
                time.sleep(0.05)
                continue
            self.kills[target, way] += 1
            self.amid[target] += under_way > 0
            self._wait(before)
            self.seconds = time.monotonic() - begun
            if self.kills.total() % 20 == 0:
                print(f"  {self.kills.total()} kills, {self.book.acknowledged} changes acknowledged", flush=True)

    def _victims(self, target: str, way: str) -> list[psutil.Process]:
        if target == "worker":
            return self.installation.worker()
        found = self.installation.web() if target == "web" else self.installation.server()
        first, others = found[:1], found[1:]
        if way in ("parent and worker", "all of the server's"):
            return found
        if way in ("the parent alone", "the postmaster"):
            return first
        if target == "database":
            connected = [each for each in others if "[local]" in " ".join(words_of(each))]
            others = connected if way == "one connection's" else [each for each in others if each not in connected]
        return [self.chance.choice(others)] if others else []

    def _wait(self, before: int) -> None:
        """Until the recovery has begun, most often until somebody was answered again, and then a random while."""
        until = time.monotonic() + 12
        needs_answer = self.chance.random() < 0.6
        while time.monotonic() < until and self.installation.process.poll() is None:
            if self.installation.is_complete and (not needs_answer or self.book.acknowledged > before + 2):
                break
            time.sleep(0.05)
        time.sleep(self.chance.uniform(0.2, 1.5))


# What was kept ------------------------------------------------------------------------------------------------------

CHAIN = """
select r.public_id, v.number, v.state, t.name, t.from_state, t.to_state,
    lag(t.to_state, 1, '') over w as before, lead(t.id) over w is null as is_last
from registry_version v join registry_record r on r.id = v.record_id
left join registry_transition t on t.version_id = v.id
window w as (partition by v.id order by t.id)
"""
KEPT = """
select r.public_id, v.title, v.summary, v.details ->> 'place', coalesce(v.unread ->> 'actor', p.name_as_given),
    v.revision
from registry_version v join registry_record r on r.id = v.record_id
left join registry_participation p on p.version_id = v.id and p.role = 'lead'
order by r.public_id, v.number
"""
STEPS = """
select t.reason, t.name, r.public_id from registry_transition t
join registry_version v on v.id = t.version_id join registry_record r on r.id = v.record_id
where t.by_person is not null and t.name not in ('create', 'replace')
"""
TRAIL = """
select reason, substr(act, 8), substr(subject, 8) from audit_entry
where by_person is not null and act = any (%s)
"""
# What must not be found, each as one statement that returns what is wrong.
NEVER = {
    "more than one open version": """
        select r.public_id from registry_version v join registry_record r on r.id = v.record_id
        where v.state = any (%(open)s) group by 1 having count(*) > 1""",
    "more than one listed version": """
        select r.public_id from registry_version v join registry_record r on r.id = v.record_id
        where v.state = any (%(listed)s) group by 1 having count(*) > 1""",
    "a version number twice, or left out": """
        select r.public_id from registry_version v join registry_record r on r.id = v.record_id
        group by 1 having count(*) <> max(v.number) or count(distinct v.number) <> count(*)""",
    "a record without a version": """
        select public_id from registry_record r
        where not exists (select 1 from registry_version v where v.record_id = r.id)""",
    "an edit of no version, or of a revision to come": """
        select e.id::text from registry_edit e left join registry_version v on v.id = e.version_id
        where v.id is null or e.revision > v.revision""",
    "a step of no version": """
        select t.id::text from registry_transition t
        where not exists (select 1 from registry_version v where v.id = t.version_id)""",
    "a replacement without the publication": """
        select t.id::text from registry_transition t join registry_version v on v.id = t.version_id
        where t.name = 'replace' and not exists (
            select 1 from registry_transition o join registry_version w on w.id = o.version_id
            where o.name = 'publish' and w.record_id = v.record_id and w.id <> v.id and o.at = t.at)""",
    "published and not dated": """
        select v.id::text from registry_version v where v.listed_at is null and exists (
            select 1 from registry_transition t where t.version_id = v.id and t.to_state = any (%(listed)s))""",
    "submitted, and neither dated nor with a process": """
        select v.id::text from registry_version v
        where (v.submitted_at is null or v.process_id is null or v.moderators_needed is null) and exists (
            select 1 from registry_transition t where t.version_id = v.id and t.name = 'submit')""",
    "accepted, and the other country was not told": """
        select v.id::text from registry_version v
        where 'GTM' = any (v.places)
        and exists (select 1 from registry_transition t where t.version_id = v.id and t.name = 'accept')
        and not exists (select 1 from registry_reader r join actors_actor a on a.id = r.actor_id
            where r.version_id = v.id and a.country = 'GTM')""",
    "withdrawn, and the record does not say so": """
        select r.public_id from registry_record r where r.withdrawn_at is null and exists (
            select 1 from registry_version v join registry_transition t on t.version_id = v.id
            where v.record_id = r.id and t.name = 'withdraw')
        and not exists (select 1 from registry_version o where o.record_id = r.id and o.is_listed)""",
}  # fmt: skip


class Examination:
    """Compares the book with the database."""

    def __init__(self, book: Book, connection, lifecycle: dict[str, list[str]]):
        self.book, self.connection, self.lifecycle = book, connection, lifecycle
        self.problems: list[str] = []
        self.kept: Counter = Counter()  # (sort, outcome) -> changes that were found
        self.jobs: dict[str, int] = {}  # state -> how many
        self.kept_texts: dict[tuple[str, str], int | None] = {}  # (record, step of the form) -> number of the change

    def examine(self) -> None:
        """Look at everything."""
        self._read_texts()
        for look in (
            self._begun, self._texts, self._set_aside, self._steps, self._new_versions, self._trail, self._chains,
            self._never,
        ):  # fmt: skip
            look()

    def _ask(self, question: str, values: object = None) -> list[tuple]:
        return self.connection.execute(question, values).fetchall()

    def _read_texts(self) -> None:
        self.revisions: Counter = Counter()
        self.versions: Counter = Counter()
        for public_id, title, summary, place, actor, revision in self._ask(KEPT):
            self.revisions[public_id] += revision
            self.versions[public_id] += 1
            numbers = [number_in(each) for each in (title, summary, place, actor)]
            for part, one, other in (("what", *numbers[:2]), ("where", *numbers[2:])):
                if one != other or one == -1:
                    self.problems.append(f"half a save of “{part}” in {public_id}: {one} beside {other}")
                self.kept_texts[public_id, part] = one  # the newest version comes last

    def _begun(self) -> None:
        begun = [each for each in self.book.changes if each.sort == "begin"]
        for change in begun:
            if change.outcome is Outcome.ACKNOWLEDGED and not self.versions[change.record.public_id]:
                self.problems.append(f"the record {change.record.public_id} was begun and is not there")
            elif change.outcome is Outcome.ACKNOWLEDGED:
                self.kept["begin", Outcome.ACKNOWLEDGED] += 1
        known = {each.public_id for each in self.book.records}
        found = {name for (name,) in self._ask(
            "select r.public_id from registry_record r join registry_version v on v.record_id = r.id"
            " join registry_transition t on t.version_id = v.id"
            " where t.name = 'create' and v.number = 1 and t.by_person is not null")}  # fmt: skip
        unknown = sum(each.outcome is Outcome.UNKNOWN for each in begun)
        self.kept["begin", Outcome.UNKNOWN] = len(found - known)
        if len(found - known) > unknown:
            self.problems.append(f"{len(found - known)} records are there that nobody knows of; {unknown} may be")

    def _texts(self) -> None:
        """The text of a record is the one acknowledged last, or one sent after it whose answer was lost."""
        for record in self.book.records:
            taken = 0
            for part in ("what", "where"):
                changes = self.book.of(record, part)
                taken += sum(each.outcome is Outcome.ACKNOWLEDGED for each in changes)
                self._text(record, part, changes)
            counted = self.revisions[record.public_id]
            if counted < taken:
                self.problems.append(
                    f"{record.public_id}: {taken} saves acknowledged, by its revisions there were {counted}"
                )

    def _text(self, record: Record, part: str, changes: list[Change]) -> None:
        kept = self.kept_texts.get((record.public_id, part))
        last = max((each.number for each in changes if each.outcome is Outcome.ACKNOWLEDGED), default=None)
        after = {each.number for each in changes if each.outcome is Outcome.UNKNOWN and each.number > (last or 0)}
        if kept != last and kept not in after:
            told = ", ".join(f"{each.number} {each.sort} {each.outcome} ({each.status})" for each in changes[-8:])
            self.problems.append(
                f"{record.public_id}, “{part}”: change {kept} is kept, {last} was acknowledged last; sent were: {told}"
            )
            return
        for each in changes:
            if each.outcome is Outcome.ACKNOWLEDGED or each.number == kept:
                self.kept[each.sort, each.outcome] += 1

    def _set_aside(self) -> None:
        """What was said to be set aside is there to be read."""
        found = defaultdict(set)
        for public_id, name, value in self._ask(
            "select r.public_id, e.field, e.value #>> '{}' from registry_edit e join registry_version v"
            " on v.id = e.version_id join registry_record r on r.id = v.record_id where e.is_set_aside"
        ):
            found[public_id, name].add(number_in(value))
        for each in self.book.changes:
            names = {"what": ("title", "summary"), "where": ("place", "actor")}.get(each.part, ())
            if each.outcome is not Outcome.ASIDE:
                continue
            if all(each.number in found[each.record.public_id, name] for name in names):
                self.kept[each.sort, Outcome.ASIDE] += 1
            else:
                self.problems.append(f"{each.record.public_id}: change {each.number} was set aside and is not there")

    def _taken(self) -> list[Change]:
        return [each for each in self.book.changes if each.sort in self.lifecycle["steps"]]

    def _steps(self) -> None:
        """Each acknowledged step is there once, each refused one not at all."""
        found = Counter(self._ask(STEPS))
        for each in self._taken():
            number = found[each.reason, each.sort, each.record.public_id]
            least = int(each.outcome is Outcome.ACKNOWLEDGED)
            most = int(each.outcome in (Outcome.ACKNOWLEDGED, Outcome.UNKNOWN))
            if not least <= number <= most:
                what = f"{each.record.public_id}: “{each.sort}” {each.number}"
                self.problems.append(f"{what} was {each.outcome}, and is there {number} times")
            self.kept[each.sort, each.outcome] += number
        sent = {(each.reason, each.sort, each.record.public_id) for each in self._taken()}
        self.problems += [f"a step that nobody took: {each}" for each in found if each not in sent]

    def _new_versions(self) -> None:
        outcomes = defaultdict(Counter)
        for each in self.book.changes:
            if each.sort == "anew":
                outcomes[each.record.public_id][each.outcome] += 1
        for record in self.book.records:
            more = self.versions[record.public_id] - 1
            known = outcomes[record.public_id]
            least = known[Outcome.ACKNOWLEDGED]
            if not least <= more <= least + known[Outcome.UNKNOWN]:
                self.problems.append(f"{record.public_id}: {more} new versions, begun were {dict(known)}")
            self.kept["anew", Outcome.ACKNOWLEDGED] += min(more, least)
            self.kept["anew", Outcome.UNKNOWN] += max(0, more - least)

    def _trail(self) -> None:
        """Each step that a person took stands in the trail once, and nothing else does."""
        acts = [f"record.{name}" for name in self.lifecycle["steps"]]
        steps, trail = Counter(self._ask(STEPS)), Counter(self._ask(TRAIL, [acts]))
        self.problems += [f"a step that is not in the trail: {each}" for each in (steps - trail).elements()]
        self.problems += [f"in the trail, and not taken: {each}" for each in (trail - steps).elements()]

    def _chains(self) -> None:
        """Each step begins where the one before it ended, and the version is where the last one ended."""
        for public_id, number, state, name, source, target, before, is_last in self._ask(CHAIN):
            where = f"{public_id}, version {number}"
            if name is None:
                self.problems.append(f"{where}: no step at all")
            elif source != before:
                self.problems.append(f"{where}: “{name}” from {source or 'nothing'}, which was {before or 'nothing'}")
            elif is_last and target != state:
                self.problems.append(f"{where}: it is {state}, its last step led to {target}")

    def _never(self) -> None:
        for what, question in NEVER.items():
            found = [
                each for (each,) in self._ask(question, {name: self.lifecycle[name] for name in ("open", "listed")})
            ]
            if found:
                self.problems.append(f"{what}: {', '.join(found[:10])}{' …' if len(found) > 10 else ''}")


def lifecycle() -> dict[str, list[str]]:
    """The states and steps of this version."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.config.settings")
    from minga.registry.lifecycle import LISTED, OPEN, STEPS

    return {"open": [*map(str, OPEN)], "listed": [*map(str, LISTED)], "steps": list(STEPS)}


def examine(installation: Installation, book: Book) -> Examination:
    """Compare, as the role that may read everything."""
    with Database(installation.home).connect("backup", connect_timeout=10) as connection:
        examination = Examination(book, connection, lifecycle())
        examination.examine()
        examination.jobs = jobs = wait_for_jobs(connection)
    if jobs.get("doing"):
        examination.problems.append(f"{jobs['doing']} jobs that nobody does any more")
    done = installation.run("doctor", "--json")
    for finding in json.loads(done.stdout or "[]"):
        if not finding["is_well"]:
            examination.problems.append(f"minga doctor: {finding['text']} {finding['remedy']}")
    if done.returncode:
        examination.problems.append(f"minga doctor ends with {done.returncode}: {done.stderr[-300:]}")
    return examination


def wait_for_jobs(connection) -> dict[str, int]:
    """How many jobs are in which state, once those of killed workers were taken over (fifteen seconds and more).

    A job whose worker gives signs of life is done by somebody, however long it takes (vectors of all that was written).
    """
    until = time.monotonic() + 60
    while True:
        connection.rollback()
        jobs = dict(connection.execute(JOBS).fetchall())
        if not jobs.get("doing") or time.monotonic() > until:
            return jobs
        time.sleep(1)


JOBS = """
select case when j.status = 'doing' and w.last_heartbeat > now() - interval '30 seconds' then 'under way'
       else j.status::text end, count(*)
from procrastinate_jobs j left join procrastinate_workers w on w.id = j.worker_id group by 1
"""


# All of it together -------------------------------------------------------------------------------------------------


def people(installation: Installation, book: Book, over: threading.Event, chance: random.Random) -> list[Person]:
    """All who write, signed in."""
    known = json.loads((installation.home.folder / "demonstration.json").read_text())
    accounts = {
        email.split("@")[0]: {"email": email, "password": secret["password"], "codes": Codes(secret["key"])}
        for email, secret in known.items()
    }

    def rest(role: str) -> tuple:
        return installation.address, accounts[role], book, over, random.Random(chance.random())

    endorser = Decider(*rest("endorser"), states={"to_endorse": 6, "draft": 0.5, "endorsed": 1})
    at_work = {"submitted": 5, "in_moderation": 5, "accepted": 5, "published": 0.02, "archived": 0.02}
    secretariat = Decider(*rest("secretariat"), states=at_work)
    everybody = [*(Writer(*rest(role)) for role in WRITERS), endorser, secretariat]
    for person in everybody:
        person.sign_in()
    return everybody


def let_secretariat_decide(installation: Installation) -> None:
    """Without moderators, so that records come to their end quickly."""
    with Database(installation.home).connect("owner", connect_timeout=10) as connection:
        connection.execute("update registry_rules set moderators_needed = 0")


def run(installation: Installation, number: int, seed: int) -> tuple[Book, Killer, Examination]:
    """Write and kill, let everything settle, and compare."""
    chance, book, over = random.Random(seed), Book(), threading.Event()
    installation.start()
    let_secretariat_decide(installation)
    everybody = people(installation, book, over, chance)
    threads = [threading.Thread(target=person.work, daemon=True) for person in everybody]
    for thread in threads:
        thread.start()
    killer = Killer(installation, book, chance)
    try:
        wait_until(lambda: book.acknowledged > 40, 60)
        try:
            killer.go(number)
        except TimeoutError as problem:
            book.problems.append(str(problem))
        settle(installation, book)
    finally:
        over.set()
    for thread in threads:
        thread.join(START_PATIENCE + 2 * PATIENCE)
        if thread.is_alive():
            book.problems.append("somebody waits for an answer and waits")
    return book, killer, examine(installation, book)


def settle(installation: Installation, book: Book) -> None:
    """Until everything is up again and people are answered."""
    before, until = book.acknowledged, time.monotonic() + START_PATIENCE
    while time.monotonic() < until:
        if not installation.start_again_if_ended() and installation.is_complete and book.acknowledged > before + 20:
            return
        time.sleep(0.2)
    book.problems.append("after the last kill the site does not come back")


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    """Wait for something, for so long at most."""
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.1)


def report(installation: Installation, book: Book, killer: Killer, examination: Examination) -> None:
    """Print what was killed, sent, acknowledged and kept."""
    print(f"\n{'killed':10} {'of it':22} {'times':>6}")
    for target, ways in WAYS.items():
        for way in ways:
            print(f"{target:10} {way:22} {killer.kills[target, way]:6}")
        total = sum(killer.kills[target, way] for way in ways)
        print(f"{target:10} {'in all':22} {total:6}   (a change was under way at {killer.amid[target]})")
    told = "; ".join(f"{number} × “{words}”" for words, number in installation.ends.most_common())
    print(f"minga up ended by itself and was started again: {installation.ends.total()} times. {told}")
    print(f"processes that it left behind then: {installation.orphans}")
    print(f"answers that something failed: {in_words(book.answers)}; the killing took {killer.seconds:.0f} s\n")
    heads = ("change", "asked", "sent", "acknowl.", "kept", "aside", "kept", "refused", "unknown", "kept", "unsent")
    print(f"{heads[0]:16} " + " ".join(f"{each:>8}" for each in heads[1:]))
    order = ["begin", "save", "typing", *LIKING]
    sorts = sorted({each.sort for each in book.changes}, key=order.index)
    totals = [0] * (len(heads) - 1)
    for sort in sorts:
        row = row_of(sort, book, examination)
        totals = [one + other for one, other in zip(totals, row, strict=True)]
        print(f"{sort:16} " + " ".join(f"{each:8}" for each in row))
    print(f"{'all':16} " + " ".join(f"{each:8}" for each in totals))
    states = Counter(each.state for each in book.records)
    print("Kept, for saves: the record's text is that of the last one acknowledged, or of one sent after it.")
    print(f"\n{len(book.records)} records: {in_words(states)}. Jobs of the worker: {in_words(examination.jobs)}.")


def in_words(numbers: dict) -> str:
    """Numbers by what they are of."""
    return ", ".join(f"{number} {what}" for what, number in sorted(numbers.items())) or "none"


def row_of(sort: str, book: Book, examination: Examination) -> list[int]:
    """The figures of one sort of change."""
    changes = [each for each in book.changes if each.sort == sort]
    told = Counter(each.outcome for each in changes)
    kept = {outcome: examination.kept[sort, outcome] for outcome in Outcome}
    return [
        len(changes), sum(each.sent for each in changes), told[Outcome.ACKNOWLEDGED], kept[Outcome.ACKNOWLEDGED],
        told[Outcome.ASIDE], kept[Outcome.ASIDE], told[Outcome.REFUSED], told[Outcome.UNKNOWN],
        kept[Outcome.UNKNOWN], told[Outcome.UNSENT],
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--keep", action="store_true", help="leave the folder for a look")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="minga-kills-"))
    folder.chmod(0o711)
    installation = Installation(folder, free_port())
    try:
        print(f"{arguments.kills} kills, seed {arguments.seed}, in {folder}", flush=True)
        book, killer, examination = run(installation, arguments.kills, arguments.seed)
        report(installation, book, killer, examination)
        problems = book.problems + examination.problems
    except (InstallationProblem, TimeoutError) as problem:
        problems = [str(problem)]
    except KeyboardInterrupt:
        problems = ["it was ended before it was through"]
    finally:
        installation.end()
        if not arguments.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{time.monotonic() - begun:.0f} seconds")
    for each in problems[:60]:
        print(f"VIOLATION: {each}")
    well = "Nothing acknowledged was lost, and nothing is there by half."
    print(f"{len(problems)} violations." if problems else well)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
