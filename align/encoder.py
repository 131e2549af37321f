"""Which encoder turns text into vectors: the bundled table, or any sentence-transformers model by name.

Importing torch takes seconds and hundreds of megabytes; it happens only when a model is asked for that needs it
(`align.transformer`) and has not seen the texts before. Tables are read without it (`align.table`).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from align.encoder_options import EncoderOptions
from align.table import BUNDLED, StaticEncoder, is_table
from align.vectors import Encoder
from corpora.errors import EncoderError


@lru_cache(maxsize=2)
def load_encoder(name: str | None = None, options: EncoderOptions | None = None) -> Encoder:
    """The bundled encoder, or any other by sentence-transformers name or path.

    A path to a static table never imports torch, nor does a model whose vectors are all in the cache. A name on the hub
    is looked for among the models downloaded before. Raises EncoderError if there is no such model.

    >>> encoder = load_encoder()
    >>> ja, en, other = encoder.encode(["首相が辞任した。", "The prime minister resigned.", "It rained."])
    >>> bool(ja @ en > ja @ other)
    True
    """
    options = options or EncoderOptions()
    if name is None or name == BUNDLED.name:
        if not options.for_any_table or options.revision:
            raise EncoderError(
                "device, dtype, prompt, backend and revision are for models that need torch, and the bundled encoder "
                "is a table that does not; name a model with --encoder"
            )
        return StaticEncoder.from_folder(BUNDLED)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _from_folder(folder, options)
    if name.startswith((".", "/", "~")):
        raise EncoderError(f"there is no encoder folder {folder}; give a folder or the name of a model on the hub")
    return _from_hub(name, options)


def _from_folder(folder: Path, options: EncoderOptions) -> Encoder:
    from align.transformer import TransformerEncoder

    if is_table(folder) and options.for_any_table:
        return StaticEncoder.from_folder(folder)
    if not (folder / "modules.json").exists() and not (folder / "config.json").exists():
        raise EncoderError(
            f"{folder} is not a sentence-transformers model, name a folder that is one: it has no modules.json"
        )
    return TransformerEncoder.from_folder(folder, options)


def _from_hub(name: str, options: EncoderOptions) -> Encoder:
    from align.known_encoders import full_name
    from align.model_files import in_hub_cache
    from align.transformer import TransformerEncoder

    name = full_name(name)
    encoder = TransformerEncoder.from_hub(name, options)
    files = in_hub_cache(name, options.revision)  # only now there, if it was downloaded
    if files and is_table(files.folder) and options.for_any_table:
        return StaticEncoder.from_folder(files.folder, name=name)
    return encoder


def provenance(encoder: Encoder) -> dict[str, object]:
    """What a corpus says about its encoder: name, and where known revision or checksum, prompt, precision."""
    from align.transformer import TransformerEncoder

    if isinstance(encoder, StaticEncoder | TransformerEncoder):
        return encoder.provenance()
    return {"name": encoder.name}
