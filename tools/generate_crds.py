"""Write the CustomResourceDefinitions to ``crds/``; ``make verify`` fails when the committed files differ."""

from pathlib import Path

import yaml

from titan_sdk.api.crds import custom_resource_definitions

HEADER = "# Generated from titan_sdk/api by tools/generate_crds.py (make generate); do not edit.\n"


def main() -> None:
    """Regenerate every file under crds/."""
    folder = Path(__file__).parent.parent / "crds"
    for definition in custom_resource_definitions():
        path = folder / f"{definition['metadata']['name']}.yaml"
        path.write_text(HEADER + yaml.safe_dump(definition, sort_keys=False, width=110), encoding="utf-8")


if __name__ == "__main__":
    main()
