"""Webhooks as Shopify sends them: signed, retried, and in bad weather if asked."""
