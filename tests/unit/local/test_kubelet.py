"""The kubelet as a process: what becomes of pods that are bound to its nodes."""

import base64
import http.client
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from builders.kubernetes.control_plane import PODS, ControlPlane, wait_for

from titan_kube.kubeconfigs import read_kubeconfig


def read_log(plane: ControlPlane, pod: str, query: str = "") -> str:
    access = read_kubeconfig(plane.state.kubeconfig)
    address = urlsplit(access.server)
    context = ssl.create_default_context(cadata=access.read_authority())
    connection = http.client.HTTPSConnection(str(address.hostname), address.port, timeout=20, context=context)
    try:
        connection.request("GET", f"{PODS}/{pod}/log{query}", headers={"Authorization": f"Bearer {access.token}"})
        return connection.getresponse().read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("name", "script", "phase", "ending"),
    [
        ("good", "true", "Succeeded", {"exitCode": 0, "reason": "Completed"}),
        ("bad", "exit 3", "Failed", {"exitCode": 3, "reason": "Error"}),
        ("killed", "kill -9 $$$$", "Failed", {"exitCode": 137, "signal": 9, "reason": "Error"}),
        ("words", 'echo "last words" > "$TITAN_TERMINATION_LOG"', "Succeeded", {"message": "last words\n"}),
    ],
)
def test_the_status_tells_how_the_program_ended(
    plane: ControlPlane, name: str, script: str, phase: str, ending: dict[str, object]
) -> None:
    plane.run_pod(name, script)

    status = plane.wait_for_phase(name, "Succeeded", "Failed")["status"]

    assert status["phase"] == phase
    assert ending.items() <= status["containerStatuses"][0]["state"]["terminated"].items()
    assert status["startTime"] <= status["containerStatuses"][0]["state"]["terminated"]["finishedAt"]


def test_a_program_that_does_not_exist_is_reported_as_such(plane: ControlPlane) -> None:
    plane.run_pod("missing", "", container={"command": ["/no/such/program"]})

    assert plane.wait_for_end("missing") == {
        "exitCode": 128,
        "reason": "ContainerCannotRun",
        "message": "/no/such/program: No such file or directory",
    } | {field: plane.wait_for_end("missing")[field] for field in ("startedAt", "finishedAt")}


def test_an_image_without_a_command_fails_saying_that_no_images_are_run(plane: ControlPlane) -> None:
    plane.run_pod("image", "", container={"command": []})

    status = plane.wait_for_phase("image", "Failed")["status"]

    assert status["reason"] == "ErrImagePull"
    assert 'does not run images; the container "main" needs a command' in status["message"]


def test_the_log_is_served_while_the_program_runs_and_afterwards(plane: ControlPlane, tmp_path: Path) -> None:
    plane.run_pod("talker", f"echo one; while [ ! -e {tmp_path}/go ]; do sleep 0.02; done; echo two")
    wait_for(lambda: read_log(plane, "talker") == "one\n")

    (tmp_path / "go").touch()

    assert read_log(plane, "talker", "?follow=true") == "one\ntwo\n"
    plane.wait_for_phase("talker", "Succeeded")
    assert read_log(plane, "talker", "?tailLines=1") == "two\n"


