import builtins
import dataclasses
import hashlib
import sys
import types

import pytest
import srsly
from tiny import GRAPH, make_encoder, make_tok2vec, make_weights

from claimtable.errors import ModelError
from claimtable.nlp.encoder.checksums import check_checksums, write_checksums
from claimtable.nlp.encoder.session import EncoderWeights, OnnxEncoder, import_onnxruntime


def altered(**changes):
    record = srsly.msgpack_loads(make_weights().to_bytes())
    record.update(changes)
    return srsly.msgpack_dumps({key: value for key, value in record.items() if value is not None})


DATA = make_weights().to_bytes()
FAULTS = [
    ("truncated", DATA[:-100], "truncated or altered"),
    ("first half", DATA[: len(DATA) // 2], "truncated or altered"),
    ("not ours", b"\x00\x01\x02", "format|truncated"),
    ("one byte", DATA.replace(GRAPH, GRAPH[:900] + bytes([GRAPH[900] ^ 1]) + GRAPH[901:]), "SHA-256"),
    (
        "vocabulary altered",
        altered(vocabulary=make_weights().vocabulary.to_text() + "more\n"),
        "vocabulary.*SHA-256",
    ),
    ("vocabulary missing", altered(vocabulary=None), "lacks its vocabulary"),
    ("vocabulary empty", altered(vocabulary=""), "vocabulary"),
    ("graph missing", altered(graph=None), "lacks its graph"),
    ("later format", altered(format="claimtable.encoder.9"), "claimtable.encoder.9"),
]


@pytest.mark.parametrize(("name", "data", "message"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_damaged_weights(name, data, message):
    with pytest.raises(ModelError, match=message):
        EncoderWeights.from_bytes(data)


def test_weights_round_trip():
    assert EncoderWeights.from_bytes(DATA) == make_weights()


def test_a_graph_that_onnxruntime_refuses():
    graph = b"this is no graph"
    encoder = OnnxEncoder()
    encoder.load(
        dataclasses.replace(make_weights(), graph=graph, graph_sha256=hashlib.sha256(graph).hexdigest())
    )
    with pytest.raises(ModelError, match="cannot load the encoder's graph"):
        encoder.run([1, 2])


@pytest.mark.parametrize("version", ["1.19.2", "0.5.0", "2.0.0", "nightly"])
def test_onnxruntime_of_another_version(monkeypatch, version):
    monkeypatch.setitem(sys.modules, "onnxruntime", types.SimpleNamespace(__version__=version))
    with pytest.raises(ModelError, match=r"onnxruntime.*pip install"):
        import_onnxruntime()


@pytest.mark.parametrize("version", ["1.20.0", "1.22.1", "1.24.0+cu12"])
def test_onnxruntime_of_a_fitting_version(monkeypatch, version):
    fake = types.SimpleNamespace(__version__=version)
    monkeypatch.setitem(sys.modules, "onnxruntime", fake)
    assert import_onnxruntime() is fake


def test_onnxruntime_missing_is_said_on_loading(monkeypatch):
    data = make_tok2vec().to_bytes()
    real_import = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name == "onnxruntime":
            raise ImportError("No module named 'onnxruntime'")
        return real_import(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "onnxruntime", raising=False)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ModelError, match=r"needs onnxruntime.*pip install.*--fast"):
        make_tok2vec(filled=False).from_bytes(data)


def test_a_session_of_another_process_is_not_used():
    encoder = make_encoder()
    encoder._session = (-1, None)
    assert encoder.run([4, 5]).shape == (2, 8)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ner").mkdir()
    (tmp_path / "config.cfg").write_text("[nlp]")
    (tmp_path / "ner" / "model").write_bytes(b"weights")
    write_checksums(tmp_path)
    return tmp_path


def test_checksums_of_an_untouched_folder(folder):
    check_checksums(folder)


def test_checksums_are_optional(tmp_path):
    check_checksums(tmp_path)


def test_checksums_find_an_altered_file(folder):
    (folder / "ner" / "model").write_bytes(b"weight")
    with pytest.raises(ModelError, match=r"ner/model is truncated or altered"):
        check_checksums(folder)


def test_checksums_find_a_missing_file(folder):
    (folder / "ner" / "model").unlink()
    with pytest.raises(ModelError, match=r"lacks the file .*ner/model"):
        check_checksums(folder)
