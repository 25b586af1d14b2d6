"""The loops that are written around a rule; `sim.decisions.loops` fills in the braces."""

from __future__ import annotations

HEAD = '''"""Written by datastrike around the rule {kind!r}; the file name is a hash of its text."""

from __future__ import annotations

import math

import numpy as np

from sim.kernels.audiences import LINED_UP, line_up
from sim.kernels.choice import BRACKETS, below, below_logistic, cell_of, edge, full_draw
from sim.kernels.compiled import compiled, inlined
from sim.kernels.crowd import AWARE, BOUND, COMMITTED, EVER, SEEN, change
from sim.kernels.exposure import POINTER_AHEAD, ROW_AHEAD, push
from sim.kernels.philox import fill_words, word
from sim.kernels.prefetch import prefetch
from sim.kernels.pull import pulled

FLIP = np.uint32(0xFFFFFFFF)

{rule}


@inlined
def stated(i, draw, clock, crowd, view, columns, parameters, memories):
    """Return what the rule's function returns for creator i."""
    seed, purpose, step = clock
    tactic, flags, since, community = crowd
    active, degrees, weights, pull, feed = view
{situation}
    return {call}


@inlined
def answer(i, draw, clock, crowd, view, columns, parameters, memories):
    """Return whether creator i acts in the next step."""
    seed, purpose, step = clock
{answer}


@compiled
def revise_listed(who, changed, clock, crowd, view, columns, parameters, memories):
    """List those of the creators ``who`` who change (changed int32, written)."""
    seed, purpose, step = clock
    tactic, flags, since, community = crowd
    size = 0
    for k in range(who.size):
        i = who[k]
{skip_listed}
        acts = answer(i, {word}, clock, crowd, view, columns, parameters, memories)
        if acts != (tactic[i] != 0):
            changed[size] = i
            size += 1
    return size


@compiled
def revise_in_order(
    who, changed, delta, clock, crowd, view, columns, parameters, memories, terms, links
):
    """Let the creators ``who`` decide one after another, each seeing what those before did."""
    seed, purpose, step = clock
    tactic, flags, since, community = crowd
    active, degrees, weights, pull, feed = view
    seen_purpose, repertoire, visibility, counts = terms
    indptr, indices, link_weights = links
    size = 0
    for k in range(who.size):
        i = who[k]
{skip_listed}
        acts = answer(i, {word}, clock, crowd, view, columns, parameters, memories)
        if acts != (tactic[i] != 0):
            changed[size] = i
            one, by = changed[size : size + 1], delta[size : size + 1]
            change(one, by, step, seed, seen_purpose, crowd, repertoire, visibility, counts)
            {show}
            size += 1
    return size
'''

PLAIN = '''

@compiled
def revise_all(begin, end, changed, room, clock, crowd, view, columns, parameters, memories):
    """List those of creators begin, begin + 1, ... who change (changed int32, written)."""
    seed, purpose, step = clock
    tactic, flags, since, community = crowd
    words = room[0]
    size = 0
    first = begin
    while first < end:
{fill}
        for i in range(first, min(end, first + words.size)):
{skip}
            draw = words[i - first]
            acts = answer(i, draw, clock, crowd, view, columns, parameters, memories)
            if acts != (tactic[i] != 0):
                changed[size] = i
                size += 1
        first += words.size
    return size
'''
"""For rules that may do anything."""

LOOKED_UP = '''

@compiled
def revise_all(begin, end, changed, room, clock, crowd, view, columns, parameters, memories):
    """List those of creators begin, begin + 1, ... who change (changed int32, written).

    Cells of the table are worked out for a block at a time in a loop that vectorises: it reads
    arrays directly, by unsigned numbers.  One look at the table settles most creators; the
    others are listed without a branch, which no processor could predict.  A second look settles
    most of those, who change.
    """
    seed, purpose, step = clock
    tactic, flags, since, community = crowd
    active, degrees, weights, pull, feed = view
    words, cells, doubtful, table, certain = room
    size = 0
    first = begin
    while first < end:
        last = min(end, first + words.size)
        fill_words(words, seed, purpose, step, first, 0)
        offset = np.uint64(first)
        for k in range(np.uint64(last - first)):
            i = offset + k
            acts = np.uint32(tactic[i] != 0)
            words[k] ^= FLIP * acts
{cell}
        left = 0
        for k in range(np.uint64(last - first)):
            doubtful[left] = k
            left += np.int64(words[k] <= table[np.uint32(cells[k])])
        for m in range(left):
            k = doubtful[m]
            i = first + k
{skip}
            if words[k] >= certain[np.uint32(cells[k])]:
                acts = tactic[i] != 0
                draw = words[k] ^ (FLIP * np.uint32(acts))
                if answer(i, draw, clock, crowd, view, columns, parameters, memories) == acts:
                    continue
            changed[size] = i
            size += 1
        first += words.size
    return size
'''
"""For rules whose answer to a draw mostly follows from a table.

The first table (``room[3]``) holds a word for each cell: a creator who does not act stays so if
its draw exceeds it; one who acts, if the draw's complement does.  By the second they change if
it lies below.
"""

