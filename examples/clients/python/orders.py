"""Writes an order and reads it back from a replica, over a PgMosaic router's HTTP interface.

Needs the table orders (customer_id bigint, id bigint, PRIMARY KEY (customer_id, id)), sharded by customer_id. Takes the
variables that psql takes, and PGMOSAIC_ROUTER_URL. Uses psycopg where it is installed, else psql.

    python3 orders.py CUSTOMER ORDER
"""

import json
import os
import random
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

try:
    import psycopg
except ImportError:
    psycopg = None

ROUTER = os.environ.get("PGMOSAIC_ROUTER_URL", "http://127.0.0.1:7432")
DEADLINE_SECONDS = 30
NOT_OWNED = "MO001"
READ_ONLY = "25006"
# One statement tells the term and a place in the log that is beyond what was just written, or what was just read.
POSITION = (
    "SELECT current_setting('mosaic.term'), CASE WHEN pg_is_in_recovery()"
    " THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END"
)


class SqlError(Exception):
    """A statement failed. state is its SQLSTATE, and 08006 when the connection was lost."""

    def __init__(self, state, message, commit_sent=False):
        super().__init__(message)
        self.state = state
        self.commit_sent = commit_sent


class UnknownOutcome(Exception):
    """A commit was sent and its answer did not come: look whether it is there, never just repeat it."""


def ask(path, body=None, token=None):
    request = urllib.request.Request(ROUTER + path, None if body is None else json.dumps(body).encode())
    if token:
        request.add_header("X-Causal-Token", token)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        if error.code == 503:
            raise SqlError("08001", problem["detail"]) from error
        raise ValueError(problem["detail"]) from error
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise SqlError("08001", f"the router does not answer: {error}") from error


def lookup(table, key, token=None, **wishes):
    query = urllib.parse.urlencode({"table": table, "key": key, **wishes})
    return ask("/v1/route?" + query, token=token)


class PsycopgSession:
    """A connection through psycopg, in autocommit."""

    def __init__(self, server, database, primary):
        try:
            self.connection = psycopg.connect(
                host=server["host"],
                port=server["port"],
                dbname=database,
                target_session_attrs="primary" if primary else "any",
                connect_timeout=2,
                autocommit=True,
            )
        except psycopg.Error as error:
            raise SqlError("08001", str(error)) from error

    def row(self, sql):
        try:
            return [str(value) for value in self.connection.execute(sql).fetchone()]
        except psycopg.Error as error:
            raise SqlError(error.sqlstate or "08006", str(error)) from error

    def transaction(self, sql):
        committing = False
        try:
            self.connection.execute("BEGIN")
            self.connection.execute(sql)
            committing = True
            self.connection.execute("COMMIT")
        except psycopg.Error as error:
            raise SqlError(error.sqlstate or "08006", str(error), committing) from error

    def close(self):
        self.connection.close()


class PsqlSession:
    """A psql for each statement: slow, and needs nothing but PostgreSQL's client."""

    def __init__(self, server, database, primary):
        self.command = ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "VERBOSITY=sqlstate", "-v", "ON_ERROR_STOP=1"]
        self.environment = {
            **os.environ,
            "PGHOST": server["host"],
            "PGPORT": str(server["port"]),
            "PGDATABASE": database,
            "PGTARGETSESSIONATTRS": "primary" if primary else "any",
            "PGCONNECT_TIMEOUT": "2",
        }

    def run(self, *statements):
        arguments = [argument for statement in statements for argument in ("-c", statement)]
        done = subprocess.run(
            self.command + arguments, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )
        if done.returncode != 0:
            # "ERROR:  MO001" of a statement; something else when the connection could not be had, or was lost.
            words = done.stderr.split()
            refused = "ERROR:" in words
            state = words[words.index("ERROR:") + 1] if refused else "08006"
            raise SqlError(state, done.stderr.strip(), commit_sent=not refused and done.returncode != 2)
        return done.stdout

    def row(self, sql):
        return self.run(sql).strip().split("\t")

    def transaction(self, sql):
        try:
            self.run("BEGIN", sql, "COMMIT")
        except SqlError as error:
            # Where psql says only that the connection was lost, the commit may have been sent.
            lost_within = error.state == "08006" and "server closed the connection" in str(error)
            raise SqlError(error.state, str(error), error.commit_sent or lost_within) from error

    def close(self):
        pass


Session = PsycopgSession if psycopg else PsqlSession


def until_done(attempt):
    """Runs attempt again when the map was stale, the server no primary, or the connection lost before the commit was sent."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    pause = 0.01
    while True:
        try:
            return attempt()
        except SqlError as error:
            if error.commit_sent and error.state.startswith(("08", "57P0")):
                raise UnknownOutcome(str(error)) from error
            again = error.state in (NOT_OWNED, READ_ONLY) or error.state.startswith(("08", "57P0"))
            if not again or time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0, pause))
            pause = min(0.5, pause * 2)


def write(table, key, sql, token):
    """Returns a token that has this write in it."""

    def attempt():
        route = lookup(table, key, wait=5000)
        session = Session(route["server"], route["database"], primary=True)
        try:
            session.transaction(sql)
            return route["shard"], position(session)
        finally:
            session.close()

    def position(session):
        try:
            return session.row(POSITION)
        except SqlError:
            # It is committed, so this is no reason to do it again: whoever is the primary then tells a later position.
            return None

    def later_position():
        route = lookup(table, key, wait=5000)
        session = Session(route["server"], route["database"], primary=True)
        try:
            return session.row(POSITION)
        finally:
            session.close()

    shard, known = until_done(attempt)
    term, lsn = known or until_done(later_position)
    report = {"shard": shard, "term": int(term), "lsn": lsn, "kind": "write"}
    return ask("/v1/positions", report, token)["token"]


def read(table, key, sql, token):
    """Returns a row of a server that has all that the token says, and which server that was."""

    def attempt():
        route = lookup(table, key, token, intent="read", consistency="causal", wait=5000)
        primary = route["server"]["role"] == "primary"
        session = Session(route["server"], route["database"], primary)
        try:
            if "position" in route and not primary:
                # On a new connection: a replica that crashed may be behind what it had shown.
                lsn = route["position"]["lsn"]
                if session.row(f"SELECT pg_last_wal_replay_lsn() >= '{lsn}'")[0].lower() not in ("t", "true"):
                    raise SqlError("08004", "the replica is not where it was")
            return session.row(sql), route["server"]
        finally:
            session.close()

    return until_done(attempt)


def main():
    customer, order = (int(argument) for argument in sys.argv[1:3])
    # A service that was called passes on the token that it was called with.
    token = ask("/v1/tokens/merge", {"tokens": []})["token"]
    token = write("orders", customer, f"INSERT INTO orders (customer_id, id) VALUES ({customer}, {order})", token)
    (seen,), server = read(
        "orders", customer, f"SELECT count(*) FROM orders WHERE customer_id = {customer} AND id = {order}", token
    )
    print(f"order {order} of customer {customer}: seen {seen} time on {server['role']} {server['instance']}")
    print(f"for other services: X-Causal-Token: {token}")


if __name__ == "__main__":
    main()
