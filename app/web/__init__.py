"""Everything that answers HTTP, except the webhook intake."""
