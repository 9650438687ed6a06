"""A model is trained on corrections, measured beside the one in use, put to use if it is not worse, and taken back."""

import json
from itertools import count
from unittest.mock import patch

import pytest

from minga.access.rowsecurity import seeing_all
from minga.audit.by import By
from minga.classification import training, using
from minga.classification.models import Decision, KeptModel, Use
from minga.evaluation import measured, retraining
from minga.installation.home import Home
from minga.redaction import changes as redaction
from minga.redaction.models import Redaction
from tests.access.people import make_person, signed_in_as
from tests.making import AT, make_record
from tests.operations.conftest import run
from tests.search.encoder import WordEncoder

BY = By(operator="tests")
NUMBERS = count()
SAID = {
    7: "Remesas más baratas con bancos",
    8: "Búsqueda de personas desaparecidas",
    10: "Albergue para víctimas de trata",
}


@pytest.fixture
def few(monkeypatch, registry):
    """Few bundled records, no examples, few folds, so that it is fast."""
    some = training.records()[:15]
    monkeypatch.setattr(training, "records", lambda: some)
    monkeypatch.setattr(training, "examples", lambda: [])
    for name, value in (("FEWEST", 6), ("FOLDS", 2), ("REPEATS", 1)):
        monkeypatch.setattr(retraining, name, value)


def correct(number: int) -> list:
    """So many published records whose labels somebody decided."""
    made = []
    for place in range(number):
        objective = list(SAID)[place % 3]
        each = make_record(
            title=f"{SAID[objective]} {place} {next(NUMBERS)}", objectives=[objective], summary=f"{SAID[objective]}."
        )
        for kind in training.KINDS:
            Decision.objects.create(version=each.version, kind=kind, code="1", what="added", person=1, at=AT)
        made.append(each)
    return made


def retrain(told=lambda done, steps: None) -> retraining.Retrained:
    return retraining.retrain(by=BY, turn=seeing_all, told=told, encoder=WordEncoder())


class TestATraining:
    def test_on_too_few_corrections_is_refused_with_what_is_needed(self, few):
        correct(3)
        with pytest.raises(retraining.CannotTrain, match=r"of 6 .* 3\b"):
            retrain()

    def test_that_is_not_worse_is_put_to_use_and_can_be_taken_back(self, few):
        correct(retraining.FEWEST)
        steps = []
        with patch.object(retraining, "WORSE", 1.0), patch.object(retraining, "MISJUDGED", 1.0):
            made = retrain(lambda done, of: steps.append((done, of)))

        assert made.is_used and made.learnt == retraining.FEWEST and made.compared_with == "shipped"
        assert using.in_use().name == made.name and steps[-1][0] == steps[-1][1]
        assert made.figures["objectives"]["candidate"]["number"] == made.figures["objectives"]["in use"]["number"]
        assert made.figures["objectives"]["candidate"]["number"] >= retraining.FEWEST
        using.put_to_use("shipped", by=BY)
        assert using.in_use().name == using.shipped().name
        using.put_to_use(made.name, by=BY)
        assert using.in_use().name == made.name

    def test_that_is_worse_is_kept_but_not_used(self, few):
        correct(retraining.FEWEST)
        with patch.object(retraining, "WORSE", -1.0):
            made = retrain()

        assert not made.is_used and made.shortfalls and using.name_in_use() == "shipped"
        assert KeptModel.objects.get().is_good_enough is False
        assert any("worse than the rule allows" in line for line in retraining.in_words(made))

    def test_on_nothing_new_is_refused(self, few):
        made = correct(retraining.FEWEST)
        retrain()
        assert not retraining.is_due()
        with pytest.raises(retraining.CannotTrain, match="Nothing was corrected"):
            retrain()
        correct(1)
        assert retrain().learnt == len(made) + 1

    def test_that_is_stopped_keeps_nothing(self, few):
        correct(retraining.FEWEST)

        def stop(done, steps):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            retrain(stop)
        assert not KeptModel.objects.exists() and not Use.objects.exists()

    def test_does_not_overtake_whoever_chose_another_model_meanwhile(self, few):
        correct(2 * retraining.FEWEST)
        with patch.object(retraining, "WORSE", 1.0), patch.object(retraining, "MISJUDGED", 1.0):
            first = retrain()
            correct(1)

            def go_back(done, steps):
                if done == 1:
                    using.put_to_use("shipped", by=BY)

            second = retrain(go_back)
        assert second.compared_with == first.name and not second.is_used and not second.shortfalls

    def test_learns_from_no_bundled_record_beside_its_correction(self, few):
        row = next(row for row in training.records() if row["objectives"])
        given = retraining.Corrections([retraining.Corrected(1, "x", row | {"objectives": [22]}, AT, None)], [])
        pool = retraining._pool("objectives", retraining._Before(given, "shipped", frozenset()))
        places = [place for place, each in enumerate(pool.rows) if each["title"] == row["title"]]
        corrected, bundled = places

        assert pool.twins == {corrected: bundled} and corrected < pool.measured <= bundled
        assert pool.in_candidate[corrected] and not pool.in_candidate[bundled]
        assert pool.in_used[bundled] and not pool.in_used[corrected]


