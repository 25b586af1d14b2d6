"""What retraining is made of, by hand: keyed draws, kept shares, works, held-out text."""

from __future__ import annotations

import importlib.metadata
import math
import sysconfig
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from sim import purposes
from sim.capability.retraining.base import Retraining
from sim.capability.retraining.ngram import NGram
from sim.capability.retraining.trainers import corpus, draws, text
from sim.capability.retraining.trainers.corpus import Creator, Source, read_creators
from sim.capability.retraining.trainers.topics import topic_of
from sim.capability.retraining.trainers.trainer import Trainer
from sim.errors import InputError
from sim.kernels import ngram as kernel
from sim.kernels.philox import uniform


class TestDraws:
    @pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 8, 21])
    def test_each_number_has_its_address(self, count: int) -> None:
        found = draws.uniforms(7, "who", count, 2)
        key = crc32(b"who")
        assert found.tolist() == [uniform(7, purposes.RETRAINING, key, i, 2) for i in range(count)]
        assert draws.uniforms(7, "who", count).tolist() == [
            uniform(7, purposes.RETRAINING, key, i, 0) for i in range(count)
        ]

    def test_an_order_is_by_number(self) -> None:
        numbers = draws.uniforms(3, "what", 9, 1)
        assert draws.order(3, "what", 9, 1).tolist() == sorted(range(9), key=lambda i: numbers[i])
        assert draws.order(3, "what", 9).tolist() != draws.order(3, "what", 9, 1).tolist()

    @pytest.mark.parametrize(
        ("count", "share", "part"),
        [(10, 0.2, 2), (10, 0.26, 3), (2, 0.01, 1), (2, 0.99, 1), (9, 0.01, 1), (9, 1.0, 8)],
    )
    def test_a_part_is_neither_none_nor_all(self, count: int, share: float, part: int) -> None:
        assert draws.part_of(count, share) == part
        chosen = draws.some(1, "part", count, share).tolist()
        assert chosen == draws.order(1, "part", count).tolist()[:part]

    def test_an_owners_works_lie_evenly_from_nought_to_one(self) -> None:
        owner = np.array([1, 0, 1, 2, 1, 0, 1])
        place = draws.places(5, "kept", owner)
        assert sorted(place[owner == 0]) == [0.25, 0.75]
        assert sorted(place[owner == 1]) == [0.125, 0.375, 0.625, 0.875]
        assert place[owner == 2].tolist() == [0.5]
        keys = draws.uniforms(5, "kept", 7)
        assert np.argsort(place[owner == 1]).tolist() == np.argsort(keys[owner == 1]).tolist()


class Halves(Trainer):
    """The loss of a community is one over what is kept of its first creator."""

    concavity = 0.5
    seen = 0

    def _train(self, kept):
        self.seen += 1
        threads = pytest.importorskip("threadpoolctl").threadpool_info()
        assert all(pool["num_threads"] == 1 for pool in threads)
        return 1.0 / (1.0 + kept[:2])


