"""A stand-in for Shopify that runs offline and that the app meets over HTTP only."""
