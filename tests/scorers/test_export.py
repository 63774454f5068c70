"""Converting a checkpoint to ONNX once: same scores, no torch after it, nothing unverified."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("torch", reason="needs requirements/detoxify.txt")
pytest.importorskip("onnx", reason="needs requirements/detoxify.txt")

from tests.scorers.model_folder import folder_with_checkpoint
from workers.cli import cli
from workers.scorers import registry as registry_module
from workers.scorers.detoxify import DetoxifyOnnx
from workers.scorers.detoxify_torch import load_detoxify_torch
from workers.scorers.export import MAX_DIFFERENCE, Export, export_detoxify
from workers.scorers.registry import Registry
from workers.scorers.scorer_errors import CorruptModel, MissingModel
from workers.scorers.toxicity_models import load_toxicity_model

NAME = "detoxify-original"
ROOT = Path(__file__).resolve().parents[2]
TEXTS = [
    "You are an idiot",
    "ok",
    "The new bus lanes help nobody but the people who drew them.",
    "",
    "🙂 caife, arán",
    "Who pays for the new bus lanes, and why was nobody asked? " * 20,
]


@pytest.fixture(
    scope="module",
    params=[("Bert", 6), ("Roberta", 7), ("XLMRoberta", 7), ("Albert", 6)],
    ids=lambda p: p[0],
)
def exported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Registry, Export]:
    base: Path = tmp_path_factory.mktemp("export")
    registry = folder_with_checkpoint(base, NAME, *request.param)
    return registry, export_detoxify(registry, NAME)


@pytest.fixture
def bert(tmp_path: Path) -> Registry:
    return folder_with_checkpoint(tmp_path, NAME, "Bert", 6, languages=("en",))


@pytest.fixture
def quantised(bert: Registry) -> Iterator[Registry]:
    export_detoxify(bert, NAME, int8=True)
    yield bert


def opened(registry: Registry, threads: int = 1) -> DetoxifyOnnx:
    return DetoxifyOnnx(NAME, registry.folder(NAME), threads=threads, languages=())


def test_the_export_scores_as_torch_does(exported: tuple[Registry, Export]) -> None:
    registry, export = exported
    reference = load_detoxify_torch(
        NAME, "1", registry.folder(NAME), "model.ckpt", threads=1, languages=()
    ).score_texts(TEXTS)
    scores = opened(registry).score_texts(TEXTS)
    assert export.max_difference <= MAX_DIFFERENCE
    assert np.abs(scores.values - reference.values).max() <= MAX_DIFFERENCE
    assert scores.windows == reference.windows


def test_scores_of_the_export_do_not_depend_on_batch_mates_or_threads(
    exported: tuple[Registry, Export],
) -> None:
    registry, _ = exported
    together = opened(registry).score_texts(TEXTS).values
    two_threads = opened(registry, threads=2)
    alone = np.concatenate([two_threads.score_texts([text]).values for text in TEXTS])
    assert np.abs(together - alone).max() <= MAX_DIFFERENCE


def test_int8_scores_do_not_depend_on_batch_mates(quantised: Registry) -> None:
    scorer = opened(quantised)
    assert scorer.precision == "int8"
    together = scorer.score_texts(TEXTS).values
    alone = np.concatenate([scorer.score_texts([text]).values for text in TEXTS])
    assert np.array_equal(together, alone)


def test_exporting_again_without_int8_goes_back_to_exact_scores(quantised: Registry) -> None:
    export_detoxify(quantised, NAME)
    assert opened(quantised).precision == "fp32"


def test_after_the_export_auto_takes_it_without_torch(bert: Registry) -> None:
    export_detoxify(bert, NAME)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from workers.scorers.registry import load_registry\n"
        "from workers.scorers.toxicity_models import load_toxicity_model\n"
        "registry = load_registry(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "model = load_toxicity_model(registry, 'auto', 1)\n"
        "assert model.score_texts(['You are an idiot']).values.shape == (1, 6)\n"
        "assert not {'torch', 'transformers', 'detoxify'} & sys.modules.keys()\n"
        "print(model.name, model.version)\n"
    )
    registry_file = bert.models_dir.parent / "models.yaml"
    ran = subprocess.run(
        [sys.executable, "-c", program, str(bert.models_dir), str(registry_file)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert ran.stdout.strip() == f"{NAME} tiny-1+onnx-fp32", ran.stderr


def test_without_an_export_the_checkpoint_itself_is_scored_with(bert: Registry) -> None:
    model = load_toxicity_model(bert, NAME, 1)
    assert model.version == "tiny-1+torch-fp32"
    assert model.languages == ("en",)


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
def test_a_damaged_export_is_refused_by_the_files_name(bert: Registry, file: str) -> None:
    export = export_detoxify(bert, NAME)
    path = export.folder / file
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CorruptModel, match=file):
        opened(bert)


@pytest.mark.parametrize("manifest", ["{", "[]", '{"labels": 3}', '{"labels": ["toxicity"]}'])
def test_a_broken_manifest_is_refused(bert: Registry, manifest: str) -> None:
    export = export_detoxify(bert, NAME)
    (export.folder / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(CorruptModel, match="manifest"):
        opened(bert)


def test_a_changed_checkpoint_is_refused_before_it_is_opened(bert: Registry) -> None:
    checkpoint = bert.folder(NAME) / "model.ckpt"
    checkpoint.write_bytes(checkpoint.read_bytes() + b"x")
    with pytest.raises(CorruptModel, match=r"model\.ckpt is corrupt"):
        export_detoxify(bert, NAME)


def test_a_failed_export_leaves_the_earlier_one_in_place(bert: Registry) -> None:
    export_detoxify(bert, NAME)
    before = opened(bert).score_texts(TEXTS).values
    (bert.folder(NAME) / "hf" / "config.json").unlink()
    with pytest.raises(MissingModel, match=r"config\.json"):
        export_detoxify(bert, NAME)
    assert np.array_equal(opened(bert).score_texts(TEXTS).values, before)
    assert not list(bert.folder(NAME).glob("exporting-*"))


def test_the_command_exports_and_says_how_exact_it_is(
    bert: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_MODELS_DIR", str(bert.models_dir))
    registry_file = bert.models_dir.parent / "models.yaml"
    monkeypatch.setattr(registry_module.load_registry, "__defaults__", (registry_file,))
    result = CliRunner().invoke(cli, ["models", "export", NAME])
    assert result.exit_code == 0, result.output
    assert "largest difference from torch" in result.output