class TestTrainers:
    def trainer(self) -> Halves:
        return Halves(["a", "b"], ["x", "y", "z"], [0, 1, 1], [4.0, 9.0, 16.0])

    def test_unless_said_otherwise(self) -> None:
        assert (Trainer.unit, Trainer.metric, Trainer.mode) == ("works", "loss", "shared")
        assert (Trainer.higher_is_better, Trainer.concavity) == (False, 1.0)

    def test_full_data_are_trained_on_once(self) -> None:
        trainer = self.trainer()
        trainer.full()[0] = 99.0  # what is given away changes nothing
        assert trainer.full().tolist() == [0.5, 0.5]
        assert trainer.seen == 1
        assert trainer.train([0.0, 1.0, 1.0]).tolist() == [1.0, 0.5]
        assert trainer.seen == 2

    def test_data_are_concave_in_works(self) -> None:
        """Roots of 4, 9 and 16 are 2, 3 and 4; of a quarter of 16 it is 2."""
        np.testing.assert_allclose(self.trainer().data([1.0, 1.0, 1.0]), [2.0 / 9.0, 7.0 / 9.0])
        np.testing.assert_allclose(self.trainer().data([0.0, 1.0, 0.25]), [0.0, 5.0 / 9.0])

    def test_shares_are_one_for_each_from_nought_to_one(self) -> None:
        assert self.trainer().shares([0, 1, 0.5]).tolist() == [0.0, 1.0, 0.5]
        for kept, said in (
            ([1.0], ("kept has shape (1,), but there are 3 creators: give one share from 0 to 1 "
                    "for each")),
            ([1.0, -0.1, 2.0], "kept of 'y' is -0.1: give a share from 0 to 1"),
            ([1.0, 1.0, 1.1], "kept of 'z' is 1.1: give a share from 0 to 1"),
        ):  # fmt: skip
            with pytest.raises(InputError) as caught:
                self.trainer().shares(kept)
            assert str(caught.value) == said

    def test_a_kind_says_how_it_loads(self) -> None:
        with pytest.raises(NotImplementedError, match=r"^NGram does not say how to load"):
            Retraining.load(NGram())


def works(*sizes: int) -> Creator:
    return Creator("me", "us", tuple(bytes([65 + i]) * size for i, size in enumerate(sizes)))


