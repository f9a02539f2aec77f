"""A DAG as a file for ``kubectl apply``: one TitanDAG and its TitanJobs, without spec.jobCount.

Jobs of such a DAG start as they come, and a parent that is not there yet is waited for; so the order in which
kubectl creates them does not matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from titan_api import names
from titan_api.json_types import Json
from titan_sdk.connections import Connections
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.manifests import Owner, build_dag
from titan_sdk.submit.settings import DagSettings
from titan_sdk.submit.submissions import build_jobs, draw_suffix, new_stamp, plan_dag, prepare
from titan_sdk.transport.installations import needing

if TYPE_CHECKING:
    import yaml


def render_dag(
    connections: Connections,
    name: str,
    jobs: Sequence[TitanJob],
    settings: DagSettings,
    uploaded: Mapping[str, str] | None = None,
) -> str:
    """The manifest, ending in a newline. A DAG with gates carries a stamp: its requester must be known."""
    submissions = prepare(connections, plan_dag(name, jobs), uploaded)
    stamp = (
        new_stamp(connections.identity().name) if any(one.job.hitl_message is not None for one in submissions) else None
    )
    dag = build_dag(names.dag_name(name, draw_suffix()), name, None, settings, stamp)
    return to_yaml([dag, *build_jobs(submissions, Owner(dag["metadata"]["name"], None), stamp)])


def to_yaml(documents: Sequence[Json]) -> str:
    """Several documents in one text; scripts stay readable."""
    with needing("PyYAML", "writing YAML"):
        import yaml

    class Dumper(yaml.SafeDumper):
        """Writes texts of several lines as such."""

        def ignore_aliases(self, data: Any) -> bool:
            """An object that occurs twice is written twice: kubectl's readers are people."""
            return True

    Dumper.add_representer(str, _represent_text)
    return yaml.dump_all(documents, Dumper=Dumper, sort_keys=False, explicit_start=True, allow_unicode=True, width=120)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)
