"""Titan in memory, for unit tests of pipelines: no cluster, no network, milliseconds.

>>> from titan_sdk import TitanJob
>>> from titan_sdk.testing import FakeCluster, fail
>>> with FakeCluster() as cluster:
...     client = cluster.client()
...     cluster.on("extract", lambda job: job.client.store_put("rows", "42"))
...     cluster.on("train", fail(exit_code=3))
...     run = client.submit_dag("nightly", [
...         TitanJob("extract", script_content="..."),
...         TitanJob("train", script_content="...", parents=["extract"], retries=0),
...     ])
...     client.wait(run).phase, client.store_get("rows"), client.get_job_status("train")
('Failed', '42', 'FAILED')

The client is the real one; only what lies beyond the network is imitated: the API server, the store, and what the
operator and the pods would do. So a submission that the real one refuses is refused here too. Scripts are not run:
each job does what ``on`` says, and succeeds silently if nothing was said.

Time stands still but for ``advance``: delays and pauses between attempts take none, and a gate times out, or a job
exceeds its timeout, when a test lets so much time pass.
"""

from titan_sdk.testing.behaviours import FakeJob, Outcome, fail, hang, succeed
from titan_sdk.testing.clusters import FakeCluster

__all__ = ["FakeCluster", "FakeJob", "Outcome", "fail", "hang", "succeed"]