TABULATE = '''

COUNTED = 64


@compiled
def tabulate(table, certain, clock, parameters):
    """Write the words that settle creators, by state and number of acting others.

    Both tables (uint32 (4 * 64,), written): states are acting now (1) plus has ever acted (2);
    from 63 acting others on, nothing is settled.
    """
    active = np.zeros(1, np.int64)
    tactic, flags = np.zeros(1, np.uint8), np.zeros(1, np.uint8)
    crowd = (tactic, flags, np.zeros(0, np.int32), np.zeros(0, np.uint16))
    none = np.zeros(0, np.int64)
    for state in range(4):
        tactic[0] = state & 1
        flags[0] = EVER if state & 2 else 0
        for k in range(COUNTED):
            active[0] = k
            view = (active, none, none, np.zeros(1), np.zeros(2))
            limit = edge(stated(0, 0, clock, crowd, view, (), parameters, ()))
            table[state * COUNTED + k] = FLIP - limit if state & 1 else limit
            certain[state * COUNTED + k] = table[state * COUNTED + k]
        table[state * COUNTED + COUNTED - 1] = 0xFFFFFFFF
        certain[state * COUNTED + COUNTED - 1] = 0
'''
"""For rules whose probability depends on counts alone."""

CASCADE = '''

FILL_FROM = 16
TABLED = 64


@inlined
def needed(degree_, i, columns, parameters):
    """Return how many acting others creator i needs to see; see the rule's quota."""
{quota_situation}
    return min({quota_call}, degree_ + 1)


@compiled
def need_all(need, found, degrees, columns, parameters):
    """Write how many each creator still needs, touched or not; list who needs nobody.

    From then on `pour` takes the place of `spread`: 0 or less are those who act.
    """
    size = 0
{tabulated}
    for i in range(need.size):
        left = np.int64(need[i]) - 1
        if left == -1:
            degree = degrees[i + 1] - degrees[i]
            left = {looked_up}
            if left <= 0:
                left = 0
                found[size] = i
                size += 1
        need[i] = left
    return size


@compiled
def pour(started, found, need, indptr, indices):
    """Show who started to those who see them; list who joins (found int32, written).

    ``need`` is as `need_all` leaves it and ``found`` has room for one more than join.
    """
    size = 0
    room = np.empty(LINED_UP, dtype=indices.dtype)
    at, link = 0, 0
    while at < started.size:
        lined, at, link = line_up(room, started, at, link, indptr, indices)
        for k in range(np.uint64(lined)):
            # written whether it joins or not: no processor could predict who does
            j = np.uint32(room[k])
            left = need[j] - 1
            need[j] = left
            found[size] = j
            size += np.int64(left == 0)
    return size


@compiled
def spread(started, delta, found, need, degrees, indices, columns, parameters):
    """Show who started to those who see them; list who joins (found int32, written).

    ``need`` (int16 or int32 (n,), written) is 0 for creators never touched, one more than the
    number of others still needed, or -1 for those who act.
    """
    size = 0
    for k in range(started.size):
        need[started[k]] = -1
    for k in range(started.size):
        if k + POINTER_AHEAD < started.size:
            prefetch(degrees, started[k + POINTER_AHEAD])
            prefetch(indices, degrees[started[k + ROW_AHEAD]])
        if delta[k] <= 0:
            continue
        i = np.uint32(started[k])
        for link in range(np.uint64(degrees[i]), np.uint64(degrees[i + np.uint32(1)])):
            j = np.uint32(indices[link])
            left = np.int64(need[j])
            if left < 0:
                continue
            if left == 0:
                degree = degrees[j + np.uint32(1)] - degrees[j]
                left = max(needed(degree, j, columns, parameters), 1) + 1
            left -= 1
            if left == 1:
                need[j] = -1
                found[size] = j
                size += 1
            else:
                need[j] = left
    return size


@compiled
def play_cascades(
    starters, bounds, values, parameters, community, links, need, found, shown, history, played
):
    """Play many cascades on one network, one after another, restoring what each touched.

    Parameters
    ----------
    starters : int32 (all initiators,)
        Initiators of run r are ``starters[bounds[r] : bounds[r + 1]]``.
    values : float64 (runs, columns)
        What everybody in run r has in each column of the rule.
    parameters : float64 (runs, parameters)
    need, found, shown : int16 or int32 (n,), int32 (n + 1,), int8 (n,)
        Zeros, room, and ones; see `spread`.
    history : int64 (runs, steps + 1, communities), written
        Creators who have joined, after each step; zeros at first.
    played : int64 (runs,), written
        Steps until nothing could change any more.
    """
    indptr, indices = links
    for run in range(values.shape[0]):
        columns, numbers = {columns_of_run}, {parameters_of_run}
        filled = False
        size = bounds[run + 1] - bounds[run]
        for k in range(size):
            found[k] = starters[bounds[run] + k]
        done = 0
        step = 0
        while True:
            for k in range(done, size):
                c = community[found[k]] if community.size > 0 else 0
                history[run, step, c] += 1
            if step + 1 == history.shape[1] or (done == size and step > 0):
                break
            started, room = found[done:size], found[size:]
            if filled:
                joined = pour(started, room, need, indptr, indices)
            else:
                joined = spread(started, shown, room, need, indptr, indices, columns, numbers)
            done = size
            size += joined
            step += 1
            if not filled and size * FILL_FROM > need.size:
                filled = True
                need_all(need, found[size:], indptr, columns, numbers)
            for c in range(history.shape[2]):
                history[run, step, c] = history[run, step - 1, c]
        played[run] = step
        for later in range(step + 1, history.shape[1]):
            for c in range(history.shape[2]):
                history[run, later, c] = history[run, step, c]
        restore(found[:size], need, indptr, indices)


@compiled
def restore(touching, need, indptr, indices):
    """Forget what creators touched (need int16 or int32 (n,), written)."""
    if touching.size * 16 > need.size:
        for i in range(need.size):
            need[i] = 0
        return
    for k in range(touching.size):
        i = touching[k]
        need[i] = 0
        for link in range(indptr[i], indptr[i + 1]):
            need[indices[link]] = 0
'''
"""For rules by which creators join at a number of acting others and stay."""
