"""A field of a job is described once: what people type, what agents are offered and what the API server takes agree."""

import inspect
from collections.abc import Iterator

import pytest
import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from titan_api.job_fields import FIELDS, JobField, Shape
from titan_api.kinds.jobs import TitanJobSpec
from titan_sdk import TitanJob
from titan_sdk.cli.app import build_app
from titan_sdk.mcp.server import build_server
from titan_sdk.testing import FakeCluster

IN_SPEC = [one for one in FIELDS.values() if one.path]
NUMBERS = [one for one in FIELDS.values() if one.shape is Shape.INTEGER]


def in_model(path: tuple[str, ...]) -> FieldInfo:
    """The field of the pydantic models at a path of the spec."""
    model: type[BaseModel] = TitanJobSpec
    found: FieldInfo | None = None
    for step in path:
        found = next(one for one in model.model_fields.values() if one.alias == step)
        model = next(iter(models_of(found)), model)
    assert found is not None
    return found


def models_of(field: FieldInfo) -> Iterator[type[BaseModel]]:
    for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield kind


def bounds_of(field: FieldInfo) -> tuple[object, object]:
    """The least and the greatest number, wherever pydantic keeps them."""
    metadata = [*field.metadata, *(m for kind in getattr(field.annotation, "__args__", ()) for m in notes_of(kind))]
    low = next((m.ge for m in metadata if hasattr(m, "ge")), None)
    high = next((m.le for m in metadata if hasattr(m, "le")), None)
    return low, high


def notes_of(kind: object) -> Iterator[object]:
    for note in getattr(kind, "__metadata__", ()):
        yield from getattr(note, "metadata", (note,))


def test_the_arguments_of_a_job_are_its_fields_in_their_order() -> None:
    assert list(inspect.signature(TitanJob).parameters) == list(FIELDS)


@pytest.mark.parametrize("one", [one for one in FIELDS.values() if one.name != "job_id"], ids=lambda one: one.name)
def test_an_argument_that_nobody_gave_is_none_or_what_the_reference_says(one: JobField) -> None:
    assert inspect.signature(TitanJob).parameters[one.name].default in (None, one.default)


@pytest.mark.parametrize("one", IN_SPEC, ids=lambda one: one.name)
def test_the_api_server_knows_each_field_at_its_place(one: JobField) -> None:
    assert in_model(one.path).alias == one.path[-1]


@pytest.mark.parametrize("one", [one for one in NUMBERS if one.path], ids=lambda one: one.name)
def test_the_api_server_takes_the_numbers_that_the_sdk_takes(one: JobField) -> None:
    low, high = bounds_of(in_model(one.path))
    assert high == one.high
    # No port is written as no field at all.
    assert low == (one.low if one.name != "port" else 1)


@pytest.mark.parametrize("one", [one for one in NUMBERS if one.path and one.default], ids=lambda one: one.name)
def test_a_number_that_nobody_gave_means_the_same_everywhere(one: JobField) -> None:
    assert in_model(one.path).default == one.default


@pytest.mark.parametrize("one", NUMBERS, ids=lambda one: one.name)
@pytest.mark.parametrize("beyond", ["low", "high"])
def test_a_number_beyond_its_bounds_is_refused_by_the_name_of_its_field(one: JobField, beyond: str) -> None:
    value = (one.low or 0) - 1 if beyond == "low" else (one.high or 0) + 1
    more = {"hitl_message": "ok?"} if one.name == "required_approvals" else {}
    with pytest.raises(ValueError, match=f"^{one.name} of job 'a' must be from {one.low} to {one.high}, not {value}$"):
        TitanJob("a", script_content="1", **{one.name: value}, **more)


def test_titan_run_has_an_option_for_each_field_that_wants_one() -> None:
    command = typer.main.get_command(build_app()).commands["run"]
    options = {name for one in command.params for name in one.opts}
    assert {one.option for one in FIELDS.values() if one.option} <= options


async def test_the_tool_for_one_job_offers_each_field_that_agents_may_use() -> None:
    with FakeCluster() as cluster:
        tools = {tool.name: tool for tool in await build_server(cluster.client()).list_tools()}
    offered = tools["submit_single_job"].input_schema["properties"]
    assert set(offered) == {one.name for one in FIELDS.values() if one.is_for_agents}
    assert all(offered[one.name]["description"].startswith(one.help) for one in FIELDS.values() if one.is_for_agents)
