"""What the API server knows about one kind of object; the built-in kinds and the CRDs are both of this shape."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from titan_local.apiserver.rules.schemas.expressions import RuleTree

_WITH_GENERATION = frozenset({"pods", "deployments", "priorityclasses", "customresourcedefinitions"})
_DELETED_OBJECT_RETURNED = frozenset({"pods", "services", "serviceaccounts", "persistentvolumeclaims"})


@dataclass(frozen=True)
class Column:
    """One column of a Table, as in a CRD's additionalPrinterColumns."""

    name: str
    type: str
    json_path: str
    """Kubernetes' JSONPath with its leading dot, such as ``.status.phase``."""
    priority: int = 0
    description: str = ""


@dataclass(frozen=True)
class ResourceType:
    """One served resource of one group and version."""

    group: str
    """Empty for the core group."""
    version: str
    plural: str
    singular: str
    kind: str
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    status_subresource: bool = False
    schema: dict[str, Any] | None = None
    """Structural schema of a custom resource; None for the built-in kinds."""
    rules: RuleTree | None = None
    """The schema's validation rules; None if it has none."""
    columns: tuple[Column, ...] = ()
    selectable_fields: tuple[str, ...] = ()
    """Paths besides metadata.name and metadata.namespace that field selectors may name, as ``spec.nodeName``."""
    verbs: tuple[str, ...] = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
    list_kind: str = ""
    extra_subresources: tuple[str, ...] = field(default=())
    """Such as ``log`` and ``binding`` of pods."""

    @property
    def api_version(self) -> str:
        """``group/version``, or the version alone for the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def group_resource(self) -> str:
        """``plural.group`` as error messages name it: ``titandags.titan.io``, but ``pods``."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @cached_property
    def stored_as(self) -> str:
        """Under which name objects are kept: both event APIs show the same events."""
        return "events" if self.plural == "events" else self.group_resource

    @property
    def has_generation(self) -> bool:
        """Whether metadata.generation counts the changes of what is asked for."""
        return self.is_custom or self.plural in _WITH_GENERATION

    @property
    def is_review(self) -> bool:
        """Whether it is a question that is answered and not stored."""
        return self.verbs == ("create",)

    @property
    def shows_deleted(self) -> bool:
        """Whether a DELETE is answered with the object that is gone, and not with a Status."""
        return self.plural in _DELETED_OBJECT_RETURNED

    @property
    def is_custom(self) -> bool:
        """Whether a CustomResourceDefinition defined it."""
        return self.schema is not None
