"""Shopify's Liquid tags that python-liquid does not know: style and form."""

from html import escape
from typing import TextIO

from liquid import RenderContext, Token
from liquid.ast import BlockNode, Node
from liquid.builtin.expressions import parse_primitive
from liquid.expression import Expression
from liquid.parser import get_parser
from liquid.stream import TokenStream
from liquid.tag import Tag
from liquid.token import TOKEN_TAG

FORM_ACTIONS = {
    "customer_login": "/account/login",
    "create_customer": "/account/register",
    "cart": "/cart",
    "product": "/cart/add",
}


class StyleNode(Node):
    """The contents of a style tag, with their Liquid rendered."""

    def __init__(self, token: Token, block: BlockNode) -> None:
        super().__init__(token)
        self.block = block

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write the style element."""
        written = buffer.write("<style data-shopify>")
        written += self.block.render(context, buffer)
        return written + buffer.write("</style>")


class StyleTag(Tag):
    """{% style %} … {% endstyle %}."""

    name = "style"
    end = "endstyle"

    def parse(self, stream: TokenStream) -> StyleNode:
        """Return the node for what stands between the tags."""
        token = stream.eat(TOKEN_TAG)
        block = get_parser(self.env).parse_block(stream, frozenset({self.end}))
        stream.expect(TOKEN_TAG, value=self.end)
        return StyleNode(token, block)


class FormNode(Node):
    """A form that posts to where Shopify sends forms of its kind."""

    def __init__(self, token: Token, kind: Expression, block: BlockNode) -> None:
        super().__init__(token)
        self.kind = kind
        self.block = block

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write the form element and its hidden kind."""
        kind = str(self.kind.evaluate(context))
        action = escape(FORM_ACTIONS.get(kind, "/"))
        written = buffer.write(f'<form method="post" action="{action}" accept-charset="UTF-8">')
        written += buffer.write(f'<input type="hidden" name="form_type" value="{escape(kind)}">')
        written += self.block.render(context, buffer)
        return written + buffer.write("</form>")


class FormTag(Tag):
    """{% form 'kind' %} … {% endform %}."""

    name = "form"
    end = "endform"

    def parse(self, stream: TokenStream) -> FormNode:
        """Return the node for the form and what it holds."""
        token = stream.eat(TOKEN_TAG)
        tokens = stream.into_inner(tag=token)
        kind = parse_primitive(self.env, tokens)
        block = get_parser(self.env).parse_block(stream, frozenset({self.end}))
        stream.expect(TOKEN_TAG, value=self.end)
        return FormNode(token, kind, block)