class TestText:
    def test_the_last_works_are_held_out(self) -> None:
        for share, stays in ((0.2, 4), (0.4, 3), (0.01, 4), (0.99, 1)):
            kept, out = text._part(works(1, 2, 3, 4, 5), share)
            assert [len(work) for work in kept.works] == [1, 2, 3, 4, 5][:stays]
            assert [len(work) for work in out.works] == [1, 2, 3, 4, 5][stays:]
            assert (out.name, out.community, kept.name, kept.community) == ("me", "us") * 2
        kept, out = text._part(works(1, 2), 0.9)
        assert (len(kept.works), len(out.works)) == (1, 1)
        kept, out = text._part(works(7), 0.5)
        assert (len(kept.works), len(out.works)) == (1, 0)

    @pytest.mark.parametrize(
        ("room", "sizes"), [(4, [4]), (5, [5]), (6, [5, 1]), (8, [5, 3]), (99, [5, 3, 2]), (0, [])]
    )
    def test_held_out_text_is_cut_to_its_room(self, room: int, sizes: list[int]) -> None:
        assert [len(work) for work in text._cut(works(5, 3, 2), room).works] == sizes

    def test_works_come_in_up_to_eight_runs_of_similar_size(self) -> None:
        assert [len(run) for run in text._parcels(works(*[10] * 24))] == [3] * 8
        assert [len(run) for run in text._parcels(works(10, 10, 10))] == [1, 1, 1]
        # Middles at .30, .75 and .95 of all bytes are in the third, seventh and eighth eighth.
        assert [len(run) for run in text._parcels(works(60, 30, 10))] == [1, 1, 1]
        # Of 120 bytes the middles of five short works lie before seven eighths, which is 105.
        big = text._parcels(works(100, *[1] * 20))
        assert [len(run) for run in big] == [1, 5, 15]

    def test_works_are_joined_with_their_ends(self) -> None:
        joined, ends = text._joined([b"ab", b"", b"c"])
        assert (joined.tolist(), ends.tolist()) == ([97, 98, 99], [2, 2, 3])

    def test_each_fourth_block_tunes_and_is_not_scored(self) -> None:
        """Short texts have blocks of an eighth, longer ones of 2,048 bytes; two communities."""
        domain, tuning = text._roles([0, 1, 0], [works(16), works(8), works(16)])
        zero = [*range(16), *range(24, 40)]
        tunes = {zero[at] for at in range(32) if at // 4 % 4 == 0} | {16, 20}
        assert tuning.tolist() == sorted(tunes)
        assert domain.tolist() == [-1 if i in tunes else int(16 <= i < 24) for i in range(40)]
        domain, tuning = text._roles([0], [works(4 * 2048 * 3)])
        assert tuning.tolist() == [i for i in range(4 * 2048 * 3) if i // 2048 % 4 == 0]
        assert ((domain == -1) == np.isin(np.arange(domain.size), tuning)).all()
        one, tuning = text._roles([0], [works(3)])
        assert (one.tolist(), tuning.tolist()) == ([-1, 0, 0], [0])

    def test_so_much_tunes_and_no_more(self) -> None:
        """Of 40,001 bytes each other one, of 81,920 each third: every other would be 40,960."""
        forty = 19 * 4 * 2048 + 40_000 - 19 * 2048
        for size, each, count in (
            (forty, 1, 40_000), (forty + 1, 2, 20_001), (4 * 2048 * 40, 3, 27_307),
        ):  # fmt: skip
            _, tuning = text._roles([0], [works(size)])
            assert (tuning.size, tuning[1]) == (count, each)

    def test_the_nearest_share_is_kept(self, trainer: text.NGramTrainer) -> None:
        for cut, share in zip(trainer._cuts, trainer.shares(np.full(4, 0.4)), strict=True):
            assert abs(share - 0.4) == min(abs(cut - 0.4))
            assert (cut[0], cut[-1]) == (0.0, 1.0)

    def test_priors_are_tuned_anew_to_the_least_loss(self, trainer: text.NGramTrainer) -> None:
        total = trainer._totals(np.array([1.0, 0.5, 0.0, 1.0]))
        best = trainer._tuned(total)
        room = np.empty(best.size), np.empty(best.size)

        def loss(priors: np.ndarray) -> float:
            return kernel.tuning_loss(trainer._ngrams, total, priors, trainer._tuning, *room)

        least = loss(best)
        for k in range(best.size):
            for factor in (0.8, 1.25):
                moved = best.copy()
                moved[k] = min(max(moved[k] * factor, 1e-2), 1e4)
                assert loss(moved) >= least - 1e-6
        assert ((best >= 1e-2 * (1 - 1e-9)) & (best <= 1e4 * (1 + 1e-9))).all()
        assert loss(np.ones(best.size)) > least

    def test_a_loss_is_bits_by_byte_that_is_scored(self, trainer: text.NGramTrainer) -> None:
        """Nothing left: each of 256 bytes and the end are as likely, in either community."""
        np.testing.assert_allclose(trainer.train(np.zeros(4)), math.log2(257.0))
        assert (trainer.full() < 8.0).all()
        assert (trainer.unit, trainer.metric, trainer.concavity) == ("bytes", "bits per byte", 0.7)

    def test_where_each_has_one_work_none_can_be_held_out(self, tmp_path: Path) -> None:
        fill(tmp_path, {"us/one": ["a" * 50], "us/two": ["b" * 50]})
        with pytest.raises(InputError) as caught:
            NGram(tmp_path, suffix=".txt", held_out="works").load()
        assert str(caught.value) == (
            "community 'us' has nothing to hold out: each of its creators has one work; hold out "
            "creators instead"
        )

    def test_held_out_room_is_shared_by_who_is_held_out(self, tmp_path: Path) -> None:
        fill(tmp_path, {f"us/c{k}": [chr(97 + k) * 90] for k in range(5)})
        spec = NGram(tmp_path, suffix=".txt", held_out_share=0.4, held_out_bytes=51)
        kept, out = text._split(read_creators(spec, 0), spec, 0)
        assert [creator.size for creator in out] == [25, 25]
        assert [creator.size for creator in kept] == [90, 90, 90]


@pytest.fixture(scope="module")
def trainer(tmp_path_factory: pytest.TempPathFactory) -> text.NGramTrainer:
    """Two communities of three with four works each, one of each held out."""
    folder, random = tmp_path_factory.mktemp("few"), np.random.default_rng(1)
    fill(folder, {
        f"{name}/{name}{k}": ["".join(random.choice(list(letters), 60)) for _ in range(4)]
        for name, letters in (("red", "abcab"), ("blue", "bcdef")) for k in range(3)
    })  # fmt: skip
    return NGram(folder, suffix=".txt", order=2, held_out_share=0.3).load(1)  # type: ignore[return-value]


def fill(folder: Path, files: dict[str, list[str]], suffix: str = ".txt") -> None:
    for place, texts in files.items():
        (folder / place).mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(texts):
            (folder / place / f"w{number}{suffix}").write_text(content)


class TestCorpus:
    def test_most_long_lines_make_a_copy(self) -> None:
        long, short = [b"x" * 20, b"y" * 20, b"z" * 21], b"s" * 19
        seen: set[bytes] = set()
        assert not corpus._is_copy(b"\n".join([*long[:2], short]), seen)
        assert seen == set(long[:2])
        assert not corpus._is_copy(short, seen)  # no long line
        assert not corpus._is_copy(b"\n".join([long[0], b"a" * 30]), seen)  # half of them
        assert corpus._is_copy(b"  " + b"\n\t".join([long[0], long[1], long[2]]), seen)
        assert long[2] in seen

    def test_only_own_works_with_the_ending_count(self, tmp_path: Path) -> None:
        fill(tmp_path, {"us/one": ["o" * 40], "us/one/tests": ["t" * 40], "us/one/b": ["b" * 40],
                        "us/two": ["2" * 40], "us/tests": ["3" * 40]})  # fmt: skip
        fill(tmp_path, {"us/one": ["p" * 40]}, ".py")
        found = corpus._in_folder(NGram(tmp_path, suffix=".txt"))
        assert [(s.name, s.community, len(s.files), s.size) for s in found] == [
            ("one", "us", 2, 80),
            ("tests", "us", 0, 0),
            ("two", "us", 1, 40),
        ]
        assert [file.parent.name for file in found[0].files] == ["b", "one"]

    def test_a_file_may_be_a_creator(self, tmp_path: Path) -> None:
        (tmp_path / "us").mkdir()
        for name in ("one", "two"):
            (tmp_path / "us" / f"{name}.txt").write_text(name * 20)
        creators = read_creators(NGram(tmp_path, suffix=".txt"), 0)
        assert [(creator.name, creator.size) for creator in creators] == [("one", 60), ("two", 60)]

    def test_the_largest_stay_and_are_read_up_to_their_room(self, tmp_path: Path) -> None:
        fill(tmp_path, {"us/a": ["a" * 30], "us/b": ["b" * 60, "c" * 70], "us/d": ["d" * 50],
                        "us/e": ["e" * 50]})  # fmt: skip
        spec = NGram(tmp_path, suffix=".txt", creators=2, creator_bytes=100)
        assert [(c.name, c.size) for c in read_creators(spec, 0)] == [("b", 100), ("d", 50)]
        full = spec.replace(creators=4, creator_bytes=130)
        assert [c.size for c in read_creators(full, 0)] == [30, 130, 50, 50]
        tight = spec.replace(creators=2, creator_bytes=60)
        sizes = [[len(work) for work in c.works] for c in read_creators(tight, 0)]
        assert sizes == [[60], [50]]

    def test_works_come_in_a_keyed_order(self, tmp_path: Path) -> None:
        texts = [chr(97 + k) * 30 for k in range(6)]
        fill(tmp_path, {"us/one": texts, "us/two": ["z" * 30]})
        (one, _) = read_creators(NGram(tmp_path, suffix=".txt"), 4)
        order = draws.order(4, "works of one", 6)
        assert [work.decode() for work in one.works] == [texts[i] for i in order]

    def test_a_community_has_two_creators_at_least(self, tmp_path: Path) -> None:
        fill(tmp_path, {"us/a": ["a" * 30], "us/b": ["b" * 30], "you/c": ["c" * 30],
                        "they/d": ["d" * 30], "they/e": [""]})  # fmt: skip
        spec = NGram(tmp_path, suffix=".txt")
        assert [c.name for c in read_creators(spec, 0)] == ["a", "b"]
        with pytest.raises(InputError) as caught:
            read_creators(spec.replace(suffix=".rs"), 0)
        assert str(caught.value) == (
            f"no community in {tmp_path} has two creators with .rs files: expected "
            "folder/community/creator, or folder/creator with declared communities"
        )

    def test_creators_who_are_not_there(self, tmp_path: Path) -> None:
        fill(tmp_path, {"alice": ["a" * 30], "alina": ["b" * 30]})
        for name, hint in (
            ("alic", "did you mean 'alice'?"),
            ("zoë", "correct the name or leave it out"),
        ):
            spec = NGram(tmp_path, suffix=".txt", communities={"us": ("alice", name)})
            with pytest.raises(InputError) as caught:
                read_creators(spec, 0)
            assert str(caught.value) == f"communities.us: no creator {name!r} in {tmp_path}; {hint}"
        gone = NGram(tmp_path / "gone", suffix=".txt")
        with pytest.raises(InputError) as caught:
            read_creators(gone, 0)
        assert str(caught.value) == (
            f"folder {tmp_path / 'gone'} does not exist: give a folder of creators' works"
        )

    def test_the_environment_is_the_library_and_what_is_installed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        library, site = tmp_path / "lib", tmp_path / "site"
        fill(library, {"json": ["j" * 30], "json/tests": ["t" * 30]}, ".py")
        (library / "csv.py").write_text("c" * 30)
        fill(site, {"Some_Tool": ["s" * 30]}, ".py")

        class Project:
            def __init__(self, name: str, files: list[str], topic: str | None) -> None:
                self.name, self.files = name, [Path(file) for file in files]
                self.metadata = self
                self.topic = topic

            def locate_file(self, path: str) -> Path:
                return site / path

            def get_all(self, _: str) -> list[str] | None:
                return [self.topic] if self.topic else None

        installed = [
            Project("Some_Tool", ["Some_Tool/w0.py", "../b/w.py", "no.py"], "Topic :: Internet"),
            Project("untold", [], None), Project("datastrike", [], None), Project("json", [], None),
        ]  # fmt: skip
        monkeypatch.setattr(sysconfig, "get_paths", lambda: {"stdlib": str(library)})
        monkeypatch.setattr(importlib.metadata, "distributions", lambda: installed)
        found = {source.name: source for source in corpus._in_environment(".py")}
        assert (found["csv"].community, found["csv"].files) == ("text", (library / "csv.py",))
        assert found["json"].files == (library / "json" / "w0.py",)
        assert found["some-tool"].files == (site / "Some_Tool" / "w0.py",)
        assert found["some-tool"].community == "network"
        assert found["untold"].community is None
        assert "datastrike" not in found
        assert found["email"].files == ()  # not in this library

    def test_what_has_no_subject_belongs_to_no_community(self, tmp_path: Path) -> None:
        sources = [Source(n, c, tmp_path, ()) for n, c in (("x", "b"), ("y", None), ("z", "a"))]
        groups = corpus._grouped(NGram(), sources)
        assert {name: [s.name for s in group] for name, group in groups.items()} == {
            "a": ["z"], "b": ["x"],
        }  # fmt: skip
        assert [*groups] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "classifiers", "topic"),
    [
        ("rich", [], "text"),
        ("x", ["Topic :: Internet :: WWW/HTTP"], "network"),
        ("x", ["Topic :: Internet", "Topic :: Scientific/Engineering"], "science"),
        ("x", ["Topic :: Software Development :: Libraries"], None),
        ("x", ["Topic :: Software Development :: Libraries :: Python Modules",
               "Topic :: System"], "system"),
        ("x", ["Topic :: Software Development :: Testing"], "development"),
        ("x", [], None),
    ],
)  # fmt: skip
def test_projects_tell_their_subject(name: str, classifiers: list[str], topic: str | None) -> None:
    assert topic_of(name, classifiers) == topic
