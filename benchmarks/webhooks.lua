-- Sends signed order webhooks as fast as they are answered, each with a webhook id of its own.
-- wrk … -s webhooks.lua URL -- FILE TAG      FILE is written by benchmarks.order_bodies.

function init(args)
  local file = assert(io.open(args[1], "rb"))
  local data = file:read("*a")
  file:close()
  tag, sent, requests = args[2], 0, {}
  local at = 1
  while at <= #data do
    local a, b, c, d = data:byte(at, at + 3)
    local length = a + b * 256 + c * 65536 + d * 16777216
    local signature = data:sub(at + 4, at + 47)
    local body = data:sub(at + 48, at + 47 + length)
    at = at + 48 + length
    requests[#requests + 1] = {
      "POST " .. wrk.path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" ..
      "X-Shopify-Topic: orders/create\r\nX-Shopify-Shop-Domain: example.myshopify.com\r\n" ..
      "X-Shopify-API-Version: 2026-10\r\nX-Shopify-Triggered-At: 2026-11-20T21:09:54.1Z\r\n" ..
      "X-Shopify-Hmac-Sha256: " .. signature .. "\r\nContent-Length: " .. length ..
      "\r\nX-Shopify-Webhook-Id: ",
      body,
    }
  end
end

function request()
  sent = sent + 1
  local parts = requests[(sent - 1) % #requests + 1]
  local id = tag .. "-" .. sent
  return parts[1] .. id .. "\r\nX-Shopify-Event-Id: e" .. id .. "\r\n\r\n" .. parts[2]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"rps": %.1f, "p50_ms": %.2f, "p99_ms": %.2f, "requests": %d, "errors": %d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, summary.requests,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
