"""An Admin API that answers every call after the same time, for benchmarks: it makes no mistakes.

    python -m benchmarks.slow_shopify --port 9000 --delay-ms 50

Codes are unique and found again, as the app relies on; nothing else is kept.
"""

import argparse
import asyncio
import json
from typing import Any

Payload = dict[str, Any]


class SlowShopify:
    """Answers on kept-alive connections."""

    def __init__(self, delay_ms: float) -> None:
        self._delay_s = delay_ms / 1000
        self._codes: dict[str, int] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection until it is closed."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(_length_of(head))
                # The answer leaves this long after the question is in, however busy others are.
                answer, _ = await asyncio.gather(
                    self._answer(json.loads(body)), asyncio.sleep(self._delay_s)
                )
                text = json.dumps(answer).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n%s" % (len(text), text)
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, request: Payload) -> Payload:
        query, variables = request["query"], request.get("variables") or {}
        if "discountCodeBasicCreate" in query:
            return {"data": {"discountCodeBasicCreate": self._create(variables["discount"])}}
        if "codeDiscountNodeByCode" in query:
            return {"data": {"codeDiscountNodeByCode": self._find(variables["code"])}}
        if "metafieldsSet" in query:
            return {"data": {"metafieldsSet": {"metafields": [], "userErrors": []}}}
        if "howMany" in query:
            return {"data": {"howMany": len(self._codes)}}
        return {"errors": [{"message": "unknown", "extensions": {"code": "UNKNOWN"}}]}

    def _create(self, discount: Payload) -> Payload:
        code = discount["code"]
        if code in self._codes:
            taken = {"code": "TAKEN", "field": ["basicCodeDiscount", "code"], "message": ""}
            return {"codeDiscountNode": None, "userErrors": [taken]}
        self._codes[code] = len(self._codes) + 1
        return {"codeDiscountNode": {"id": self._gid(code)}, "userErrors": []}

    def _find(self, code: str) -> Payload | None:
        if code not in self._codes:
            return None
        return {"id": self._gid(code), "codeDiscount": {"asyncUsageCount": 0}}

    def _gid(self, code: str) -> str:
        return f"gid://shopify/DiscountCodeNode/{self._codes[code]}"


def _length_of(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def _run(port: int, delay_ms: float) -> None:
    server = await asyncio.start_server(SlowShopify(delay_ms).serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--delay-ms", type=float, default=50.0)
    options = parser.parse_args()
    asyncio.run(_run(options.port, options.delay_ms))
