"""How a sentence-transformers model is to be run: device, precision, prompt, backend, cache.

A record of its own, without numpy, so that the command line can name it without importing anything heavy.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Dtype = Literal["float32", "float16", "bfloat16"]
Backend = Literal["torch", "onnx", "openvino"]


@dataclass(frozen=True, slots=True)
class EncoderOptions:
    """Everything about an encoder but which one it is.

    `device`: as torch names it (`cpu`, `cuda`, `cuda:1`, `mps`); None takes the best there is. `prompt` is put before
    every text, source and target alike, or names one of the model's own; None takes the model's default or the one its
    card asks for, "" none. `revision`: a commit, tag or branch on the hub. `cache_folder`: None is the user's cache
    folder. `trust_remote_code` runs Python code that comes with the model. `contrast` takes out what all texts have in
    common (`align.contrast`); without it the vectors are the model's own.
    """

    device: str | None = None
    dtype: Dtype = "float32"
    batch_size: int = 32
    prompt: str | None = None
    backend: Backend = "torch"
    revision: str | None = None
    trust_remote_code: bool = False
    contrast: bool = True
    cached: bool = True
    cache_folder: Path | None = None

    @property
    def for_any_table(self) -> bool:
        """Whether nothing is asked for that a static table read without torch cannot do."""
        default = (None, "float32", "torch")
        return (self.device, self.dtype, self.backend) == default and not self.prompt


DEFAULT = EncoderOptions()
