"""Whatever is put in, it works or is refused in words, and nothing is left half done."""

from __future__ import annotations

import itertools
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import sim
from sim.leverage.saving import save_curve
from sim.networks import EdgeList
from sim.overrides import override, parse, paths
from sim.scenario_files import save_scenario
from tests import fuzzing
from tests.golden import scenarios, small
from tests.institution_worlds import world

QUICK = settings(suppress_health_check=list(HealthCheck), max_examples=30)
LONG = settings(suppress_health_check=list(HealthCheck), max_examples=1_000)
MOST_CREATORS, MOST_STEPS = 2_000, 40

effort = pytest.mark.parametrize(
    "effort",
    [pytest.param(QUICK, id="quick"), pytest.param(LONG, id="long", marks=pytest.mark.slow)],
)
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def crowded() -> sim.Scenario:
    """Return a small world in which everything happens at once."""
    day = date(2023, 1, 20)
    return world(
        steps=9,
        labs=[
            sim.Lab(
                "Atelier", preset="image-text", every=3, snapshots="kept", lag=1, delay=1,
                legacy=0.1, concession=sim.Concession(reputation=0.1, returns=0.5),
                licensing=sim.Licensing(offers=5), retaliation=sim.Retaliation(sanction=0.1),
            ),
            sim.Lab("Rival", every=3, crawls=False, receives="everybody", response="reweight"),
        ],
        platforms=[sim.Platform("Hub", sticks=0.9, reversed_on=day, tool_on=day, tool=0.5,
                                bans=0.1, bans_at=0.1)],
        organisers=[sim.Organiser("Union", contacts=5, fund=sim.Fund(10.0), pledges=10,
                                  demand=sim.Demand("Atelier"))],
        regulators=[sim.Regulator("Court", sim.Ruling(on=day, regime="opt_in", rate=5.0),
                                  pressure=1.0)],
        press=sim.Press(), market=sim.Market(), mandate=sim.Mandate(asked=0.5),
        bargaining=[sim.Bargaining("Atelier", organiser="Union", asking=0.3)],
        calendar=[
            sim.Broadcast(on=day, half_life=3.0), sim.Deadline(on=day, lab="Atelier", urgency=0.3),
            sim.Release(on=day, gain=0.1), sim.TrainingDate(on=day, lab="Rival"),
        ],
        awareness=sim.Awareness(peer=0.1, background=0.01, fading=0.01),
        feedback=sim.Feedback(substitution=0.5, proof=0.5, safety=0.3, fatigue=0.01),
        revision=sim.Revision(share=0.7), seen_for=3, feed=0.2,
        tactics={"opt_out": {"visibility": 0.5}}, network_seed=3,
    )  # fmt: skip


def worlds() -> dict[str, sim.Scenario]:
    """Return small worlds that between them have all kinds of parts."""
    found = {}
    for name, scenario in scenarios().items():
        little = small(scenario)
        sizes = tuple(c.replace(size=min(c.size, 30)) for c in little.communities)
        try:
            found[name] = little.replace(communities=sizes, steps=min(little.steps, 12))
        except (sim.InputError, ValidationError):
            continue
    return {**found, "crowded": crowded()}


