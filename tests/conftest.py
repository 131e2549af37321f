"""Fixtures shared by several test files: the bundled encoder, and one whose vectors can be worked out by hand."""

import shutil
import string
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from align.encoder import load_encoder
from align.vectors import Encoder, Vectors, unit_rows

settings.register_profile("taiyaku", deadline=None, max_examples=60)
settings.load_profile("taiyaku")


class LetterEncoder(Encoder):
    """A bag of letters: `aab` is (2, 1, 0, ...) to scale, and `AAB` its perfect translation."""

    name = "letters"

    def encode(self, texts: Sequence[str]) -> Vectors:
        counts = [[text.lower().count(letter) for letter in string.ascii_lowercase] for text in texts]
        return unit_rows(np.array(counts, dtype=np.float32).reshape(len(texts), 26))


@pytest.fixture(scope="session")
def bundled() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="session")
def letters() -> Encoder:
    return LetterEncoder()


@pytest.fixture(scope="session")
def transformer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transformer of two layers with letters for subwords, as sentence-transformers saves it; it reads 16 tokens.

    Its weights are random but large, so that different texts get different vectors. Tests must not change it.
    """
    out = tmp_path_factory.mktemp("transformer")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what torch and transformers have to say to each other
        import torch
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.models import Pooling, Transformer
        from tokenizers import Tokenizer, models, pre_tokenizers, processors
        from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

        torch.manual_seed(7)
        special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
        letters = [prefix + letter for prefix in ("", "##") for letter in string.ascii_lowercase]
        words = {word: i for i, word in enumerate([*special.values(), *letters])}
        tokenizer = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        ends = [("[CLS]", words["[CLS]"]), ("[SEP]", words["[SEP]"])]
        tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
        sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
        config = BertConfig(vocab_size=len(words), max_position_embeddings=64, initializer_range=0.5, **sizes)
        BertModel(config).save_pretrained(out / "bert")
        PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(out / "bert")
        modules = [Transformer(str(out / "bert"), max_seq_length=16), Pooling(32)]
        prompts = {"query": "q: ", "sts": "s t s "}
        SentenceTransformer(modules=modules, device="cpu", prompts=prompts).save_pretrained(str(out / "tiny"))
    shutil.rmtree(out / "bert")
    return out / "tiny"
