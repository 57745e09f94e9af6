"""Connections that transactions take and give back, past SQLAlchemy's own pool."""

from collections import deque
from contextlib import suppress
from threading import BoundedSemaphore

import psycopg
from psycopg import pq
from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import TimeoutError as NoConnection

WAIT_SECONDS_MAX = 30


class KeptConnections:
    """The connections of an engine, which SQLAlchemy makes, and lends until they are lost.

    What its pool does each time one is taken or given back would take as long as a statement.
    """

    def __init__(self, engine: Engine, size: int) -> None:
        self.engine = engine
        self._free = BoundedSemaphore(size)
        self._idle: deque[PoolProxiedConnection] = deque()

    def take(self) -> PoolProxiedConnection:
        """Return the connection given back last, or a new one; wait while all are in use."""
        if not self._free.acquire(timeout=WAIT_SECONDS_MAX):
            raise NoConnection(f"No connection was given back in {WAIT_SECONDS_MAX} seconds.")
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect()

    def _connect(self) -> PoolProxiedConnection:
        try:
            return self.engine.raw_connection()
        except BaseException:
            self._free.release()
            raise

    def give_back(self, pooled: PoolProxiedConnection) -> None:
        """Keep a connection whose transaction is over; one that is lost costs the idle ones, too.

        When the server was restarted they are lost as well, and each would cost a transaction.
        """
        try:
            if _is_idle(pooled):
                self._idle.append(pooled)
            else:
                _drop(pooled)
                self._drop_idle()
        finally:
            self._free.release()

    def dispose(self) -> None:
        """Close the connections that nobody uses."""
        self._drop_idle()
        self.engine.dispose()

    def _drop_idle(self) -> None:
        with suppress(IndexError):
            while True:
                _drop(self._idle.pop())


def _is_idle(pooled: PoolProxiedConnection) -> bool:
    """Return whether a connection is there still, with no transaction open."""
    driver = pooled.driver_connection
    return (
        isinstance(driver, psycopg.Connection)
        and driver.pgconn.transaction_status == pq.TransactionStatus.IDLE
    )


def _drop(pooled: PoolProxiedConnection) -> None:
    if pooled.is_valid:
        pooled.invalidate()
    pooled.close()
