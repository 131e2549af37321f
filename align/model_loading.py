"""Loading a model with sentence-transformers: what must be installed, quiet libraries, and errors in plain words.

This is the only module that imports torch, and only inside the function that loads.
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import util
from typing import TYPE_CHECKING

from align.encoder_options import EncoderOptions
from corpora.errors import EncoderError, MissingExtra

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BACKEND_MODULES = {
    "torch": ("sentence_transformers",),
    "onnx": ("onnxruntime", "optimum.onnxruntime"),
    "openvino": ("openvino", "optimum.intel"),
}


def require_backend(options: EncoderOptions) -> None:
    """Raise MissingExtra or EncoderError where the backend cannot be used as asked."""
    backend = options.backend
    if backend != "torch" and options.dtype != "float32":
        raise EncoderError(f"--dtype {options.dtype} is for torch; with --backend {backend} the model file decides")
    missing = [module for module in BACKEND_MODULES[backend] if not _installed(module)]
    if missing and backend == "torch":
        raise MissingExtra("models other than static tables need torch: pip install sentence-transformers")
    if missing:
        raise MissingExtra(
            f"--backend {backend} needs {' and '.join(missing)}, which Taiyaku does not install: "
            f"pip install 'sentence-transformers[{backend}]', best in an environment of its own (docs/encoders.md says "
            "which versions fit together)"
        )


def _installed(module: str) -> bool:
    try:
        return util.find_spec(module) is not None
    except ModuleNotFoundError:  # the package around it
        return False


def load_model(
    name: str, options: EncoderOptions, *, revision: str | None, offline: bool = False
) -> SentenceTransformer:
    """The model by folder or hub name. Raises EncoderError, with the library's reason, where it cannot be loaded."""
    import torch
    from sentence_transformers import SentenceTransformer

    _hush()
    try:
        with warnings.catch_warnings(), _without_network(wanted=offline and not options.trust_remote_code):
            warnings.simplefilter("ignore")  # what libraries say to each other, as of a model exported to ONNX
            model = SentenceTransformer(
                name,
                device=options.device,
                revision=revision,
                trust_remote_code=options.trust_remote_code,
                local_files_only=offline,
                backend=options.backend,
            )
        if options.backend == "torch":  # after loading, because the argument's name differs between versions
            model.to(getattr(torch, options.dtype))
    except Exception as error:
        reason = " ".join(str(error).split())
        if "trust_remote_code" in reason:
            reason = "it comes with Python code of its own; if you trust its makers, add --trust-remote-code"
        raise EncoderError(
            f"encoder {name!r} cannot be loaded; give a folder or the name of a model on the hub: {reason}"
        ) from error
    return model


@contextmanager
def _without_network(*, wanted: bool) -> Iterator[None]:
    """Keep the hub's library from asking for anything, as it does once a day even for a model on this machine."""
    from huggingface_hub import constants, utils

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = before or wanted
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before
        forget_sessions = getattr(utils, "reset_sessions", None)  # before 1.0 a session stays offline once it was
        if forget_sessions:
            forget_sessions()


def _hush() -> None:
    """No bars and no advice from the libraries: the command has its own bar, and none where nobody looks."""
    from huggingface_hub import utils
    from transformers.utils import logging as transformers_logging

    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    if not sys.stderr.isatty():
        utils.disable_progress_bars()  # type: ignore[attr-defined]
