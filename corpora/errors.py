"""What can go wrong for a user, by name.

Every message says what was found, where, and what to do. The command line prints the message and exits with
`exit_code`; a traceback is for our own mistakes only.
"""

from typing import ClassVar


class TaiyakuError(Exception):
    """Base of all errors a user can cause or mend."""

    exit_code: ClassVar[int] = 2


class UsageError(TaiyakuError):
    """The call itself does not make sense: an unknown option value, an output that may not be overwritten."""


class InputError(TaiyakuError):
    """An input that the whole command depends on is missing, unreadable or malformed."""


class NoUsableInput(TaiyakuError):
    """Everything given was read, and nothing of it could be used."""

    exit_code: ClassVar[int] = 3


class NotACorpus(InputError):
    """The folder is not one that `taiyaku build` wrote."""


class EncoderError(TaiyakuError):
    """An encoder is missing, broken, or does not cover the language asked for."""


class MissingExtra(TaiyakuError):
    """An optional dependency is not installed; the message holds the exact command that installs it."""


class PageRejected(TaiyakuError):
    """One page cannot be used; the batch goes on and the page becomes a row in `rejects`.

    `reason` is a short fixed word for counting (`no-article`, `undecodable` ...); the message is for people.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
