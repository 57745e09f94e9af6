"""What people read, in their language: plain Babel, without a request."""
