"""Who reconsiders in a step, in which order, and which pledges bind."""

from __future__ import annotations

import math

from sim.purposes import ORDER, REVISION
from tests.twin.philox import block, unit

GROUP = 1024
OFTEN = 0.05


def reconsidering(model, share):
    """Those who reconsider: all, many by a draw each, or few, found by geometric gaps."""
    if share == 1.0:
        return list(model.creators)
    if share >= OFTEN:
        return [creator for creator in model.creators if creator.draw(REVISION) < share]
    return [model.creators[i] for i in picked(model.seed, model.now, len(model.creators), share)]


def picked(seed, step, size, share):
    """Numbers below ``size``, each with probability ``share``; each group has its own draws."""
    found = []
    for group in range(math.ceil(size / GROUP) if share > 0.0 else 0):
        last = group * GROUP - 1
        for attempt in range(GROUP + 1):
            high, low, _, _ = block(seed, REVISION, step, group, attempt)
            gap = math.log1p(-unit(high, low)) * (1.0 / math.log1p(-share))
            if gap >= GROUP:
                break
            last += 1 + int(gap)
            if last >= min(size, (group + 1) * GROUP):
                break
            found.append(last)
    return found


def in_keyed_order(creators):
    return sorted(creators, key=lambda creator: creator.draw(ORDER))


def largest_group(creators):
    """Pledges that bind: drop whoever the others do not satisfy until nobody has to go."""
    signed = [creator for creator in creators if not creator.mobilised]
    while True:
        staying = []
        for creator in signed:
            active, degree, feed = creator.view
            if creator.wants_to_act(active + len(signed) - 1, degree, feed):
                staying.append(creator)
        if len(staying) == len(signed):
            return staying
        signed = staying
