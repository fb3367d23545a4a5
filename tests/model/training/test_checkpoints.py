"""Checkpoints: what is read is what was written, or there is one line that says why not."""

import hashlib
import json
import pickle

import pytest
import torch
from safetensors.torch import save_file

from jscgc_model.training.checkpoints import (
    Checkpoint,
    checkpoint_folders,
    load_checkpoint,
    save_checkpoint,
)
from jscgc_theory.errors import InputError


def checkpoint(step=5):
    generator = torch.Generator().manual_seed(step)
    weights = {"a.b": torch.randn(3, 2, generator=generator), "c": torch.zeros(())}
    turned = torch.randn(4, 5, generator=generator).T
    details = {"identity": {"x": [1, 2.5, None]}, "n": 3}
    return Checkpoint(step, {"weights": weights, "average": {"c": turned}}, details)


def test_a_checkpoint_is_read_as_it_was_written(tmp_path):
    written = checkpoint()
    read = load_checkpoint(save_checkpoint(tmp_path / "deep" / "down", written))
    assert (read.step, read.details) == (written.step, written.details)
    assert read.tensors.keys() == written.tensors.keys()
    for group, tensors in written.tensors.items():
        assert read.tensors[group].keys() == tensors.keys()
        assert all(read.tensors[group][name].equal(one) for name, one in tensors.items())


def test_the_two_newest_are_kept_and_nothing_half_written(tmp_path):
    (tmp_path / ".step_00000001.partial").mkdir()
    for step in (2, 10, 9):
        save_checkpoint(tmp_path, checkpoint(step))
    assert [path.name for path in checkpoint_folders(tmp_path)] == [
        "step_00000009",
        "step_00000010",
    ]
    assert len(list(tmp_path.iterdir())) == 2
    assert checkpoint_folders(tmp_path / "absent") == []


def test_a_checkpoint_of_the_same_step_is_replaced(tmp_path):
    other = checkpoint()
    save_checkpoint(tmp_path, Checkpoint(5, {"weights": {"z": torch.ones(1)}}, {}))
    assert load_checkpoint(save_checkpoint(tmp_path, other)).details == other.details


def test_a_failed_save_leaves_the_checkpoint_before(tmp_path):
    save_checkpoint(tmp_path, checkpoint())
    with pytest.raises(ValueError, match="serialize"):
        save_checkpoint(tmp_path, Checkpoint(6, checkpoint().tensors, {"no JSON": object()}))
    assert [path.name for path in tmp_path.iterdir()] == ["step_00000005"]


def cut_off(folder):
    file = folder / "weights.safetensors"
    file.write_bytes(file.read_bytes()[:-3])


def bit_flipped(folder):
    file = folder / "weights.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def file_missing(folder):
    (folder / "average.safetensors").unlink()


def manifest_missing(folder):
    (folder / "checkpoint.json").unlink()


def manifest_cut_off(folder):
    file = folder / "checkpoint.json"
    file.write_text(file.read_text()[:-9])


def manifest_not_text(folder):
    (folder / "checkpoint.json").write_bytes(b"\xff\xfe\x00")


def other_format(folder):
    change_manifest(folder, format="diffusers")


def newer_version(folder):
    change_manifest(folder, version=2)


def other_step(folder):
    change_manifest(folder, step=6)


def pickled(folder):
    """Swap in a pickle, with the digest that belongs to it."""
    file = folder / "weights.safetensors"
    file.write_bytes(pickle.dumps({"a": [1, 2]}))
    rewrite_digest(folder, file)


def plain_file(folder):
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    torch.save({"a": torch.ones(2)}, folder)


def change_manifest(folder, **changes):
    file = folder / "checkpoint.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def rewrite_digest(folder, file):
    digests = json.loads((folder / "checkpoint.json").read_text())["sha256"]
    digests[file.name] = hashlib.sha256(file.read_bytes()).hexdigest()
    change_manifest(folder, sha256=digests)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (cut_off, "weights.safetensors is not what was written"),
        (bit_flipped, "weights.safetensors is not what was written"),
        (file_missing, "average.safetensors cannot be read"),
        (manifest_missing, "its checkpoint.json cannot be read"),
        (manifest_cut_off, "of another kind"),
        (manifest_not_text, "cannot be read|of another kind"),
        (other_format, "of another kind .format"),
        (newer_version, "of another kind .version"),
        (other_step, "it is the checkpoint of step 6"),
        (pickled, "weights.safetensors cannot be read"),
        (plain_file, "its checkpoint.json cannot be read"),
    ],
)
def test_damage_is_named_and_nothing_is_touched(tmp_path, damage, message):
    save_checkpoint(tmp_path, checkpoint(4))
    folder = save_checkpoint(tmp_path, checkpoint())
    damage(folder)
    assert checkpoint_folders(tmp_path)[-1] == folder
    with pytest.raises(InputError, match=f"step_00000005 cannot be used: .*{message}.*move it"):
        load_checkpoint(folder)
    assert load_checkpoint(tmp_path / "step_00000004").step == 4


def test_tensors_alone_are_no_checkpoint(tmp_path):
    folder = tmp_path / "step_00000001"
    folder.mkdir()
    save_file({"a": torch.ones(1)}, folder / "weights.safetensors")
    with pytest.raises(InputError, match=r"its checkpoint\.json cannot be read"):
        load_checkpoint(folder)
