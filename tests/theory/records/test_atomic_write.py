import os
import stat

import pytest

from jscgc_theory.records import whole_files


def test_the_text_arrives_whole_and_readable(tmp_path):
    path = tmp_path / "a" / "b" / "out.json"
    whole_files.write_text_atomically(path, "größer\n")
    assert path.read_bytes() == "größer\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert os.listdir(path.parent) == ["out.json"]


def test_an_interrupt_before_the_last_step_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "out.json"
    path.write_text("old", encoding="utf-8")

    def interrupt(source, destination):
        raise KeyboardInterrupt

    monkeypatch.setattr(whole_files.os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        whole_files.write_text_atomically(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["out.json"]


def test_text_that_cannot_be_encoded_leaves_nothing(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        whole_files.write_text_atomically(tmp_path / "out.json", "a" * 100_000 + "\ud800")
    assert os.listdir(tmp_path) == []


def test_a_folder_in_the_way_is_left_alone(tmp_path):
    (tmp_path / "out.json").mkdir()
    with pytest.raises(OSError, match=r"out\.json"):
        whole_files.write_text_atomically(tmp_path / "out.json", "new")
    assert os.listdir(tmp_path) == ["out.json"]
