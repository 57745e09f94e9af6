"""Regulars: loyalty and rewards for Shopify stores."""
