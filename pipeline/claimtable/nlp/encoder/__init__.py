"""The encoder of the default language pipeline, run by onnxruntime.

A small pretrained transformer (MiniLM, 6 layers, uncased) in int8 feeds spaCy's ordinary tagger, parser and entity
recognizer as a tok2vec layer. PyTorch is needed to train it, never to run it.
"""

from claimtable.nlp.encoder.architecture import find_encoder_layer, onnx_encoder_tok2vec
from claimtable.nlp.encoder.checksums import check_checksums, write_checksums
from claimtable.nlp.encoder.session import EncoderWeights, OnnxEncoder, import_onnxruntime

__all__ = [
    "EncoderWeights",
    "OnnxEncoder",
    "check_checksums",
    "find_encoder_layer",
    "import_onnxruntime",
    "onnx_encoder_tok2vec",
    "write_checksums",
]
