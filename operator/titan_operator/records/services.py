"""What Kubernetes says about a service: its Deployment. (Its Service says nothing, so it is never read.)"""

from dataclasses import dataclass

from titan_operator.records.objects import Key, Meta

KIND_DEPLOYMENT = "Deployment"
KIND_SERVICE = "Service"


@dataclass(frozen=True, slots=True)
class DeploymentRecord:
    """The Deployment of a TitanJob of type Service."""

    meta: Meta
    job_uid: str
    """uid of the TitanJob that owns it; empty for a Deployment that only carries our labels."""
    is_available: bool
    """A pod of it is ready: the port answers."""
    trouble: str
    """Why it gets no pod, such as a quota that is used up; empty if nothing is wrong."""

    @property
    def key(self) -> Key:
        """Where it lives."""
        return Key(KIND_DEPLOYMENT, self.meta.namespace, self.meta.name)