WORLDS = worlds()
DATA = {name: world.to_data() for name, world in WORLDS.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def play(scenario: sim.Scenario) -> None:
    """Play what is small enough, and write it down."""
    if scenario.creators <= MOST_CREATORS and scenario.steps <= MOST_STEPS:
        result = sim.run(scenario, 1)
        repr(result)
        assert 0.0 <= result.adoption[-1, -1] <= 1.0


def test_worlds_can_be_played() -> None:
    """Else everything would be refused, and nothing found."""
    assert len(WORLDS) > 10
    play(WORLDS["crowded"])


@effort
def test_scenarios_changed_at_random(effort: settings, folder: Path) -> None:
    @effort
    @given(st.sampled_from(["crowded", *sorted(DATA)]).flatmap(lambda n: fuzzing.changed(DATA[n])))
    def tried(data: dict[str, Any]) -> None:
        path = folder / "scenario.json"
        path.write_text(json.dumps(data), "utf-8")
        scenario = fuzzing.attempt(lambda: sim.load_scenario(path))
        if scenario is not None:
            assert sim.Scenario.from_data(scenario.to_data()) == scenario
            fuzzing.attempt(lambda: play(scenario))

    tried()


@effort
@pytest.mark.parametrize("ending", ["toml", "json"])
def test_scenario_files_damaged(effort: settings, ending: str, folder: Path) -> None:
    whole = folder / f"whole.{ending}"
    whole.unlink(missing_ok=True)
    save_scenario(WORLDS["crowded"], whole)
    content = whole.read_bytes()

    @effort
    @given(fuzzing.damaged(content) | st.binary(max_size=200))
    def tried(damaged: bytes) -> None:
        path = folder / f"damaged.{ending}"
        path.write_bytes(damaged)
        fuzzing.attempt(lambda: sim.load_scenario(path))

    tried()


LINKS = "".join(f"{i} {(i * 7 + 1) % 40} {1 + i % 3}\n" for i in range(40)).encode()
LABELS = "".join(f"{i},{'ab'[i % 2]}\n" for i in range(40)).encode()


@effort
def test_edge_lists_and_labels(effort: settings, folder: Path) -> None:
    linked = sim.Scenario(
        communities=[sim.Community("a", 20, threshold=0.2), sim.Community("b", 20)], steps=5
    )

    @effort
    @given(
        fuzzing.damaged(LINKS) | st.binary(max_size=100),
        st.none() | st.just(LABELS) | fuzzing.damaged(LABELS),
        st.booleans(),
    )
    def tried(links: bytes, labels: bytes | None, weights: bool) -> None:
        (folder / "links.txt").write_bytes(links)
        (folder / "labels.csv").write_bytes(labels or b"")
        named = str(folder / "labels.csv") if labels is not None else None
        network = EdgeList(str(folder / "links.txt"), labels=named, weights=weights)
        fuzzing.attempt(lambda: play(linked.replace(network=network)))

    tried()


def table(rows: int = 24) -> str:
    """Return a table of training runs with two communities."""
    lines = ["D_a,D_b,loss_a,loss_b"]
    for k in range(rows):
        a, b = 0.1 + 0.9 * ((k * 5) % rows) / rows, 0.1 + 0.9 * ((k * 7) % rows) / rows
        lines.append(f"{a:.4f},{b:.4f},{2 + a**-0.3:.5f},{2 + (b + 0.1 * a) ** -0.3:.5f}")
    return "\n".join(lines)


@effort
def test_tables_of_training_runs(effort: settings, folder: Path) -> None:
    fits = settings(effort, max_examples=effort.max_examples // 8)  # each fits several forms

    @fits
    @given(fuzzing.numbers_in(table()).map(str.encode) | fuzzing.damaged(table().encode()))
    def tried(content: bytes) -> None:
        path, out = folder / "runs.csv", folder / "preset.toml"
        path.write_bytes(content)
        out.unlink(missing_ok=True)
        code = fuzzing.command(
            "calibrate", str(path), "--draws", "2", "--out", str(out), unwritten=out
        )
        assert (code == 0) == out.exists()

    tried()


RATINGS = "user,item,rating\n" + "\n".join(
    f"u{k % 24},i{(k * 7) % 31},{1 + (k * 11) % 5}" for k in range(400)
)
WORKS = "a,b,target,owner\n" + "\n".join(
    f"{k % 7 / 7},{k % 11 / 11},{int(k % 7 > 3)},o{k % 12}" for k in range(120)
)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "whole"), [("recommender", RATINGS), ("estimator", WORKS)])
def test_tables_of_works(kind: str, whole: str, folder: Path) -> None:
    pytest.importorskip("sklearn")

    @settings(LONG, max_examples=60)  # each trains and fits for seconds
    @given(fuzzing.numbers_in(whole).map(str.encode) | fuzzing.damaged(whole.encode()))
    def tried(content: bytes) -> None:
        path = folder / f"{kind}.csv"
        path.write_bytes(content)
        fuzzing.command("retrain-check", "--kind", kind, "--file", str(path), "--runs", "8")

    tried()


