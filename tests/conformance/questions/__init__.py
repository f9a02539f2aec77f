"""What both servers are asked, by topic. Their answers, as a kube-apiserver gave them, are in ``answers/``."""

from conformance.questions import (
    applies,
    builtins,
    definitions,
    deletions,
    identities,
    lists,
    metadata,
    pod_updates,
    pods,
    schemas,
    titan,
)
from conformance.questions.asking import Question

TOPICS: dict[str, tuple[Question, ...]] = {
    module.__name__.rpartition(".")[2]: module.QUESTIONS
    for module in (
        pods,
        pod_updates,
        metadata,
        schemas,
        definitions,
        applies,
        lists,
        deletions,
        identities,
        builtins,
        titan,
    )
}
