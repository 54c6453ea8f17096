import pytest
from thinc.api import NumpyOps, get_current_ops, use_ops

from claimtable.nlp import matrices, pipeline

TEXT = "Exports rose to $12.5 million in 2013, up 3 percent, the ministry said. They will fall by 2020."


def _with_blis(nlp):
    """The transition parsers multiply in C, whatever their last layers say."""
    return {node.ops.use_blis for node in nlp.get_pipe("tok2vec").model.walk()}


def test_blis_names_its_kernel_or_nothing():
    assert matrices.blis_kernel() is None or matrices.blis_kernel().isidentifier()


@pytest.mark.pipeline
def test_the_generic_kernel_is_passed_over_and_rows_are_the_same(monkeypatch, make_document):
    found = {}
    for kernel in ("haswell", "generic"):
        monkeypatch.setattr(matrices, "blis_kernel", lambda kernel=kernel: kernel)
        nlp = pipeline.load(fast=True)
        assert _with_blis(nlp) == {kernel == "haswell"}
        found[kernel] = [claim.to_dict() for claim in pipeline.extract([make_document(TEXT)], nlp)]
    assert len(found["generic"]) >= 3
    assert found["generic"] == found["haswell"]
    assert get_current_ops().use_blis


def test_a_backend_that_the_user_chose_stays(monkeypatch):
    class Chosen(NumpyOps):
        pass

    monkeypatch.setattr(matrices, "blis_kernel", lambda: "generic")
    before = get_current_ops()
    with use_ops("numpy"):
        from thinc.backends import set_current_ops

        chosen = Chosen()
        set_current_ops(chosen)
        with matrices.fitting_products():
            assert get_current_ops() is chosen
    assert get_current_ops() is before