def evidence() -> dict[str, str]:
    """Return a small table of each kind that ``validate --data`` knows by its columns."""
    shares = [(k % 9 + 1) / 10 for k in range(30)]
    strikes = "design,D_a,D_b,nats_a,nats_b\nfull,1,1,2,2\n" + "\n".join(
        f"mixed,{a},{b},{1 + a**-0.3:.4f},{1 + b**-0.3:.4f}"
        for a, b in zip(shares, reversed(shares), strict=True)
    )
    users = "design,s,group,side,pos_left,pos_struck,ndcg10_ease,base_ndcg10_ease\n" + "\n".join(
        f"{'full' if k == 0 else 'random'},{(k % 8) / 10},,out,{100 - k},{k},{0.3 - k / 1000},0.3"
        for k in range(24)
    )
    curve = "frac,small\n" + "\n".join(f"{k / 10},{0.9 - 0.3 * k**-0.5:.4f}" for k in range(1, 11))
    mixture = "index,train_the_pile_a,train_the_pile_b\n" + "\n".join(
        f"{k},{a:.2f},{1 - a:.2f}" for k, a in enumerate(shares)
    )
    return {
        "code_strikes": strikes, "user_strikes": users, "learning_curves": curve,
        "mixtures": mixture,
    }  # fmt: skip


