"""Shopify's webhooks: taken in at once, handled afterwards in batches."""