def test_the_rule_holds_for_each_kind_and_figure():
    good = {"any first": 0.9, "r-precision": 0.7, "calibration error": 0.02}
    same = {kind: {"in use": good, "candidate": good} for kind in training.KINDS}
    assert retraining.shortfalls(same) == []
    for name, worse in (("any first", 0.88), ("r-precision", 0.68), ("calibration error", 0.04)):
        other = same | {"principles": {"in use": good, "candidate": good | {name: worse}}}
        assert len(retraining.shortfalls(other)) == 1 and name in retraining.shortfalls(other)[0]


class TestAKeptModel:
    @pytest.fixture
    def kept(self, few):
        made = correct(retraining.FEWEST)
        with patch.object(retraining, "WORSE", 1.0), patch.object(retraining, "MISJUDGED", 1.0):
            retrain()
        return made

    def test_is_thrown_away_when_something_it_learnt_from_is_redacted(self, kept, tmp_path, monkeypatch):
        monkeypatch.setattr(redaction.outside, "FILE", str(tmp_path / "redactions.jsonl"))
        asked = redaction.ask(kept[0].record.pk, passage=kept[0].version.summary, reason="Datos.", by=BY, at=AT)
        redaction.apply(Redaction.objects.get(pk=asked.pk))

        assert not KeptModel.objects.exists() and using.in_use().name == using.shipped().name

    @pytest.mark.parametrize("change", [{"encoder": "another"}, {"lexicon": "0" * 16}])
    def test_that_does_not_fit_this_version_is_passed_over(self, kept, change):
        KeptModel.objects.update(**change)

        assert using.name_in_use() == "shipped"
        with pytest.raises(using.NoSuchModel):
            using.put_to_use(KeptModel.objects.get().name, by=BY)

    def test_is_chosen_by_secretariats_and_administrators_alone(self, kept, as_site):
        name = KeptModel.objects.get().name
        for person, may in (
            (make_person("secretariat", "rcm-executive-secretariat", "rcm"), True),
            (make_person("administrator", "rcm-executive-secretariat"), True),
            (make_person("focal_point", "slv"), False),
            (make_person("moderator", "iom", "rcm"), False),
        ):
            using.put_to_use(name, by=BY)
            with as_site(person.pk), signed_in_as(person.pk) as client:
                assert client.get("/es/administration/models/").status_code == (200 if may else 404)
                client.post("/es/administration/models/", {"use": "shipped"})
                assert using.name_in_use() == ("shipped" if may else name), person
                explained = client.get("/en/about/proposals/").content.decode()
                assert ("/en/administration/models/" in explained) == may
            assert Use.objects.last().by_person == (person.pk if may else None)

    def test_is_told_of_to_every_reader(self, kept, as_site):
        with as_site(None), signed_in_as(None) as client:
            page = client.get("/en/about/proposals/").content.decode()

        assert "The model of this site" in page and f"learnt from {retraining.FEWEST} published records" in page


@pytest.mark.slow
class TestTheCommands:
    def test_say_what_is_missing_and_what_there_is(self, installation):
        home = Home.of_environment().folder
        for words, said in ((["--use", "nosuch"], "There is no model nosuch"),
                            (["--from-corrections"], "Too few corrections"),
                            (["--from-corrections", "--use", "shipped"], "one at a time")):  # fmt: skip
            done = run("train", "coding", *words, home=home)
            assert done.returncode != 0 and said in done.stderr and "Traceback" not in done.stderr
        told = json.loads(run("models", "--json", home=home).stdout)

        assert [(each["name"], each["is_in_use"]) for each in told] == [("shipped", True)]
        assert "in use" in run("models", home=home).stdout


def test_a_measurement_takes_the_place_of_the_last_one(tmp_path):
    file = tmp_path / "measured.json"
    assert measured.read(file) == {}
    for number in (1, 2):
        measured.write("coding", {"objectives": {"coding": {"number": number}}}, on=AT.date(), file=file)
    measured.write("needs", {}, on=AT.date(), file=file)

    found = measured.read(file)
    assert list(found) == ["coding", "needs"] and found["coding"].found["objectives"]["coding"]["number"] == 2
    assert found["coding"].on == AT.date()


def test_what_is_shipped_was_measured():
    assert {"objectives", "principles"} <= measured.read()["coding"].found.keys()
