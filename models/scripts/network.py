"""The network: one encoder, all heads. See `README.md` of models for the recipe and the sources.

    wordpieces → MiniLM (first layers) → first piece of each word ┐
                             hashed shape, suffix, prefix of the word ┴→ mix → convolution over three words → heads

Heads: sentence starts, tags, morphology, edits to the lemma, names (BILOU), arcs (biaffine, Dozat and Manning 2017), labels; and
of a sentence, from the mean of the encoder's last layer: check-worthiness and whether it speaks of the future.
"""

import torch
from encoder_bert import WIDTH, Bert
from torch import Tensor, nn
from torch.nn import functional

from claimtable.nlp.network.features import PREFIXES, SHAPES, SUFFIXES

FEATURE_WIDTHS = (48, 48, 32)
MIXED = 256
ARC, LABEL = 192, 128
PAIR, PAIR_OUTPUTS, REACH = 128, 14, 60
SETS = 3
"""Sets of check-worthiness, each with an offset of its own."""


class Network(nn.Module):
    def __init__(self, sizes: dict[str, int], layers: int = 4, dropout: float = 0.1) -> None:
        super().__init__()
        self.bert = Bert(layers, dropout)
        self.shape, self.suffix, self.prefix = (
            nn.Embedding(n + 1, w) for n, w in zip((SHAPES, SUFFIXES, PREFIXES), FEATURE_WIDTHS, strict=True)
        )
        self.mix = nn.Linear(WIDTH + sum(FEATURE_WIDTHS), MIXED)
        self.window = nn.Conv1d(MIXED, MIXED, 3, padding=1)
        self.norm = nn.LayerNorm(MIXED)
        self.root = nn.Parameter(torch.randn(MIXED) * 0.02)
        self.arc_head, self.arc_dependent = nn.Linear(MIXED, ARC), nn.Linear(MIXED, ARC)
        self.arcs = nn.Parameter(torch.randn(ARC + 1, ARC) * 0.02)
        self.label_head, self.label_dependent = nn.Linear(MIXED, LABEL), nn.Linear(MIXED, LABEL)
        self.labels = nn.Linear(2 * LABEL, sizes["deps"])
        self.starts = nn.Linear(MIXED, 1)
        self.tags = nn.Linear(MIXED, sizes["tags"])
        self.morphs = nn.Linear(MIXED, sizes["morphs"])
        self.lemmas = nn.Linear(MIXED, sizes["lemmas"])
        self.entities = nn.Linear(MIXED, sizes["entities"])
        self.check_hidden = nn.Linear(WIDTH, 96)
        self.check = nn.Linear(96, 1)
        self.check_set = nn.Parameter(torch.zeros(SETS))
        self.future_hidden = nn.Linear(WIDTH, 48)
        self.future = nn.Linear(48, 1)
        self.cue = nn.Linear(MIXED, 1)
        self.cue_query, self.cue_key = nn.Linear(MIXED, PAIR), nn.Linear(MIXED, PAIR)
        self.cue_distance = nn.Embedding(2 * REACH + 1, PAIR)
        self.pairs = nn.Linear(2 * PAIR, PAIR_OUTPUTS)
        self.dropout = nn.Dropout(0.2)

    def encode(self, ids: Tensor, mask: Tensor | None, first: Tensor) -> Tensor:
        """Return the encoder's vector of each word's first piece, batch × words × 384."""
        pieces = self.bert(ids, mask)
        return torch.gather(pieces, 1, first[..., None].expand(-1, -1, WIDTH))

    def words(self, encoded: Tensor, shape: Tensor, suffix: Tensor, prefix: Tensor, real: Tensor) -> Tensor:
        x = torch.cat([encoded, self.shape(shape), self.suffix(suffix), self.prefix(prefix)], -1)
        x = functional.gelu(self.mix(x)) * real[..., None]
        return self.norm(x + functional.gelu(self.window(x.transpose(1, 2)).transpose(1, 2)))

    def forward(self, ids, mask, first, shape, suffix, prefix, real):  # noqa: ANN001, ANN201
        encoded = self.encode(ids, mask, first)
        x = self.dropout(self.words(encoded, shape, suffix, prefix, real))
        with_root = torch.cat([self.root.to(x.dtype).expand(x.shape[0], 1, MIXED), x], 1)
        head, dependent = (
            self.dropout(functional.gelu(f(y)))
            for f, y in ((self.arc_head, with_root), (self.arc_dependent, x))
        )
        one = torch.ones_like(dependent[..., :1])
        arcs = torch.cat([dependent, one], -1) @ self.arcs.to(x.dtype) @ head.transpose(1, 2)
        label_head, label_dependent = (
            self.dropout(self.label_head(with_root)),
            self.dropout(self.label_dependent(x)),
        )
        return {
            "starts": self.starts(x)[..., 0],
            "tags": self.tags(x),
            "morphs": self.morphs(x),
            "lemmas": self.lemmas(x),
            "entities": self.entities(x),
            "arcs": arcs,
            "label_head": label_head,
            "label_dependent": label_dependent,
            "encoded": encoded,
            "cue": self.cue(x)[..., 0],
            "cue_query": self.dropout(self.cue_query(x)),
            "cue_key": self.dropout(self.cue_key(x)),
        }

    def label_scores(self, heads: Tensor, dependents: Tensor) -> Tensor:
        """Return the scores of labels of pairs, pairs × labels."""
        return self.labels(torch.cat([functional.gelu(heads + dependents), heads * dependents], -1))

    def pair_scores(self, query: Tensor, keys: Tensor, distance: Tensor) -> Tensor:
        """Return what each word is to a cue, words × outputs of the tagger; `distance` in words, the cue at 0."""
        near = self.cue_distance(distance.clamp(-REACH, REACH) + REACH)
        return self.pairs(torch.cat([functional.gelu(keys + query + near), keys * query], -1))

    def sentence_scores(self, pooled: Tensor, sets: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return the logits of check-worthiness and future of mean vectors, sentences × 384."""
        check = self.check(self.dropout(functional.gelu(self.check_hidden(self.dropout(pooled)))))[:, 0]
        if sets is not None:
            check = check + self.check_set[sets]
        future = self.future(self.dropout(functional.gelu(self.future_hidden(self.dropout(pooled)))))[:, 0]
        return check, future
