"""Files, values and sets: what people put in is in the store, and what they take away is gone."""

import json
import re
from pathlib import Path

import pytest
from builders.dashboard.dashboards import Dashboard, eventually
from builders.dashboard.jobs import unique
from playwright.sync_api import expect

from titan_sdk import TitanClient
from titan_sdk.errors import TitanNotFound

PICTURE = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><rect width='40' height='20' fill='teal'/></svg>"
)


def names_of_files(client: TitanClient, prefix: str) -> list[str]:
    return [file.name for file in client.files.list(prefix)]


def test_a_file_is_uploaded_seen_downloaded_replaced_and_deleted(
    dashboard: Dashboard, client: TitanClient, tmp_path: Path
) -> None:
    folder = unique("notes")
    source = tmp_path / "plan.md"
    source.write_text("# The plan\n\n*soon*\n")
    page = dashboard.open(dashboard.people.requester).visit("/files?namespace=default")
    page.get_by_label("into folder").fill(folder)
    page.get_by_label("into folder").blur()
    page.get_by_label("Files to upload").set_input_files(source)
    expect(page.get_by_role("region", name="Uploads")).to_contain_text("uploaded")
    assert names_of_files(client, folder) == [f"{folder}/plan.md"]
    page.get_by_role("button", name=folder).click()
    page.get_by_role("button", name="plan.md").click()
    expect(page.get_by_role("heading", name="The plan")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_bytes() == source.read_bytes()

    source.write_text("# Another plan\n")
    page.get_by_label("Files to upload").set_input_files(source)
    expect(page.get_by_text("There is a file of this name. Replace it?")).to_be_visible()
    page.get_by_role("button", name="Replace").click()
    expect(page.get_by_role("heading", name="Another plan")).to_be_visible()

    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Go back").click()
    assert names_of_files(client, folder)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete the file").click()
    eventually(lambda: names_of_files(client, folder) == [], "the end of the file")
    expect(page.get_by_role("button", name="plan.md")).to_have_count(0)


def test_pictures_json_and_text_are_previewed(dashboard: Dashboard, client: TitanClient, tmp_path: Path) -> None:
    folder = unique("previews")
    contents = {"teal.svg": PICTURE, "data.json": '{"rows":[1,2]}', "words.txt": "just words"}
    for name, content in contents.items():
        (tmp_path / name).write_text(content)
        client.files.upload(tmp_path / name, f"{folder}/{name}")
    page = dashboard.open(dashboard.people.reader).visit(f"/files?namespace=default&prefix={folder}/")
    page.get_by_role("button", name="teal.svg").click()
    picture = page.get_by_role("img", name="teal.svg")
    expect(picture).to_be_visible()
    assert (picture.get_attribute("src") or "").startswith("blob:")
    assert picture.evaluate("(image) => image.naturalWidth") == 40
    page.get_by_role("button", name="data.json").click()
    expect(page.get_by_label("Content")).to_have_value(json.dumps({"rows": [1, 2]}, indent=2))
    page.get_by_role("button", name="words.txt").click()
    expect(page.get_by_label("Content")).to_have_value("just words")


def test_a_reader_may_neither_upload_nor_delete(dashboard: Dashboard, client: TitanClient, tmp_path: Path) -> None:
    name = f"{unique('kept')}.txt"
    (tmp_path / name).write_text("kept")
    client.files.upload(tmp_path / name)
    page = dashboard.open(dashboard.people.reader).visit(f"/files?namespace=default&file={name}")
    for button in ("Upload files", "Delete"):
        expect(page.get_by_role("button", name=button)).to_have_attribute("aria-disabled", "true")
        expect(page.get_by_role("button", name=button)).to_have_attribute("title", re.compile("^vera may not "))
    page.get_by_role("button", name="Delete").click(force=True)
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert names_of_files(client, name) == [name]


def test_a_value_is_put_edited_and_deleted(dashboard: Dashboard, client: TitanClient) -> None:
    key = unique("settings:best")
    page = dashboard.open(dashboard.people.requester).visit("/store?namespace=default")
    page.get_by_role("button", name="New value").click()
    form = page.get_by_role("form", name="New value")
    form.get_by_label("Key").fill(key)
    form.get_by_label("Value", exact=True).fill('{"model":"small"}')
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Value as JSON")).to_have_value(json.dumps({"model": "small"}, indent=2))
    assert client.store.get(key) == '{"model":"small"}'
    page.get_by_role("button", name="Edit").click()
    form = page.get_by_role("form", name=f"Edit {key}")
    form.get_by_label("Value", exact=True).fill("medium")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Value as Text")).to_have_value("medium")
    assert client.store.get(key) == "medium"
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name=key)).to_have_count(0)
    with pytest.raises(TitanNotFound):
        client.store.get(key)


def test_a_value_that_changed_meanwhile_is_not_overwritten_by_accident(
    dashboard: Dashboard, client: TitanClient
) -> None:
    key = unique("race")
    client.store_put(key, "as it was")
    page = dashboard.open(dashboard.people.requester).visit(f"/store?namespace=default&key={key}")
    page.get_by_role("button", name="Edit").click()
    client.store_put(key, "somebody was faster")
    form = page.get_by_role("form", name=f"Edit {key}")
    form.get_by_label("Value", exact=True).fill("mine")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_be_visible()
    assert client.store.get(key) == "somebody was faster"


def test_keys_are_read_as_folders_and_sets_show_their_members(dashboard: Dashboard, client: TitanClient) -> None:
    word = unique("topics")
    for number in range(3):
        client.store_put(f"{word}:{number}", f"value {number}")
        client.store_sadd(f"{word}:set", f"member {number}")
    page = dashboard.open(dashboard.people.reader).visit("/store?namespace=default")
    page.get_by_role("button", name=word).click()
    page.get_by_role("list", name="values").get_by_role("button").nth(1).click()
    expect(page.get_by_label("Value as Text")).to_have_value("value 1")
    page.get_by_role("tab", name="Sets").click()
    page.get_by_role("button", name=word).click()
    page.get_by_role("button", name="set").last.click()
    expect(page.get_by_role("grid", name=f"Members of {word}:set").get_by_role("row")).to_have_count(4)
