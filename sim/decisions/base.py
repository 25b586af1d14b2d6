"""What every decision rule is: a frozen spec and a plain function of one creator's situation.

The function states the rule for one creator in plain Python.  Its parameter names say what it
reads; the engine passes exactly that, and compiles it into a loop over the crowd on first use:

=================  =====================================================================
name               meaning
=================  =====================================================================
``mobilised``      whether the creator acts now
``ever``           whether it has ever acted
``active``         others it sees acting (weighted count)
``degree``         others it could see (weighted count)
``exposure``       ``active / degree``, 0 for isolates
``creators``       creators in the world
``step``           number of the step
``duration``       steps since the creator last changed
``weight``         what the creator itself counts for in ``active`` and ``degree``
``shift``          net pull of feedback on this creator (utility)
``draw``           a random number in [0, 1), new in each step
a column           ``threshold``, ``grievance``, ``cost``, ``efficacy`` or a trait
a memory           what the function returned for it in the creator's last decision
a field            any number or truth value of the rule's spec
=================  =====================================================================

A rule defines exactly one of

``decide``
    whether the creator acts in the next step;
``probability``
    the probability that it does;
``log_odds``
    the logarithm of the odds that it does.

A rule with memories defines ``decide`` and returns the answer followed by the new memories.

The function is written with ``@staticmethod``; it may use numbers, comparisons, ``if``, loops,
``math``, and numbers and plain functions of its module.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, ClassVar, Literal, Self

from pydantic import (
    ModelWrapValidatorHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.errors import InputError
from sim.spec import Part

FORMS = ("decide", "probability", "log_odds")
SITUATION = frozenset(
    "mobilised ever active degree exposure creators step duration weight shift draw".split()
)
PLAIN = inspect.Parameter.POSITIONAL_OR_KEYWORD
COLUMNS = ("threshold", "grievance", "cost", "efficacy")
SOURCE = "source_sha256"
"""Where files keep the digest of the source of a user's rule, so that no other is played."""


