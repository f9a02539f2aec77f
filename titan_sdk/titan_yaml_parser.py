"""The YAML parser under the name by which programs of the earlier Titan import it; see ``titan_sdk.pipelines.parser``."""

from titan_sdk.pipelines.parser import TitanYAMLParser

__all__ = ["TitanYAMLParser"]
