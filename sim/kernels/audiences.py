"""Rows of links put in line, so that what is done to each link runs through without a break.

Audiences differ in size, and no processor can predict where a short one ends: going through
them one by one costs more in wrong guesses than in work.  Here rows are copied whole, sixteen
links at a time, one behind another; what was copied beyond a row's end the next one overwrites.
"""

from __future__ import annotations

import numba
import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from sim.kernels.compiled import compiled
from sim.kernels.exposure import POINTER_AHEAD, ROW_AHEAD
from sim.kernels.prefetch import prefetch

WIDE = 16
"""Links copied at a time."""
LINED_UP = 4096
"""Places for links in line: few enough to stay in the nearest cache."""


@intrinsic
def _copy_wide(typing_context, into, at, source, begin):
    def code(context, builder, signature, arguments):
        element = context.get_data_type(source.dtype)
        row = ir.VectorType(element, WIDE).as_pointer()
        to, where, out_of, start = arguments
        to = context.make_array(into)(context, builder, to).data
        out_of = context.make_array(source)(context, builder, out_of).data
        links = builder.load(builder.bitcast(builder.gep(out_of, [start]), row), align=1)
        builder.store(links, builder.bitcast(builder.gep(to, [where]), row), align=1)
        return context.get_dummy_value()

    arrays = isinstance(into, types.Array) and isinstance(source, types.Array)
    if arrays and into.dtype == source.dtype and into.ndim == source.ndim == 1:
        return types.none(into, types.intp, source, types.intp), code
    return None


def _copied(into, at, source, begin):
    into[at : at + WIDE] = source[begin : begin + WIDE]


copy_wide = _copied if numba.config.DISABLE_JIT else _copy_wide
"""``copy_wide(into, at, source, begin)``: copy 16 elements, which must lie within both arrays."""


@compiled
def line_up(room, who, at, link, indptr, indices):
    """Put the audiences of creators ``who[at]``, ``who[at + 1]``, ... in line while they fit.

    Parameters
    ----------
    room : int32 (m,), written
        Audiences, one behind another.
    link : int
        Links of the first that were in line before.

    Returns
    -------
    tuple of int
        Links in line, the creator to go on with, and how many of its links are done.
    """
    size, most, safe = 0, room.size - WIDE, indices.size - WIDE
    while at < who.size:
        if at + POINTER_AHEAD < who.size:
            prefetch(indptr, who[at + POINTER_AHEAD])
            prefetch(indices, indptr[who[at + ROW_AHEAD]])
        # unsigned numbers spare the check for negative ones
        i = np.uint32(who[at])
        begin, end = np.int64(indptr[i]) + link, np.int64(indptr[i + np.uint32(1)])
        count = end - begin
        if end > safe or size + count > most:
            if size > 0 and end <= safe:
                break
            count = min(count, most - size)
            for k in range(count):
                room[size + k] = indices[begin + k]
            if begin + count < end:
                return size + count, at, link + count
        else:
            copy_wide(room, size, indices, begin)
            done = WIDE
            while done < count:
                copy_wide(room, size + done, indices, begin + done)
                done += WIDE
        size += count
        at += 1
        link = 0
    return size, at, link
