"""Bulk operations: queries that run in a thread of their own and leave a JSONL file.

Shopify promises no order of the file's lines: what belongs to a page's objects is written only
after the objects of the next page.
"""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from flask import request
from graphql import DocumentNode, GraphQLError, execute_sync

from devstore.admin_api.admin_schema import admin_schema
from devstore.admin_api.bulk_query import BulkRefused, checked, pages
from devstore.admin_api.bulk_view import bulk_view
from devstore.admin_api.discount_input import user_error
from devstore.admin_api.guard import guarded
from devstore.admin_api.queries import Queries, gid_argument
from devstore.store.bulk_operation import BulkOperation
from devstore.store.store import Store

AT_ONCE_MAX = 5
View = dict[str, Any]


@dataclass(frozen=True)
class BulkWeather:
    """How the operations that begin from now on fare."""

    seconds_a_page: float = 0.0
    fail_after_pages: int | None = None
    error_code: str = "INTERNAL_SERVER_ERROR"


class BulkOperations:
    """Every bulk operation since the development store was started."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._known: dict[int, BulkOperation] = {}
        self._lock = threading.Lock()
        self.weather = BulkWeather()

    def resolvers(self, scopes: frozenset[str]) -> View:
        """Return the resolvers of both roots, for one request with its scopes."""

        def run_query(_info: object, query: str, **_: object) -> View:
            return self._run_query(query, scopes)

        return {
            "bulkOperation": lambda _info, id: self._view_by_gid(id),
            "currentBulkOperation": lambda _info, **_: self._newest(),
            "bulkOperationRunQuery": run_query,
            "bulkOperationCancel": self._cancel,
        }

    def file(self, operation_id: int, token: str) -> Path | None:
        """Return the file of an address that is still good."""
        found = self._known.get(operation_id)
        if found is None or found.token != token or not found.has_file(self._store.clock.now()):
            return None
        return found.file

    def _run_query(self, query: str, scopes: frozenset[str]) -> View:
        try:
            document = checked(query)
        except BulkRefused as refusal:
            return _refused(str(refusal), "INVALID")
        with self._lock:
            if sum(not each.ended for each in self._known.values()) >= AT_ONCE_MAX:
                return _refused("Bulk operations limit reached.", "LIMIT_REACHED")
            operation = self._new(query)
        thread = threading.Thread(
            target=self._work, args=(operation, document, scopes, self.weather), daemon=True
        )
        view = self._view(operation)
        thread.start()
        return {"bulkOperation": view, "userErrors": []}

    def _new(self, query: str) -> BulkOperation:
        self._folder.mkdir(parents=True, exist_ok=True)
        operation_id = self._store.database.next_id("bulk_operation", 7_000_000_000_000)
        operation = BulkOperation(
            id=operation_id,
            query=query,
            created_at=self._store.clock.now(),
            file=self._folder / f"{operation_id}.jsonl",
        )
        self._known[operation_id] = operation
        return operation

    def _cancel(self, _info: object, id: str) -> View:
        operation = self._find(id)
        if operation is None:
            error = user_error(["id"], "Bulk operation does not exist", "INVALID")
            return {"bulkOperation": None, "userErrors": [error]}
        with self._lock:
            if not operation.ended:
                operation.status = "CANCELING"
                operation.cancelling.set()
        return {"bulkOperation": self._view(operation), "userErrors": []}

    def _work(
        self,
        operation: BulkOperation,
        document: DocumentNode,
        scopes: frozenset[str],
        weather: BulkWeather,
    ) -> None:
        try:
            status, error_code = self._write(operation, document, scopes, weather)
        except GraphQLError as problem:
            denied = (problem.extensions or {}).get("code") == "ACCESS_DENIED"
            status = "FAILED"
            error_code = "ACCESS_DENIED" if denied else "INTERNAL_SERVER_ERROR"
        with self._lock:
            operation.completed_at = self._store.clock.now()
            operation.error_code = error_code
            operation.status = status
        self._store.events.announce("bulk_operations/finish", operation)
        self._store.close()

    def _write(
        self,
        operation: BulkOperation,
        document: DocumentNode,
        scopes: frozenset[str],
        weather: BulkWeather,
    ) -> tuple[str, str | None]:
        with self._lock:
            if not operation.cancelling.is_set():
                operation.status = "RUNNING"
        held_back: list[View] = []
        with operation.file.open("wb") as file:
            for number, (roots, children) in enumerate(
                pages(document, lambda asked, variables: self._execute(asked, variables, scopes))
            ):
                if weather.fail_after_pages is not None and number >= weather.fail_after_pages:
                    _write_lines(file, operation, held_back)
                    return "FAILED", weather.error_code
                if operation.cancelling.wait(weather.seconds_a_page):
                    return "CANCELED", None
                _write_lines(file, operation, roots)
                _write_lines(file, operation, held_back)
                operation.roots += len(roots)
                held_back = children
            _write_lines(file, operation, held_back)
        return "COMPLETED", None

    def _execute(self, document: DocumentNode, variables: View, scopes: frozenset[str]) -> View:
        result = execute_sync(
            admin_schema(),
            document,
            root_value=Queries(self._store, scopes).resolvers(),
            variable_values=variables,
            context_value=scopes,
            field_resolver=guarded,
            type_resolver=lambda value, *_: str(value["__typename"]),
        )
        if result.errors:
            raise result.errors[0]
        return result.data or {}

    def _newest(self) -> View | None:
        newest = max(self._known, default=None)
        return None if newest is None else self._view(self._known[newest])

    def _view_by_gid(self, gid: str) -> View | None:
        operation = self._find(gid)
        return None if operation is None else self._view(operation)

    def _find(self, gid: str) -> BulkOperation | None:
        return self._known.get(gid_argument(gid, "BulkOperation")[1])

    def _view(self, operation: BulkOperation) -> View:
        return bulk_view(operation, request.url_root, self._store.clock.now())


def _write_lines(file: BinaryIO, operation: BulkOperation, lines: list[View]) -> None:
    for line in lines:
        file.write(orjson.dumps(line) + b"\n")
    operation.objects += len(lines)


def _refused(message: str, code: str) -> View:
    error = user_error(["query"], message, code)
    return {"bulkOperation": None, "userErrors": [error]}
