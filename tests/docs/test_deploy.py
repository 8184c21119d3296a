"""The files to begin with on a cluster are what those who read them take: their schemas, their shell, our command."""

import gzip
import json
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
import ray
import yaml

from tests.docs.page import DOCS, REPOSITORY, blocks

DEPLOY = DOCS / "how-to/deploy"
RAY_JOB = gzip.decompress((Path(__file__).parent / "schemas/rayjob-v1.json.gz").read_bytes())
LAUNCHER = Path(ray.__file__).parent / "autoscaler/ray-schema.json"


def as_kubernetes_takes_it(schema):
    """The schema with its dialect turned into JSON Schema's, in which a key that it does not know is an error."""
    if isinstance(schema, list):
        return [as_kubernetes_takes_it(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    turned = {key: as_kubernetes_takes_it(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        turned.setdefault("additionalProperties", schema.get("x-kubernetes-preserve-unknown-fields", False))
    return turned


@pytest.fixture(scope="module")
def ray_job():
    return yaml.safe_load((DEPLOY / "rayjob.yaml").read_text())


@pytest.fixture(scope="module")
def launcher():
    return yaml.safe_load((DEPLOY / "cluster.yaml").read_text())


def refused(schema, content):
    return [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(content)]


def test_the_ray_job_is_as_its_published_schema_asks(ray_job):
    schema = as_kubernetes_takes_it(json.loads(RAY_JOB))
    assert refused(schema["properties"]["spec"], ray_job["spec"]) == []
    assert (ray_job["apiVersion"], ray_job["kind"]) == ("ray.io/v1", "RayJob")
    ray_job = {**ray_job["spec"], "entryPoint": "misspelt", "backoffLimit": "three"}
    assert len(refused(schema["properties"]["spec"], ray_job)) == 2


def test_the_ray_job_has_text_on_cpus_and_speech_on_gpus_from_zero_on_spot(ray_job):
    cluster = ray_job["spec"]["rayClusterSpec"]
    text, speech = cluster["workerGroupSpecs"]
    limits = [group["template"]["spec"]["containers"][0]["resources"]["limits"] for group in (text, speech)]
    assert ["nvidia.com/gpu" in limit for limit in limits] == [False, True]
    assert [(group["minReplicas"], group["replicas"]) for group in (text, speech)] == [(0, 0), (0, 0)]
    assert f"label: {{pool: {text['labels']['pool']}}}" in (DOCS / "how-to/deploy.md").read_text()
    assert any("spot" in toleration["key"] for toleration in speech["template"]["spec"]["tolerations"])
    assert cluster["enableInTreeAutoscaling"]
    assert cluster["authOptions"] == {"mode": "token"}


def test_every_file_names_one_image_with_the_versions_that_are_tested(ray_job, launcher):
    version = re.search(r'^version = "(.+)"$', (REPOSITORY / "pyproject.toml").read_text(), re.M)[1]
    images = set(re.findall(r"registry\.example\.org/\S+", "".join(file.read_text() for file in DEPLOY.iterdir())))
    assert images == {f"registry.example.org/sayso:{version}"}
    pinned = re.search(r"^ray==(.+)$", (REPOSITORY / "constraints.txt").read_text(), re.M)[1]
    assert ray_job["spec"]["rayClusterSpec"]["rayVersion"] == pinned
    extras = re.search(r"sayso\[(.+?)\]", (DEPLOY / "Containerfile").read_text())[1].split(",")
    declared = (REPOSITORY / "pyproject.toml").read_text().partition("[project.optional-dependencies]")[2]
    assert [extra for extra in extras if f"\n{extra} = [" not in declared] == []
    assert {"cluster", "speech", "s3"} <= {*extras}


def test_the_cluster_launcher_takes_its_file(launcher):
    schema = json.loads(LAUNCHER.read_text())
    assert refused(schema, launcher) == []
    assert refused(schema, {**launcher, "workers": 3})
    kinds = launcher["available_node_types"]
    assert launcher["head_node_type"] in kinds
    assert [name for name, kind in kinds.items() if "GPU" in kind["resources"]] == ["speech"]
    assert kinds["speech"]["min_workers"] == 0
    assert sum(kind.get("max_workers", 0) for kind in kinds.values()) == launcher["max_workers"]


def test_the_slurm_script_is_shell_and_asks_for_a_token():
    script = (DEPLOY / "sayso.sbatch").read_text()
    subprocess.run(["bash", "-n", DEPLOY / "sayso.sbatch"], check=True)
    assert "export RAY_AUTH_MODE=token" in script
    lines = script.splitlines()
    asked = [number for number, line in enumerate(lines) if line.startswith("#SBATCH")]
    assert asked == [*range(2, 2 + len(asked))], "Slurm reads no line of these below the first command"


def test_all_carry_out_the_command_that_is_handed_in_as_a_job(ray_job):
    page = (DOCS / "how-to/resume-and-clusters.md").read_text()
    command = ray_job["spec"]["entrypoint"]
    assert f"ray job submit --address http://head:8265 -- {command}\n" in page
    assert next(block.text for block in blocks(DOCS / "how-to/deploy.md")) == f"$ {command}\n"
    assert f"{command} --address " in (DEPLOY / "sayso.sbatch").read_text()
