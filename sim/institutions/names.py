"""Types that descriptions of institutions share."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

InstitutionName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.\- ]*$", max_length=64)]
Steps = Annotated[int, Field(ge=0)]
