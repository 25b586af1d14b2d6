"""Tables: of training runs, of works, of published strikes."""

from __future__ import annotations

import functools
import itertools
from pathlib import Path

from tests.fuzzing.attempts import command
from tests.fuzzing.damage import damaged, numbers_in
from tests.fuzzing.surfaces import Surface


def training_runs(folder: Path) -> Surface:
    """What ``calibrate`` fits a surrogate to."""
    whole, path, out = _runs(), folder / "runs.csv", folder / "preset.toml"

    def tried(content: bytes) -> None:
        path.write_bytes(content)
        out.unlink(missing_ok=True)
        code = command("calibrate", str(path), "--draws", "2", "--out", str(out), unwritten=out)
        assert (code == 0) == out.exists()

    return Surface(_either(whole), tried, costs=8)  # each fits several forms


def _runs(rows: int = 24) -> str:
    """Return a table of training runs with two communities."""
    lines = ["D_a,D_b,loss_a,loss_b"]
    for k in range(rows):
        a, b = 0.1 + 0.9 * ((k * 5) % rows) / rows, 0.1 + 0.9 * ((k * 7) % rows) / rows
        lines.append(f"{a:.4f},{b:.4f},{2 + a**-0.3:.5f},{2 + (b + 0.1 * a) ** -0.3:.5f}")
    return "\n".join(lines)


RATINGS = "user,item,rating\n" + "\n".join(
    f"u{k % 24},i{(k * 7) % 31},{1 + (k * 11) % 5}" for k in range(400)
)
WORKS = "a,b,target,owner\n" + "\n".join(
    f"{k % 7 / 7},{k % 11 / 11},{int(k % 7 > 3)},o{k % 12}" for k in range(120)
)


def works(kind: str, whole: str, folder: Path) -> Surface:
    """What ``retrain-check`` trains on."""
    path = folder / f"{kind}.csv"

    def tried(content: bytes) -> None:
        path.write_bytes(content)
        command("retrain-check", "--kind", kind, "--file", str(path), "--runs", "8")

    return Surface(_either(whole), tried, costs=64)  # each trains and fits for seconds


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


LOSSES = "index,metric/the_pile_a_val_loss,metric/the_pile_b_val_loss\n" + "\n".join(
    f"{k},{2 + (k % 9 + 1) ** -0.3:.4f},{2 + (10 - k % 9) ** -0.3:.4f}" for k in range(30)
)


def published(kind: str, folder: Path) -> Surface:
    """What ``validate --data`` holds the surrogate against."""
    (folder / "train_pile_loss_1m.csv").write_text(LOSSES if kind == "mixtures" else "")
    attempts = itertools.count()  # what is read of a name is kept as long as the process lives

    def tried(content: bytes) -> None:
        for former in folder.glob("train_mixture*.csv"):
            former.unlink()
        (folder / f"train_mixture_{next(attempts)}m.csv").write_bytes(content)
        command("validate", kind, "--data", str(folder), "--fast")

    return Surface(_either(evidence()[kind]), tried, costs=10)


def _either(whole: str):
    return numbers_in(whole).map(str.encode) | damaged(whole.encode())


SURFACES = {
    "training-runs": training_runs,
    "ratings": functools.partial(works, "recommender", RATINGS),
    "works": functools.partial(works, "estimator", WORKS),
    **{kind.replace("_", "-"): functools.partial(published, kind) for kind in evidence()},
}
