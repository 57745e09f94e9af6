"""Personal data and codes at rest: encrypted with rotating keys, found by keyed hashes."""

import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet


class Vault:
    """Encrypts with the newest key and decrypts with any."""

    def __init__(self, encryption_keys: Sequence[str], ledger_key: bytes) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in encryption_keys])
        self._ledger_key = ledger_key

    def encrypt(self, text: str) -> bytes:
        """Return the text encrypted; each call gives another ciphertext."""
        return self._fernet.encrypt(text.encode())

    def decrypt(self, token: bytes) -> str:
        """Return the text; raise cryptography.fernet.InvalidToken when no key fits."""
        return self._fernet.decrypt(token).decode()

    def email_hash(self, email: str) -> bytes:
        """Return the keyed hash by which an address is found, whatever its case."""
        return _keyed_hash(self._ledger_key, "email", email.strip().lower())

    def seal(self, code: str) -> tuple[bytes, bytes]:
        """Return a redemption's code encrypted, and the hash by which it is found."""
        return self.encrypt(code), self.code_hash(code)

    def code_hash(self, code: str) -> bytes:
        """Return the keyed hash by which a redemption's code is found, whatever its case."""
        return code_hash(self._ledger_key, code)


def code_hash(ledger_key: bytes, code: str) -> bytes:
    """Return the keyed hash by which a redemption's code is found, whatever its case."""
    return _keyed_hash(ledger_key, "code", code.strip().upper())


def _keyed_hash(key: bytes, purpose: str, text: str) -> bytes:
    return hmac.digest(key, f"{purpose}:{text}".encode(), "sha256")