@effort
@pytest.mark.parametrize("kind", ["code_strikes", "user_strikes", "learning_curves", "mixtures"])
def test_tables_of_evidence(effort: settings, kind: str, folder: Path) -> None:
    tables = folder / kind
    tables.mkdir(exist_ok=True)
    whole = evidence()[kind]
    pair = "index,metric/the_pile_a_val_loss,metric/the_pile_b_val_loss\n" + "\n".join(
        f"{k},{2 + (k % 9 + 1) ** -0.3:.4f},{2 + (10 - k % 9) ** -0.3:.4f}" for k in range(30)
    )
    (tables / "train_pile_loss_1m.csv").write_text(pair if kind == "mixtures" else "")
    fits = settings(effort, max_examples=effort.max_examples // 10)

    attempts = itertools.count()  # what is read of a name is kept as long as the process lives

    @fits
    @given(fuzzing.numbers_in(whole).map(str.encode) | fuzzing.damaged(whole.encode()))
    def tried(content: bytes) -> None:
        for former in tables.glob("train_mixture*.csv"):
            former.unlink()
        (tables / f"train_mixture_{next(attempts)}m.csv").write_bytes(content)
        fuzzing.command("validate", kind, "--data", str(tables), "--fast")

    tried()


@effort
def test_settings(effort: settings) -> None:
    world = WORLDS["crowded"]
    values = st.sampled_from([json.dumps(value) for value in fuzzing.AWKWARD]) | st.text(
        max_size=12
    )

    @effort
    @given(
        st.sampled_from([*paths(world), "network", "rule", "labs", "communities", "calendar.0"])
        | st.text(max_size=20),
        values,
    )
    def tried(path: str, value: str) -> None:
        def change() -> None:
            play(override(world, dict([parse(f"{path}={value}")])))

        fuzzing.attempt(change)

    tried()


OPTIONS = (
    "--seed --replications --set --out --json --threads --no-figure --rule --lab --tactic --by "
    "--share --measure --target --step --vary --uncertain --design --samples --outcome --precision "
    "--most --shard --time-limit --status --method --figure --toml --help -x --"
).split()
WORDS = (
    "-1", "0", "1", "2", "nan", "inf", "1e400", "", "x", "watts_2002", "sweep_tactics", "labs",
    "lab=", "network.mean_degree=1:2:2", "rule.of=count", "steps=2", "=", "1/2", "3/2", "loss",
    "random", "lhs", "sobol", "/dev/null", "nowhere/x.toml", "nowhere", "adoption.final",
    "adoption.final=0.1", "é",
)  # fmt: skip


@effort
def test_command_lines(effort: settings, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    small = ["--set", "communities.artists.size=20", "--set", "steps=3", "--replications", "1"]

    @effort
    @given(
        st.sampled_from(
            ["run", "show", "cite", "list", "report", "leverage", "sweep", "sensitivity"]
        ),
        st.lists(st.sampled_from([*OPTIONS, *WORDS]) | st.text(max_size=6), max_size=4),
    )
    def tried(name: str, words: list[str]) -> None:
        out = folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        tail = [*small, "--no-figure"] if name == "run" else []
        where = ["--out", str(out)] if name in ("run", "leverage", "sweep") else []
        big = {"watts_2002", "sweep_tactics"} & set(words) and name in ("sweep", "leverage", "run")
        if not big:
            fuzzing.command(name, *words, *tail, *where, unwritten=out)

    tried()


@pytest.fixture(scope="module")
def saved(folder: Path) -> dict[str, Path]:
    """Return a folder of each kind that commands write."""
    world = WORLDS["sweep_tactics"]
    sim.run(world, 1).save(folder / "run")
    sim.compare(world, replications=2).save(folder / "comparison")
    sim.sweep(
        world, vary={"labs.Lab.compliance": [0.0, 1.0]}, replications=2, workers=1,
        outcomes=["adoption.final", "labs.Lab.loss"], out=folder / "sweep",
    )  # fmt: skip
    save_curve(sim.leverage_curve(world, lab="Lab", replications=1), folder / "leverage")
    return {name: folder / name for name in ("run", "comparison", "sweep", "leverage")}


def read_all(path: Path) -> None:
    """Open a saved study and ask it for everything."""
    found = sim.load(path)
    repr(found)
    if hasattr(found, "table"):
        found.table()


@effort
@pytest.mark.parametrize("kind", ["run", "comparison", "sweep", "leverage"])
def test_saved_folders_damaged(
    effort: settings, kind: str, folder: Path, saved: dict[str, Path]
) -> None:
    files = [path for path in sorted(saved[kind].rglob("*")) if path.is_file()]
    assert files
    opened = settings(effort, max_examples=effort.max_examples // 3)  # each copies and reads all

    @opened
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        copied = folder / f"damaged-{kind}"
        shutil.rmtree(copied, ignore_errors=True)
        shutil.copytree(saved[kind], copied)
        victim = copied / data.draw(st.sampled_from(files)).relative_to(saved[kind])
        content = victim.read_bytes()
        change = data.draw(st.sampled_from(("bytes", "bytes", "data", "remove")))
        if change == "remove":
            victim.unlink()
        elif change == "data" and victim.suffix == ".json":
            victim.write_text(json.dumps(data.draw(fuzzing.changed(json.loads(content)))))
        else:
            victim.write_bytes(data.draw(fuzzing.damaged(content)))
        fuzzing.attempt(lambda: read_all(copied))
        page = folder / "page.html"
        page.unlink(missing_ok=True)
        if data.draw(st.integers(0, 9)) == 0:
            fuzzing.command("report", str(copied), "--out", str(page), unwritten=page)
        if kind == "sweep":
            fuzzing.command("sweep", "--status", str(copied), "--json")
            fuzzing.command("sensitivity", str(copied))

    tried()


@effort
def test_receipts_changed(effort: settings, folder: Path, saved: dict[str, Path]) -> None:
    receipt = json.loads((saved["run"] / "receipt.json").read_text("utf-8"))

    @effort
    @given(fuzzing.changed(receipt))
    def tried(data: dict[str, Any]) -> None:
        path, out = folder / "other.json", folder / "again"
        path.write_text(json.dumps(data), "utf-8")
        shutil.rmtree(out, ignore_errors=True)
        scenario = fuzzing.attempt(lambda: sim.load_scenario(path))
        if scenario is None or scenario.creators * max(1, scenario.steps) <= 10**5:
            fuzzing.command(
                "run",
                str(path),
                "--replications",
                "1",
                "--no-figure",
                "--out",
                str(out),
                unwritten=out,
            )

    tried()


@effort
def test_presets_damaged(effort: settings, folder: Path) -> None:
    from sim.capability import presets

    data = presets.load("image_text").to_data()
    world = sim.Scenario(
        communities=[sim.Community("a", 20, threshold=0.0)], steps=3,
        labs=[sim.Lab("Lab", preset=str(folder / "lab.toml"), every=2)],
    )  # fmt: skip

    @effort
    @given(st.one_of(fuzzing.changed(data), fuzzing.damaged(tomli_w.dumps(data).encode())))
    def tried(content: Any) -> None:
        path = folder / "lab.toml"
        if not isinstance(content, bytes):
            try:
                content = tomli_w.dumps(content).encode()
            except (TypeError, ValueError):
                return
        path.write_bytes(content)
        fuzzing.attempt(lambda: play(world))

    tried()


NAN = {"kind": "constant", "value": "nan"}


class TestFound:
    """What was found once, and may not come back."""

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"communities": [{"name": "a", "size": 5, "threshold": NAN}]}, "got nan"),
            ({"step_days": 1e308}, "step_days: must be at most 36525"),
            ({"steps": 10**6, "step_days": 30}, "beyond 9999-12-31"),
            ({"network": {"kind": "edge_list", "path": "\0"}}, "must be the name of a file"),
            ({"network": {"kind": "edge_list", "path": 5}}, "must be the name of a file"),
            ({"kind": []}, "kind"),
        ],
    )
    def test_in_scenarios(self, tmp_path: Path, changes: dict[str, Any], said: str) -> None:
        data = {"communities": [{"name": "a", "size": 5}], **changes}
        (tmp_path / "s.json").write_text(json.dumps(data))
        with pytest.raises(sim.InputError, match=said):
            sim.load_scenario(tmp_path / "s.json")

    @pytest.mark.parametrize("seeds", [[None], ["1"], [True], [-1], [2**32]])
    def test_in_receipts(self, tmp_path: Path, saved: dict[str, Path], seeds: list[Any]) -> None:
        receipt = json.loads((saved["run"] / "receipt.json").read_text("utf-8"))
        (tmp_path / "r.json").write_text(json.dumps({**receipt, "seeds": seeds}))
        assert fuzzing.command("run", str(tmp_path / "r.json"), "--no-figure") == 2

    def test_scores_that_are_no_numbers(self, tmp_path: Path) -> None:
        (tmp_path / "runs.csv").write_text(evidence()["user_strikes"].replace("0.29,", "x,"))
        assert fuzzing.command("validate", "user_strikes", "--data", str(tmp_path)) == 2

    def test_dates_before_the_first_year(self) -> None:
        first = world(platforms=[sim.Platform("Hub", reversed_on=date(1, 1, 1))])
        assert first.step_of(date(1, 1, 1)) < 0
        play(first)

    def test_lone_line_ends_in_an_edge_list(self, tmp_path: Path) -> None:
        (tmp_path / "links.txt").write_bytes(b"0\r 1 1\n1 2 2\n2 0 3\n")
        with pytest.raises(sim.InputError, match="cannot be read"):
            sim.run(world(network=EdgeList(str(tmp_path / "links.txt"))))

    @pytest.mark.parametrize("text", ["surrogate = 1", "\0", "[" * 10_000, "name = 'x'"])
    def test_in_presets(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "lab.toml").write_text(text)
        with pytest.raises(sim.InputError, match="preset file"):
            sim.run(world(labs=[sim.Lab("Lab", preset=str(tmp_path / "lab.toml"))]))

    def test_constants_of_parts_that_are_not_there(self) -> None:
        from sim.capability import presets

        preset = presets.load("movielens")
        constants = {**preset.constants, "style.own": preset.constants["beta"]}
        with pytest.raises(ValidationError, match=r"no constant style\.own"):
            preset.replace(constants=constants)

    @pytest.mark.parametrize("more", ["u1,i1,1,2,3\n", "a,b,c,d,e,f\n", '"\n'])
    def test_in_ratings(self, tmp_path: Path, more: str) -> None:
        path = tmp_path / "ratings.csv"
        path.write_text("user,item,rating\nu1,i1,5\n" + more)
        assert fuzzing.command("retrain-check", "--kind", "recommender", "--file", str(path)) == 2
