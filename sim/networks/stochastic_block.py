"""Links that prefer one's own community."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Self

from pydantic import model_validator

from sim.errors import InputError
from sim.networks.base import END, POINTER, NetworkSpec, check_ends, named
from sim.spec import NonNegative, Probability

if TYPE_CHECKING:
    from sim.networks.network import Network

ROUNDING = 0.01


class StochasticBlock(NetworkSpec):
    """Pairs are linked independently, with a probability set by their two communities.

    The stochastic block model (Holland, Laskey & Leinhardt 1983,
    doi:10.1016/0378-8733(83)90021-7).  With ``homophily`` h a creator of a community that
    holds the share s of all keeps the share h + (1 - h)s of its links at home (Coleman's index
    of inbreeding homophily, doi:10.17730/humo.17.4.q5604m676260q8n7); everyone has the same mean
    degree.
    Or ``matrix`` gives the mean number of links of a creator (row) into each community
    (column).
    """

    mean_degree: NonNegative | None = None
    """How many others a creator sees on average (without ``matrix``)."""

    homophily: Probability = 0.0
    """Share of links that stay in the community beyond chance: 0 mixed, 1 separate."""

    matrix: tuple[tuple[NonNegative, ...], ...] | None = None
    """Mean links of a creator of each community (row) into each (column)."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.mean_degree is None) == (self.matrix is None):
            raise ValueError("give either mean_degree or matrix")
        if self.matrix is not None and any(len(row) != len(self.matrix) for row in self.matrix):
            raise ValueError("matrix needs as many columns as rows")
        if self.matrix is not None and self.homophily:
            raise ValueError("homophily goes with mean_degree, a matrix has its own")
        return self

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        from sim.networks.blocks import Blocks
        from sim.networks.network import Network

        names = named(sizes, names)
        check_ends(sum(sizes), sum(sizes) * self._degree_bound())
        blocks = Blocks(sizes)
        pieces = self._by_homophily(sizes) if self.matrix is None else self._by_matrix(sizes)
        for community, other, end, probability in pieces:
            if probability > 1.0 + 1e-12:
                raise InputError(
                    f"network: {names[other]} has too few creators ({sizes[other]:,}) for the "
                    f"links of {names[community]}; lower mean_degree, homophily or matrix"
                )
            blocks.add(community, end, probability)
        return Network(*blocks.rows(seed), sizes, names)

    def memory(self, creators: int) -> int:
        return int(creators * (POINTER + END * self._degree_bound()))

    def _degree_bound(self) -> float:
        if self.matrix is None:
            return self.mean_degree or 0.0
        return max((sum(row) for row in self.matrix), default=0.0)

    def _by_homophily(self, sizes: tuple[int, ...]) -> Iterator[tuple[int, int, int, float]]:
        """Yield (community, other, end, probability): at home, then everywhere else."""
        creators, degree = sum(sizes), self.mean_degree or 0.0
        outside = (1.0 - self.homophily) * degree / max(creators - 1, 1)
        for c, end in enumerate(accumulate(sizes)):
            extra = self.homophily * degree / (sizes[c] - 1) if sizes[c] > 1 else 0.0
            yield c, c, end, outside + extra
            yield c, c, creators, outside

    def _by_matrix(self, sizes: tuple[int, ...]) -> Iterator[tuple[int, int, int, float]]:
        """Yield (community, other, end, probability) for each pair, once."""
        matrix = self.matrix or ()
        if len(matrix) != len(sizes):
            raise InputError(
                f"network: matrix needs a row for each of the {len(sizes)} communities, "
                f"got {len(matrix)}"
            )
        ends = list(accumulate(sizes))
        for c in range(len(sizes)):
            for d in range(c, len(sizes)):
                forth, back = matrix[c][d] * sizes[c], matrix[d][c] * sizes[d]
                if abs(forth - back) > ROUNDING * max(forth, back):
                    raise InputError(
                        f"network: matrix[{d}][{c}] must be {forth / max(sizes[d], 1):g}, got "
                        f"{matrix[d][c]:g}: {forth:g} links of {sizes[c]:,} creators end there"
                    )
                pairs = sizes[c] * (sizes[d] - (c == d))
                yield c, d, ends[d], (forth + back) / 2 / pairs if pairs else 0.0
