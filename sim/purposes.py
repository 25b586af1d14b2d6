"""What random draws are for: the second half of every random key.

Two draws with different purposes never share a stream, so a new mechanism disturbs none of
the draws that were there before.  Numbers are part of every published result: never reuse one.
"""

from __future__ import annotations

from typing import Final

NETWORK: Final = 1
"""Links; the attempt number is shared out by each generator."""
COLUMN: Final = 2
"""Creators' columns; the step is a checksum of the column's name."""
INITIATORS: Final = 3
"""Who starts."""
DECISION: Final = 4
"""A creator's decision in a step."""
VISIBLE: Final = 5
"""Whether a mobilised creator is seen."""
AWARENESS: Final = 6
"""Whether a creator hears of the campaign in a step."""
REVISION: Final = 7
"""Which creators reconsider in a step."""
ORDER: Final = 8
"""The order in which creators revise one after another."""
COMPLIANCE: Final = 9
"""Whether a lab honours a creator's request."""
HAZARD: Final = 10
"""Whether an event without a date happens in a step."""
INSTITUTION: Final = 11
"""What institutions draw."""
BOOTSTRAP: Final = 12
"""Resampling of results for intervals."""
PARAMETERS: Final = 13
"""Draws of uncertain surrogate constants."""
RETRAINING: Final = 14
"""What real retraining holds out, and who leaves in its strikes."""
CALIBRATION: Final = 15
"""Where a sequential calibration looks next."""