class Rule(Part):
    """A decision rule."""

    package: ClassVar[str] = "sim.decisions"
    noun: ClassVar[str] = "rule"

    when: ClassVar[Literal["always", "reached", "pledge"]] = "always"
    """``reached``: a creator's answer changes only when what it sees changes, so only those
    creators have to decide; ``always``: everybody decides in every step; ``pledge``: the
    largest group whose members would all act, given that the others in it do."""
    order: ClassVar[Literal["simultaneous", "one_by_one"]] = "simultaneous"
    """In which order creators revise, unless the scenario says."""
    traits: ClassVar[dict[str, float]] = {}
    """Columns of its own that the rule reads, with the value of those who have none stated."""
    memories: ClassVar[dict[str, float]] = {}
    """Columns that the rule writes, with their first value; a trait of the name overrides it."""
    weighs: ClassVar[str | None] = None
    """Trait by which creators count for others; all count alike without it."""
    scales_pull: ClassVar[bool] = False
    """Whether ``shift`` is in units of the threshold or of log odds, not of utility: it then
    comes multiplied by the weight w of `Feedback`."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        known = ("always", "reached", *(["pledge"] if cls.is_built_in() else []))
        if cls.when not in known:
            raise InputError(
                f"rule {cls.kind()}: when must be one of {', '.join(known)}, got {cls.when!r}"
            )
        hiding = sorted(SITUATION & cls.model_fields.keys())
        if hiding:
            raise InputError(
                f"rule {cls.kind()}: field {hiding[0]!r} has the name of what the engine says; "
                "call it something else"
            )

    @classmethod
    def is_built_in(cls) -> bool:
        """Return whether a rule comes with the package, so that tests have tried it."""
        return cls.__module__.startswith("sim.decisions.")

    @classmethod
    @functools.cache
    def source_digest(cls) -> str:
        """Return the hexadecimal SHA-256 of all the source that decides how a rule plays.

        Comments, docstrings and annotations do not change it.

        Raises
        ------
        InputError
            If the source cannot be had.
        """
        import hashlib

        from sim.decisions.sources import rule_source

        return hashlib.sha256(rule_source(cls).encode()).hexdigest()

    @model_serializer(mode="wrap")
    def _with_kind(self, handler: SerializerFunctionWrapHandler) -> Any:
        own = {} if self.is_built_in() else {SOURCE: self.source_digest()}
        return {"kind": self.kind(), **own, **handler(self)}

    @model_validator(mode="wrap")
    @classmethod
    def _same_source(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(data, dict) and SOURCE in data:
            if cls is not Rule:
                cls._compare_source(str(data[SOURCE]))
                data = {key: value for key, value in data.items() if key != SOURCE}
            elif data.get("kind") not in cls.kinds():
                raise PydanticCustomError(
                    "own_rule",
                    "rule {kind} does not come with datastrike; give its file with --rule FILE.py",
                    {"kind": repr(data.get("kind"))},
                )
        rule = handler(data)
        if not rule.is_built_in():
            rule.source_digest()  # refused here and not when it is saved
        return rule

    @classmethod
    def _compare_source(cls, recorded: str) -> None:
        found = cls.source_digest()
        if found != recorded:
            raise PydanticCustomError(
                "other_source",
                "rule {kind} is not as it was: its source has the digest {found}, not {recorded}; "
                "give the file as it was, or remove {key} from a scenario's file",
                {
                    "kind": repr(cls.kind()),
                    "found": found[:12],
                    "recorded": recorded[:12],
                    "key": SOURCE,
                },
            )

    @property
    def everyone(self) -> bool:
        """Whether creators see the whole crowd instead of their neighbours."""
        return getattr(self, "scope", "neighbours") == "everyone"

    def parameters(self) -> dict[str, float | int | bool]:
        """Return the numbers of the spec that the function may read, by name."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: v for name, v in fields.items() if isinstance(v, (bool, int, float))}

    def sees_shares(self) -> bool:
        """Return whether creators go by the share of others who act, not by their number."""
        return "exposure" in self.reads() and not self.parameters().get("counted")

    def monotone(self) -> bool:
        """Return whether more acting others never make a creator less willing to act."""
        return False

    @classmethod
    def form(cls) -> str:
        """Return which of the three functions states this rule."""
        defined = [name for name in FORMS if callable(getattr(cls, name, None))]
        if len(defined) != 1:
            raise InputError(
                f"rule {cls.kind()}: expected exactly one of {', '.join(FORMS)}, "
                f"got {', '.join(defined) or 'none'}"
            )
        if cls.memories and defined != ["decide"]:
            raise InputError(f"rule {cls.kind()}: has memories, so it must define decide")
        return defined[0]

    @classmethod
    def function(cls) -> Callable[..., Any]:
        """Return the plain Python function that states this rule for one creator."""
        stated: Callable[..., Any] = getattr(cls, cls.form())
        return stated

    @classmethod
    def counts_up_to(cls) -> Callable[..., int] | None:
        """Return the rule's ``quota``, where it states one: the number of acting others needed.

        A static function of ``degree``, columns and fields; the creator joins when it sees
        that many acting others or more, as ``decide`` says.
        """
        return getattr(cls, "quota", None)

    def stays(self) -> bool:
        """Return whether creators who act never stop, whatever they see."""
        return False

    @classmethod
    @functools.cache
    def reads(cls) -> tuple[str, ...]:
        """Return the names that the rule's function reads, in its own order."""
        form = cls.form()
        if not isinstance(inspect.getattr_static(cls, form), staticmethod):
            raise InputError(f"rule {cls.kind()}: write @staticmethod above {form}")
        read = inspect.signature(cls.function()).parameters
        for parameter in read.values():
            if parameter.kind != PLAIN or parameter.default is not parameter.empty:
                raise InputError(
                    f"rule {cls.kind()}: {form} must list the names that it reads, without "
                    f"defaults or stars, got {parameter}"
                )
        return tuple(read)

    def columns(self) -> tuple[str, ...]:
        """Return the creators' columns that the rule reads."""
        return self._columns

    @functools.cached_property
    def _columns(self) -> tuple[str, ...]:
        known = SITUATION | self.parameters().keys() | self.memories.keys()
        columns = tuple(name for name in self.reads() if name not in known)
        for name in columns:
            if name in type(self).model_fields:
                raise InputError(
                    f"rule {self.kind()}: {self.form()} reads {name!r}, which is not a number"
                )
        return columns
