"""What a client is told when something goes wrong: a status and a sentence, never a stack trace."""

import logging

from flask import Flask, Response, jsonify, make_response, render_template_string, request
from werkzeug.exceptions import HTTPException, InternalServerError

logger = logging.getLogger(__name__)

EXTENSION_PATHS = ("/proxy/", "/checkout/")
"""Asked by widget and checkout extension, which read JSON."""

EXTENSION_HEADERS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}

SENTENCES = {
    "en": {
        400: "Something in this request could not be read.",
        401: "Please sign in again.",
        403: "This is not allowed here.",
        404: "This could not be found.",
        405: "This cannot be done here.",
        409: "This was asked for already, with something else.",
        410: "This address was good for some minutes. Please open the page before it again.",
        413: "This is too large.",
        429: "Too many requests. Please try again in a moment.",
        500: "Something went wrong on our side. Please try again in a moment.",
        503: "We cannot answer right now. Please try again in a moment.",
    },
    "th": {
        400: "ระบบอ่านคำขอนี้ไม่ได้",
        401: "โปรดเข้าสู่ระบบอีกครั้ง",
        403: "ไม่สามารถทำรายการนี้ได้",
        404: "ไม่พบสิ่งที่ค้นหา",
        405: "ไม่สามารถทำรายการนี้ได้",
        409: "มีการขอรายการนี้แล้วด้วยข้อมูลอื่น",
        410: "ที่อยู่นี้หมดอายุแล้ว โปรดเปิดหน้าก่อนหน้าอีกครั้ง",
        413: "ข้อมูลมีขนาดใหญ่เกินไป",
        429: "มีคำขอมากเกินไป โปรดลองอีกครั้งในอีกสักครู่",
        500: "เกิดข้อผิดพลาดในระบบ โปรดลองอีกครั้งในอีกสักครู่",
        503: "ระบบยังตอบไม่ได้ในขณะนี้ โปรดลองอีกครั้งในอีกสักครู่",
    },
}

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    410: "gone",
    413: "too_large",
    429: "too_many_requests",
    503: "unavailable",
}

PAGE = """<!doctype html>
<html lang="{{ locale }}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{{ sentence }}</title>
    <style>
      body { font: 16px/1.5 system-ui, sans-serif; margin: 20vh auto; max-width: 28rem;
             padding: 0 1rem; color: #1a1a1a; }
    </style>
  </head>
  <body><p role="alert">{{ sentence }}</p></body>
</html>
"""


def register_errors(app: Flask) -> None:
    """Let `app` answer every error in the form its reader expects."""
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(Exception, _unknown)


def extension_error(status: int, code: str, text: str, **details: int | str) -> Response:
    """Return an error as the extensions read it."""
    answer = jsonify({"error": {"code": code, "text": text, **details}})
    answer.status_code = status
    answer.headers.update(EXTENSION_HEADERS)
    return answer


def _known(error: HTTPException) -> Response:
    if error.response is not None and not isinstance(error, InternalServerError):
        return make_response(error.response)
    return _answer(error.code or 500, error)


def _unknown(error: Exception) -> Response:
    logger.error("request.failed", exc_info=error, extra={"fields": {"endpoint": request.endpoint}})
    return _answer(500, InternalServerError())


def _answer(status: int, error: HTTPException) -> Response:
    locale = "th" if request.args.get("locale", "").startswith("th") else "en"
    sentence = SENTENCES[locale].get(status, SENTENCES[locale][500 if status >= 500 else 400])
    if request.path.startswith(EXTENSION_PATHS):
        answer = extension_error(status, CODES.get(status, "failed"), sentence)
    else:
        answer = Response(
            render_template_string(PAGE, locale=locale, sentence=sentence),
            status,
            mimetype="text/html",
        )
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            answer.headers.setdefault(name, value)
    return answer