def test_variables_volumes_and_identity_reach_the_program(plane: ControlPlane) -> None:
    secret = {"metadata": {"name": "key"}, "data": {"word": base64.b64encode(b"secret-word").decode()}}
    plane.admin.request("POST", "/api/v1/namespaces/default/secrets", secret)
    token = {"serviceAccountToken": {"audience": "titan-store", "path": "token", "expirationSeconds": 3600}}
    container = {
        "env": [
            {"name": "PLAIN", "value": "a$(HOME_OF)b"},
            {"name": "ESCAPED", "value": "$$(PLAIN)"},
            {"name": "JOINED", "value": "<$(PLAIN)>"},
            {"name": "NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
            {"name": "WORD", "valueFrom": {"secretKeyRef": {"name": "key", "key": "word"}}},
            {"name": "FOLDER", "value": "/workspace"},
        ],
        "workingDir": "/workspace",
        "volumeMounts": [
            {"name": "workspace", "mountPath": "/workspace"},
            {"name": "key", "mountPath": "/etc/key"},
            {"name": "identity", "mountPath": "/var/run/titan"},
        ],
    }
    volumes = [
        {"name": "workspace", "emptyDir": {}},
        {"name": "key", "secret": {"secretName": "key"}},
        {"name": "identity", "projected": {"sources": [token]}},
    ]
    script = (
        'echo "$PLAIN|$ESCAPED|$JOINED|$NAME|$WORD|$HOSTNAME"; [ "$FOLDER" = "$PWD" ] && echo home;'
        'cat "$(dirname "$FOLDER")/key/word"; echo; ls "$(dirname "$FOLDER")/identity"'
    )

    plane.run_pod("rich", script, container=container, volumes=volumes)

    assert plane.wait_for_end("rich")["exitCode"] == 0
    expected = "a$(HOME_OF)b|$(PLAIN)|<a$(HOME_OF)b>|rich|secret-word|rich\nhome\nsecret-word\ntoken\n"
    assert read_log(plane, "rich") == expected


def test_the_pod_s_kubeconfig_is_its_service_account_s(plane: ControlPlane) -> None:
    program = (
        "import os\nfrom pathlib import Path\nfrom titan_local.running.admin import Admin\n"
        "path = '/apis/authentication.k8s.io/v1/selfsubjectreviews'\n"
        "review = Admin(Path(os.environ['KUBECONFIG'])).request('POST', path, {})\n"
        "print(review['status']['userInfo']['username'])\n"
    )

    plane.run_pod("whoami", "", container={"command": ["python", "-c", program]})

    assert plane.wait_for_end("whoami")["exitCode"] == 0
    assert read_log(plane, "whoami") == "system:serviceaccount:default:default\n"


def test_a_secret_that_is_missing_is_waited_for(plane: ControlPlane) -> None:
    variable = {"name": "WORD", "valueFrom": {"secretKeyRef": {"name": "late", "key": "word"}}}
    plane.run_pod("patient", "echo $WORD", container={"env": [variable]})

    def waiting() -> str:
        pod = plane.get_pod("patient")
        statuses = (pod or {}).get("status", {}).get("containerStatuses") or [{}]
        return str(statuses[0].get("state", {}).get("waiting", {}).get("message", ""))

    assert '"late" not found' in wait_for(waiting)
    late = {"metadata": {"name": "late"}, "stringData": {"word": "at last"}}
    plane.admin.request("POST", "/api/v1/namespaces/default/secrets", late)

    assert plane.wait_for_end("patient")["exitCode"] == 0
    assert read_log(plane, "patient") == "at last\n"


def test_deletion_gives_the_program_time_to_clean_up(plane: ControlPlane, tmp_path: Path) -> None:
    script = f"trap 'echo cleaned > {tmp_path}/end; exit 0' TERM; touch {tmp_path}/up; while :; do sleep 0.02; done"
    plane.run_pod("polite", script)
    wait_for((tmp_path / "up").exists)

    plane.delete_pod("polite", grace=20)

    assert (tmp_path / "end").read_text() == "cleaned\n"


def test_a_program_that_ignores_sigterm_is_killed_after_the_grace(plane: ControlPlane, tmp_path: Path) -> None:
    plane.run_pod("stubborn", f"trap '' TERM; echo $$$$ > {tmp_path}/pid; while :; do sleep 0.02; done")
    pid = int(wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text()))

    plane.delete_pod("stubborn", grace=1)

    wait_for(lambda: not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes())
    assert not list((plane.state.root / "pods").glob(f"*/runs/*/*/{pid}"))


def test_the_deadline_of_a_pod_fails_it(plane: ControlPlane) -> None:
    plane.run_pod("slow", "sleep 600", activeDeadlineSeconds=1, terminationGracePeriodSeconds=1)

    status = plane.wait_for_phase("slow", "Failed")["status"]

    assert status["reason"] == "DeadlineExceeded"


def test_what_the_program_left_running_ends_with_it(plane: ControlPlane, tmp_path: Path) -> None:
    plane.run_pod("parent", f"sleep 600 & echo $! > {tmp_path}/pid")
    plane.wait_for_phase("parent", "Succeeded")

    pid = int((tmp_path / "pid").read_text())

    wait_for(lambda: not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes())


def test_a_container_that_may_restart_is_restarted_and_counted(plane: ControlPlane, tmp_path: Path) -> None:
    script = f"[ -e {tmp_path}/second ] || {{ touch {tmp_path}/second; exit 1; }}"

    plane.run_pod("again", script, restartPolicy="OnFailure")

    status = plane.wait_for_phase("again", "Succeeded")["status"]
    assert status["containerStatuses"][0]["restartCount"] == 1


def test_a_container_that_is_always_restarted_tells_how_its_former_run_ended(plane: ControlPlane) -> None:
    plane.run_pod("anew", "exit 7", restartPolicy="Always")

    def former() -> dict[str, object]:
        (status,) = (plane.get_pod("anew") or {})["status"].get("containerStatuses") or [{}]
        last = status.get("lastState") or {}
        return last.get("terminated") or {}

    assert wait_for(former)["exitCode"] == 7
    pod = plane.get_pod("anew")
    assert pod is not None
    assert pod["status"]["phase"] == "Running"
    assert pod["status"]["containerStatuses"][0]["restartCount"] >= 1
    plane.delete_pod("anew", grace=0)
