"""What shoppers do in the store, in a browser."""

from playwright.sync_api import Page, expect


def sign_up(page: Page, email: str) -> None:
    """Make an account for Mali, who is signed in then."""
    page.goto("/account/login")
    page.get_by_label("First name").fill("Mali")
    page.get_by_label("Last name").fill("Srisuk")
    page.get_by_role("textbox", name="Email", exact=True).fill(email)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Hello, Mali")).to_be_visible()
