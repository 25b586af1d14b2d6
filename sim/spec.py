"""What every specification shares: frozen, validated, saved and loaded without loss.

A *spec* is written by a user and says what a part of the world is; it never changes
and never computes anything heavy.  A *part* is a spec of which there are several kinds
(networks, decision rules, distributions); in a file its ``kind`` names the class.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Self, dataclass_transform

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.words.messages import in_words, nearest

Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
NonNegative = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]


@dataclass_transform(kw_only_default=False, frozen_default=True, field_specifiers=(Field,))
class Spec(BaseModel):
    """A frozen, validated description; positional arguments follow the order of the fields."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_default=True,
        ser_json_inf_nan="constants",
        defer_build=True,  # until first used: what a scenario does not use costs no start-up
    )

    def __init__(self, /, *args: Any, **fields: Any) -> None:
        names = list(type(self).model_fields)
        if len(args) > len(names):
            raise TypeError(
                f"{type(self).__name__} takes at most {len(names)} values, got {len(args)}"
            )
        for name, value in zip(names, args, strict=False):
            if name in fields:
                raise TypeError(f"{type(self).__name__} got {name!r} twice")
            fields[name] = value
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise in_words(error, fields, names) from None

    def replace(self, **changes: Any) -> Self:
        """Return a validated copy with some fields changed."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**{**fields, **changes})

    def to_data(self) -> dict[str, Any]:
        """Return the spec as plain data (dicts, lists, numbers, text), without unset optionals."""
        return self.model_dump(mode="json", serialize_as_any=True, exclude_none=True)

    def chosen(self) -> dict[str, Any]:
        """Return as plain data what differs from its default."""
        return self.model_dump(
            mode="json", serialize_as_any=True, exclude_none=True, exclude_defaults=True
        )


class Part(Spec):
    """A spec of which there are several kinds, told apart in files by ``kind``.

    The class directly below ``Part`` is the *family* (``Network``, ``Rule``, ...); it names
    the package that holds its kinds, one in each module, so that a kind is found by looking
    there.  A kind defined elsewhere (a user's own rule) is found once its module is imported.
    """

    package: ClassVar[str] = ""
    noun: ClassVar[str] = "part"
    plain: ClassVar[str] = ""
    _kinds: ClassVar[dict[str, type[Part]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if Part in cls.__bases__:
            cls._kinds = {}
        elif not cls.__name__.startswith("_"):
            cls._kinds[cls.kind()] = cls

    @classmethod
    def kind(cls) -> str:
        """Return the name of this kind in files, for example ``erdos_renyi``."""
        return _snake(cls.__name__)

    @classmethod
    def kinds(cls) -> dict[str, type[Part]]:
        """Return every known kind of this family by name."""
        for module in _modules(cls.package):
            importlib.import_module(module)
        return dict(sorted(cls._kinds.items()))

    @classmethod
    def find(cls, kind: str) -> type[Part]:
        """Return the class of a kind; raise a sentence with the nearest known name."""
        if kind not in cls._kinds:
            known = cls.kinds()
            if kind not in known:
                raise PydanticCustomError(
                    "unknown_kind",
                    "unknown {noun} {kind}; {hint}",
                    {"noun": cls.noun, "kind": repr(kind), "hint": nearest(kind, known)},
                )
        return cls._kinds[kind]

    @model_validator(mode="wrap")
    @classmethod
    def _choose_kind(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(data, dict) and "kind" in data:
            data = dict(data)
            kind = data.pop("kind")
            if Part in cls.__bases__:
                return cls.find(str(kind)).model_validate(data)  # type: ignore[return-value]
            if kind != cls.kind():
                raise PydanticCustomError(
                    "wrong_kind",
                    "must be of kind {own}, got {kind}",
                    {"own": repr(cls.kind()), "kind": repr(kind)},
                )
        elif Part in cls.__bases__ and not isinstance(data, cls):
            raise PydanticCustomError(
                "no_kind",
                "must be {plain}a {noun} with a kind (one of: {known})",
                {"plain": cls.plain, "noun": cls.noun, "known": ", ".join(cls.kinds())},
            )
        return handler(data)

    @model_serializer(mode="wrap")
    def _with_kind(self, handler: SerializerFunctionWrapHandler) -> Any:
        return {"kind": self.kind(), **handler(self)}


def _modules(package: str) -> Iterator[str]:
    if package:
        path = importlib.import_module(package).__path__
        for module in pkgutil.iter_modules(path):
            if not module.ispkg and not module.name.startswith("_"):
                yield f"{package}.{module.name}"


def find_class(package: str, name: str) -> Any:
    """Return a class of a package by name, importing the module of the same name.

    ``BarabasiAlbert`` is looked for in ``barabasi_albert`` first, then in the other modules.

    Raises
    ------
    AttributeError
        If no module of the package defines it.
    """
    if not name.startswith("_"):
        likely = f"{package}.{_snake(name)}"
        modules = sorted(_modules(package), key=lambda module: module != likely)
        for module in modules:
            found = getattr(importlib.import_module(module), name, None)
            if isinstance(found, type) and found.__module__ == module:
                return found
    raise AttributeError(f"module {package!r} has no attribute {name!r}")


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
