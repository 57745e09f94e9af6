"""Personal data is encrypted with keys that can be rotated, and found by keyed hashes."""

import pytest
from cryptography.fernet import Fernet, InvalidToken

from app.db.encryption import Vault, code_hash

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
LEDGER_KEY = bytes(range(32))


def test_what_an_old_key_encrypted_is_read_after_rotation():
    token = Vault([OLD], LEDGER_KEY).encrypt("Malee")

    assert Vault([NEW, OLD], LEDGER_KEY).decrypt(token) == "Malee"
    with pytest.raises(InvalidToken):
        Vault([NEW], LEDGER_KEY).decrypt(token)


def test_the_same_text_is_encrypted_differently_each_time():
    vault = Vault([NEW], LEDGER_KEY)

    assert vault.encrypt("Malee") != vault.encrypt("Malee")


def test_hashes_ignore_case_and_depend_on_key_and_purpose():
    vault = Vault([NEW], LEDGER_KEY)

    assert vault.email_hash(" Malee@Example.com ") == vault.email_hash("malee@example.com")
    assert vault.code_hash("rg-1") == code_hash(LEDGER_KEY, "RG-1")
    assert vault.code_hash("x") != vault.email_hash("x")
    assert Vault([NEW], bytes(32)).code_hash("x") != vault.code_hash("x")
