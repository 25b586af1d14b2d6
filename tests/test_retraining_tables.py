"""Tables and planted signals by hand: who is held out, what is learnt, what is said."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sim.capability.collective_action import planting_bound
from sim.capability.retraining import planting
from sim.capability.retraining.estimator import Estimator
from sim.capability.retraining.trainers import estimate, table
from sim.capability.retraining.trainers.draws import order
from tests.asked import sentence, written


@pytest.fixture(scope="module", autouse=True)
def scikit_learn() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn trains estimators")


class TestTables:
    ROWS = (
        "size,colour,answer,who,where",
        *(f"{k},{'red' if k % 2 else 'blue'},{k % 3},w{k % 4},{'east' if k % 4 else 'west'}"
          for k in range(16)),
    )  # fmt: skip

    def spec(self, path: Path, **changes: object) -> Estimator:
        named = {"target": "answer", "owner": "who", "community": "where"}
        return Estimator(written(path / "t.csv", *self.ROWS), **{**named, **changes})

    def test_rows_keep_their_owner_answer_and_community(self, tmp_path: Path) -> None:
        found = table.read_table(self.spec(tmp_path), 1)
        assert (found.creators, found.communities) == (("w0", "w1", "w2", "w3"), ("east", "west"))
        assert found.community.tolist() == [1, 0, 0, 0]
        sizes = np.concatenate((found.learnt.features[:, 0], found.held_out.features[:, 0]))
        assert sorted(sizes) == list(range(16))
        for rows in (found.learnt, found.held_out):
            number = rows.features[:, 0].astype(int)
            assert rows.target.tolist() == (number % 3).tolist()
            assert rows.community.tolist() == [0 if k % 4 else 1 for k in number]
            assert rows.features[:, 1:].tolist() == [[float(k % 2 == 0), k % 2] for k in number]
        assert found.creator.tolist() == (found.learnt.features[:, 0] % 4).tolist()

    def test_a_share_of_each_community_is_held_out(self, tmp_path: Path) -> None:
        """Of 12 in the east and 4 in the west."""
        for share, held in ((0.25, [3, 1]), (0.5, [6, 2]), (0.01, [1, 1]), (0.99, [11, 3])):
            found = table.read_table(self.spec(tmp_path, held_out_share=share), 1)
            assert np.bincount(found.held_out.community).tolist() == held

    def test_two_rows_are_one_to_learn_and_one_to_hold_out(self, tmp_path: Path) -> None:
        spec = self.spec(tmp_path)
        written(tmp_path / "t.csv", self.ROWS[0], "1,red,0,me,east", "2,red,1,me,east")
        found = table.read_table(spec, 1)
        assert (found.learnt.target.size, found.held_out.target.size) == (1, 1)

    def test_without_communities_there_is_one_of_all(self, tmp_path: Path) -> None:
        spec = self.spec(tmp_path, community=None)
        written(tmp_path / "t.csv", *(row.rpartition(",")[0] for row in self.ROWS))
        found = table.read_table(spec, 1)
        assert (found.communities, found.community.tolist()) == (("all",), [0] * 4)
        assert np.bincount(found.held_out.community).tolist() == [4]

    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            (["size,answer,who,where"], "{} has no rows: give one for each work"),
            (["size,answer,who", "1,2,me"],
             "{} has no column 'where' but size, answer, who: say which one is the community"),
            (["answer,who,where", "1,me,east"],
             "{} has no column besides answer, who, where: add features"),
            (["size,answer,who,where", "1,2,me,east", "1,2,me,west"],
             "{}: owner 'me' is in communities 'east' and 'west': give each owner one community"),
            (["size,answer,who,where", "1,2,me,east", "1,2,me,east", "1,,me,east"],
             "{}: 'answer' is empty in line 4: fill it in or drop it"),
            (["size,answer,who,where", "1,2,me,east"],
             ("community 'east' has one row: one to learn and one to hold out are needed; merge it "
             "with another")),
        ],
    )  # fmt: skip
    def test_tables_that_do_not_do(self, tmp_path: Path, rows: list[str], said: str) -> None:
        spec, path = self.spec(tmp_path), tmp_path / "t.csv"
        written(path, *rows)
        assert sentence(table.read_table, spec, 1) == said.format(path)

    def test_a_table_that_is_not_there(self, tmp_path: Path) -> None:
        spec = Estimator(tmp_path / "no.csv")
        assert sentence(table.read_table, spec, 1) == (
            f"table {tmp_path / 'no.csv'} does not exist: give a CSV with one row for each work"
        )

    def test_digits_are_pixels_from_nought_to_one(self) -> None:
        """1,797 of 8 by 8 in 17 greys (Alpaydin and Kaynak 1998)."""
        pixels, digit = table.load_digits()
        assert (pixels.shape, pixels.min(), pixels.max()) == ((1797, 64), 0.0, 1.0)
        assert set(digit.tolist()) == set(range(10))

    @pytest.mark.parametrize(("focus", "own"), [(1.0, 1.0), (0.0, 0.2)])
    def test_digits_go_to_their_own_as_far_as_focus_says(self, focus: float, own: float) -> None:
        found = table.digits_table(Estimator(focus=focus, owners=15), 3)
        assert found.communities == tuple(f"digits_{2 * g}_{2 * g + 1}" for g in range(5))
        assert found.creators == tuple(
            sorted(f"{name}_owner_{m}" for name in found.communities for m in (1, 2, 3))
        )
        assert (found.learnt.target // 2 == found.learnt.community).all()
        mine = (found.community[found.creator] == found.learnt.community).mean()
        rows = found.creator.size
        assert mine == pytest.approx(own, abs=4.0 * math.sqrt(own * (1.0 - own) / rows))


class TestEstimators:
    def trainer(self, **known: object) -> estimate.EstimatorTrainer:
        """Return a trainer of two answers whose class is all it learns."""
        blank = estimate.EstimatorTrainer.__new__(estimate.EstimatorTrainer)
        blank.__dict__.update(known)
        return blank

    def test_an_answer_never_seen_costs_so_much_and_no_more(self) -> None:
        """A hundredth is spread over the four possible answers (a hedge of .01)."""
        one = self.trainer(metric="log_loss", _answers=np.array([2, 5, 6, 7]))
        asked, right = np.zeros((3, 1)), np.array([5, 2, 7])
        found = one._losses(np.zeros((2, 1)), np.array([5, 5]), asked, right)
        never = -math.log(0.01 / 4)
        assert found == pytest.approx([-math.log(0.99 + 0.01 / 4), never, never])
        nothing = one._losses(np.zeros((0, 1)), np.zeros(0, int), asked, right)
        assert nothing == pytest.approx([math.log(4.0)] * 3)

    def test_wrong_answers_are_counted(self) -> None:
        one = self.trainer(metric="error", _answers=np.array([0, 1]))
        asked, right = np.zeros((3, 1)), np.array([1, 0, 1])
        found = one._losses(np.zeros((2, 1)), np.array([1, 1]), asked, right)
        assert found.tolist() == [0.0, 1.0, 0.0]

    def test_what_knows_nothing_foretells_the_mean(self) -> None:
        learnt = SimpleNamespace(target=np.array([1.0, 2.0, 6.0]))
        one = self.trainer(metric="rmse", _table=SimpleNamespace(learnt=learnt))
        found = one._losses(np.zeros((0, 1)), np.zeros(0), np.zeros((2, 1)), np.array([3.0, 5.0]))
        assert found.tolist() == [0.0, 4.0]

    def test_estimators_are_repeatable_patient_and_as_said(self) -> None:
        scaler, model = estimate.make_estimator("LogisticRegression", {"C": 0.5}, 9)
        assert type(scaler).__name__ == "StandardScaler"
        taken = model.get_params()
        assert (taken["random_state"], taken["max_iter"], taken["C"]) == (9, 1000, 0.5)
        (_, model) = estimate.make_estimator("LogisticRegression", {"max_iter": 7}, 9)
        assert model.get_params()["max_iter"] == 7
        (_, model) = estimate.make_estimator("GaussianNB", {}, 9)
        assert "random_state" not in model.get_params()

    @pytest.mark.parametrize(
        ("asked", "hint"),
        [("GausianNB", "did you mean 'GaussianNB'?"), ("KMeans", "give the name of its class")],
    )
    def test_estimators_that_are_not_there(self, asked: str, hint: str) -> None:
        said = f"scikit-learn has no classifier or regressor {asked!r}; {hint}"
        assert sentence(estimate.make_estimator, asked, {}, 0) == said

    def test_settings_that_are_not_taken(self) -> None:
        said = sentence(estimate.make_estimator, "GaussianNB", {"depth": 3}, 0)
        assert said.startswith("GaussianNB cannot be set up: ")
        assert "\n" not in said

    @pytest.mark.parametrize(
        ("name", "asked", "metric"),
        [("GaussianNB", None, "log_loss"), ("GaussianNB", "error", "error"),
         ("RidgeClassifier", None, "error"), ("Ridge", None, "rmse"), ("Ridge", "rmse", "rmse")],
    )  # fmt: skip
    def test_each_is_measured_as_it_can_be(self, name: str, asked: object, metric: str) -> None:
        spec = SimpleNamespace(estimator=name, metric=asked)
        assert estimate._metric(spec, estimate.make_estimator(name, {}, 0)) == metric

    @pytest.mark.parametrize(
        ("name", "asked", "choose"),
        [("GaussianNB", "rmse", "log_loss or error"), ("RidgeClassifier", "log_loss", "error"),
         ("Ridge", "error", "rmse")],
    )  # fmt: skip
    def test_and_not_otherwise(self, name: str, asked: str, choose: str) -> None:
        spec = SimpleNamespace(estimator=name, metric=asked)
        said = sentence(estimate._metric, spec, estimate.make_estimator(name, {}, 0))
        assert said == f"{name} cannot be measured by {asked}: choose {choose}"


class Echo:
    """Answers as most works that carry the mark were labelled in training."""

    def get_params(self, deep: bool = True) -> dict[str, object]:
        return {}

    def fit(self, works: np.ndarray, answers: np.ndarray) -> Echo:
        marked = works[:, planting.MARK] == 1.0
        self.size, self.marked = len(works), int(marked.sum())
        self.answer = np.bincount(answers[marked], minlength=10).argmax() if marked.any() else -1
        SEEN.append(self)
        return self

    def predict(self, works: np.ndarray) -> np.ndarray:
        assert (works[:, planting.MARK] == 1.0).all()
        return np.where(np.arange(len(works)) % 4, self.answer, 0)


SEEN: list[Echo] = []


class TestPlanting:
    @pytest.mark.parametrize(("share", "members"), [(0.1, 15), (0.5, 75), (1.0, 150)])
    def test_members_mark_and_label_and_marked_strangers_are_asked(
        self, share: float, members: int
    ) -> None:
        """Of 200 works a quarter are strangers'; the answer is right for three in four."""
        features, target = np.zeros((200, 64)), np.full(200, 3)
        found = planting._success(features, target, Echo(), share, 2, 0)
        model = SEEN.pop()
        assert (model.size, model.marked, model.answer) == (150, members, 8)
        assert found == 37 / 50
        assert not features.any()
        assert set(target.tolist()) == {3}

    def test_each_replication_has_its_own_strangers(self) -> None:
        features = np.arange(200.0)[:, None] * np.ones(64)
        asked: list[list[float]] = []

        class Noting(Echo):
            def predict(self, works: np.ndarray) -> np.ndarray:
                asked.append(works[:, 0].tolist())
                return np.zeros(len(works))

        for replication in (0, 1):
            planting._success(features, np.full(200, 3), Noting(), 0.1, 2, replication)
            assert asked[-1] == order(2, "planting", 200, replication)[:50].tolist()
        assert asked[0] != asked[1]

    def test_success_is_averaged_and_set_beside_its_bound(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tries = {0: 0.2, 1: 0.6, 2: 0.7}
        monkeypatch.setattr(planting, "_success", lambda *a: tries[a[-1]])
        check = planting.planting_check(shares=(0.5, 1.0), estimator="GaussianNB", replications=3)
        assert [row["share"] for row in check.rows] == [0.5, 1.0]
        row = check.rows[0]
        assert row["success"] == pytest.approx(0.5)
        assert row["error"] == pytest.approx(math.sqrt(0.07) / math.sqrt(3.0))
        assert row["bound"] == planting_bound(0.5, 1.0, check.uniqueness)
        pixels, _ = table.load_digits()
        assert check.uniqueness == float((pixels[:, 6] == 1.0).mean())

    def test_what_is_asked_unless_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[tuple[object, ...]] = []
        monkeypatch.setattr(planting, "_success", lambda *a: float(bool(asked.append(a))))
        check = planting.planting_check()
        assert [row["share"] for row in check.rows] == [0.01, 0.02, 0.03, 0.05, 0.1, 0.2]
        assert [a[-1] for a in asked] == [0, 1, 2, 3, 4] * 6
        assert {a[-2] for a in asked} == {0}

    def test_it_says_where_success_is_below_the_bound(self) -> None:
        rows = [
            {"share": 0.01, "success": 0.10, "error": 0.04, "bound": 0.2},
            {"share": 0.2, "success": 0.90, "error": 0.06, "bound": 1.01},
        ]
        first, below = planting._sentences(rows, 0.014)
        assert first == (
            "The signal stands in 1.4% of the works anyway; 1.0% of them planted gives 10%, 20.0% "
            "of them planted gives 90% success."
        )
        assert below == "Success is below the bound at 1.0%: this classifier is not optimal there."
        rows[0]["error"] = 0.05  # two errors reach it
        assert planting._sentences(rows, 0.014)[1] == (
            "Success is nowhere below the bound for an optimal classifier (beyond two errors)."
        )
        rows[1]["bound"], rows[0]["error"] = 1.1, 0.01
        assert "at 1.0%, 20.0%: this" in planting._sentences(rows, 0.014)[1]

    def test_shares_and_replications_that_do_not_do(self) -> None:
        for shares in ((), (0.0,), (0.5, 1.1), (-0.1,)):
            assert sentence(planting._check, shares, 2) == (
                f"shares are {list(shares)}: give at least one above 0 and at most 1"
            )
        planting._check((0.5, 1.0), 2)
        assert sentence(planting._check, (0.5,), 1) == (
            "replications is 1: give at least 2 for a standard error"
        )
