"""Write the CustomResourceDefinitions to ``crds/``, and as templates to the chart; ``make verify`` fails when the
committed files differ.

They are templates, and not in the chart's own ``crds/`` folder, because Helm never upgrades what is there.
"""

from pathlib import Path
from typing import Any

import yaml

from titan_api import names
from titan_api.kinds.crds import custom_resource_definitions

HEADER = "# Generated from titan_api by tools/generate_crds.py (make generate); do not edit.\n"
CONDITION = '{{- if and .Values.crds.install (include "titan.hasClusterObjects" .) }}\n'
METADATA = f"""  labels: {{{{- include "titan.labels" . | nindent 4 }}}}
  annotations:
    {names.ANNOTATION_SCHEMA}: "{names.SCHEMA}"
    {{{{- if .Values.crds.keep }}}}
    helm.sh/resource-policy: keep
    {{{{- end }}}}
"""
WIDTH = 110
ROOT = Path(__file__).parent.parent


def main() -> None:
    """Regenerate every file under crds/, and the chart's copies."""
    for definition in custom_resource_definitions():
        name = definition["metadata"]["name"]
        (ROOT / "crds" / f"{name}.yaml").write_text(HEADER + _as_yaml(definition), encoding="utf-8")
        template = ROOT / "charts" / "titan" / "templates" / f"crd-{name}.yaml"
        template.write_text(render_template(definition), encoding="utf-8")


def render_template(definition: dict[str, Any]) -> str:
    """The definition as a template of the chart, which says whether it is installed, and whether kept."""
    text = _as_yaml(definition | {"metadata": {"name": definition["metadata"]["name"]}})
    if "{{" in text:
        raise ValueError(f"{definition['metadata']['name']} has text that Helm would take for its own")
    head, spec = text.split("spec:\n", 1)
    return f"{CONDITION}{HEADER}{head}{METADATA}spec:\n{spec}{{{{- end }}}}\n"


def _as_yaml(definition: dict[str, Any]) -> str:
    return yaml.safe_dump(definition, sort_keys=False, width=WIDTH)


if __name__ == "__main__":
    main()
