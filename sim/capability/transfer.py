"""How much one community's data are worth to another community's domain: the matrix T.

``T_ij`` is what the data of community j add to the domain of community i beside i's own, for
which ``T_ii`` = 1.  Not symmetric; above 1 where the other community teaches more than one's
own.  Negative values (interference) are known to occur but are outside this law.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, model_validator

from sim.errors import InputError
from sim.spec import Name, NonNegative, Part, Spec

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Community = Name | Annotated[int, Field(ge=0)]


class Override(Spec):
    """One entry of T stated by itself: what ``source`` gives to ``target``."""

    target: Community
    source: Community
    value: NonNegative


class Transfer(Part):
    """What communities' data are worth to one another."""

    package: ClassVar[str] = ""
    noun: ClassVar[str] = "transfer"

    def check(self, communities: int) -> None:
        """Raise `InputError` where this transfer is for another number of communities."""

    def factors(self, communities: int) -> tuple[Floats, Floats] | None:
        """Return receptivity g and generality h (communities,) if T_ij = g_i h_j, else nothing."""
        return None

    def matrix(self, communities: int, names: Sequence[str] = ()) -> Floats:
        """Return T (communities, communities): rows the targets, diagonal 1."""
        import numpy as np

        self.check(communities)
        factors = self.factors(communities)
        if factors is None:
            raise NotImplementedError(f"{type(self).__name__} states neither factors nor a matrix")
        matrix = np.multiply.outer(*factors)
        for target, source, value in self.stated(names):
            matrix[target, source] = value
        np.fill_diagonal(matrix, 1.0)
        return matrix

    def stated(self, names: Sequence[str]) -> list[tuple[int, int, float]]:
        """Return entries stated by themselves as (target, source, value)."""
        return []

    def pick(self, order: Sequence[int]) -> Transfer:
        """Return the transfer among some of the communities, by number, in that order."""
        return self

    def _sized(self, sizes: Sequence[int], communities: int) -> None:
        if any(size != communities for size in sizes):
            raise InputError(
                f"the {self.kind()} transfer is for {sizes[0]} communities and there are "
                f"{communities}: state one value for each community, or a flat transfer"
            )


def _places(overrides: tuple[Override, ...], names: Sequence[str]) -> list[tuple[int, int, float]]:
    places = {name: place for place, name in enumerate(names)}

    def find(community: str | int) -> int:
        if isinstance(community, int):
            return community
        if community not in places:
            raise InputError(
                f"a transfer override names community {community!r}, which is not among "
                f"{', '.join(names) or 'the declared names (none)'}: use a declared name"
            )
        return places[community]

    return [(find(entry.target), find(entry.source), entry.value) for entry in overrides]


class Flat(Transfer):
    """Every community's data are worth ``tau`` of one's own, whoever the other is.

    Default .12 (.05 to .25): median of the off-diagonal entries fitted to transformers of 70M
    to 410M parameters trained on five broad domains.
    """

    tau: NonNegative = 0.12
    overrides: tuple[Override, ...] = ()
    """Entries that differ."""

    def factors(self, communities: int) -> tuple[Floats, Floats]:
        """Return tau everywhere and 1 everywhere."""
        import numpy as np

        return np.full(communities, self.tau), np.ones(communities)

    def stated(self, names: Sequence[str]) -> list[tuple[int, int, float]]:
        """Return the overrides."""
        return _places(self.overrides, names)


class RankOne(Transfer):
    """T_ij = g_i h_j: receptivity of the target times generality of the source.

    Fits five broad domains as well as a full matrix (R2 .952 to .980 against .951 to .979 by
    held-out mixture) and not seventeen narrow ones.
    """

    receptivity: tuple[NonNegative, ...]
    """g: how much each community's domain gains from the others' data."""
    generality: tuple[NonNegative, ...]
    """h: how much each community's data give to the others' domains."""
    overrides: tuple[Override, ...] = ()
    """Entries that differ from the product."""

    @model_validator(mode="after")
    def _same_length(self) -> Self:
        if len(self.receptivity) != len(self.generality):
            raise ValueError("receptivity and generality need one value for each community")
        return self

    def check(self, communities: int) -> None:
        """Raise `InputError` unless there is a value for each community."""
        self._sized([len(self.receptivity)], communities)

    def factors(self, communities: int) -> tuple[Floats, Floats]:
        """Return g and h."""
        import numpy as np

        return np.array(self.receptivity), np.array(self.generality)

    def pick(self, order: Sequence[int]) -> RankOne:
        """Return the picked values; overrides by number are refused, they would be misplaced."""
        if any(isinstance(end, int) for one in self.overrides for end in (one.target, one.source)):
            raise InputError("overrides by number cannot follow communities: name them instead")
        return self.replace(
            receptivity=tuple(self.receptivity[i] for i in order),
            generality=tuple(self.generality[i] for i in order),
        )

    def stated(self, names: Sequence[str]) -> list[tuple[int, int, float]]:
        """Return the overrides."""
        return _places(self.overrides, names)


class Dense(Transfer):
    """Every entry of T stated: rows are the targets, columns the sources; the diagonal is 1."""

    rows: tuple[tuple[NonNegative, ...], ...]

    @model_validator(mode="after")
    def _square(self) -> Self:
        if any(len(row) != len(self.rows) for row in self.rows):
            raise ValueError("needs as many columns as rows")
        if any(abs(row[i] - 1.0) > 1e-12 for i, row in enumerate(self.rows)):
            raise ValueError("needs 1 on the diagonal: own data count fully")
        return self

    def check(self, communities: int) -> None:
        """Raise `InputError` unless there is a value for each community."""
        self._sized([len(self.rows)], communities)

    def matrix(self, communities: int, names: Sequence[str] = ()) -> Floats:
        """Return T as stated."""
        import numpy as np

        self.check(communities)
        return np.array(self.rows, dtype=np.float64)

    def pick(self, order: Sequence[int]) -> Self:
        """Return the picked rows and columns."""
        return self.replace(rows=tuple(tuple(self.rows[i][j] for j in order) for i in order))


class FromSimilarity(Dense):
    """T_ij = scale * s_ij^power from measured similarity of the communities' works.

    Similarity is the share of a community's held-out 8-byte strings that occur in another
    community's corpus, relative to its own.  Over 20 pairs of code communities it ranks fitted
    T at Spearman .84; ``scale`` and ``power`` are assumptions unless fitted.
    """

    rows: tuple[tuple[NonNegative, ...], ...]
    scale: NonNegative = 1.0
    power: Annotated[float, Field(gt=0.0, le=4.0)] = 1.0

    def matrix(self, communities: int, names: Sequence[str] = ()) -> Floats:
        """Return T with 1 on the diagonal."""
        import numpy as np

        matrix: Floats = self.scale * super().matrix(communities) ** self.power
        np.fill_diagonal(matrix, 1.0)
        return matrix
