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


# With these PostgreSQL warns that it has committed without its standbys.
UNCONFIRMED = {"01000", "57P01"}


class SqlError(Exception):
    """A statement failed, and its transaction is void. state is its SQLSTATE, and 08006 when the connection was lost."""

    def __init__(self, state, message, after=0):
        super().__init__(message)
        self.state = state
        self.after = after


class UnknownOutcome(Exception):
    """A commit was sent and nobody knows what became of it.

    Not to see its rows proves nothing: it may still be under way. Work that is done once however often it is done, as
    INSERT ... ON CONFLICT by a key of its own, is simply done again.
    """


def ask(path, body=None, token=None):
    request = urllib.request.Request(ROUTER + path, None if body is None else json.dumps(body).encode())
    if token:
        request.add_header("X-Causal-Token", token)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        if error.code in (429, 503):
            raise SqlError("08001", problem["detail"], int(error.headers.get("Retry-After", 0))) from error
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
        warnings = []
        try:
            self.connection.execute("BEGIN")
            self.connection.execute(sql)
        except psycopg.Error as error:
            raise SqlError(error.sqlstate or "08006", str(error)) from error
        try:
            self.connection.add_notice_handler(lambda notice: warnings.append(notice.sqlstate))
            self.connection.execute("COMMIT")
        except psycopg.Error as error:
            # A reason is a refusal only while the server lives on: one that panics may have the commit in its log.
            if not error.sqlstate or not self.lives():
                raise UnknownOutcome(str(error)) from error
            raise SqlError(error.sqlstate, str(error)) from error
        if not UNCONFIRMED.isdisjoint(warnings):
            raise UnknownOutcome("standbys may not have the commit")

    def lives(self):
        try:
            self.connection.execute("SELECT 1")
            return True
        except psycopg.Error:
            return False

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

    def run(self, *commands):
        arguments = [argument for command in commands for argument in ("-c", command)]
        return subprocess.run(
            self.command + arguments, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )

    def failed(self, done):
        # "ERROR:  MO001" of a statement; something else when the connection could not be had, or was lost.
        words = done.stderr.split()
        state = words[words.index("ERROR:") + 1] if "ERROR:" in words and done.returncode != 2 else "08006"
        return SqlError(state, done.stderr.strip())

    def row(self, sql):
        try:
            done = self.run(sql)
        except subprocess.TimeoutExpired as error:
            raise SqlError("08006", "psql took too long") from error
        if done.returncode != 0:
            raise self.failed(done)
        return done.stdout.strip().split("\t")

    def transaction(self, sql):
        # What psql writes of a lost connection depends on how it was lost. So it tells how far it came.
        try:
            done = self.run(
                "BEGIN",
                sql,
                "\\echo committing",
                "\\warn committing",
                "\\set ON_ERROR_STOP off",
                "COMMIT",
                "\\echo :SQLSTATE",
                "SELECT 'alive'",
            )
        except subprocess.TimeoutExpired as error:
            raise UnknownOutcome("psql took too long") from error
        told = done.stdout.splitlines()
        if "committing" not in told:
            raise self.failed(done)
        said = done.stderr.split("committing\n", 1)[-1]
        match told[told.index("committing") + 1 :]:
            case ["00000", *_] if UNCONFIRMED.isdisjoint(said.split()):
                return
            case [state, "alive"] if state != "00000":
                raise SqlError(state, said.strip())
            case _:
                raise UnknownOutcome(said.strip())

    def close(self):
        pass


Session = PsycopgSession if psycopg else PsqlSession


def until_done(attempt, also=()):
    """Runs attempt again when the map was stale, the server no primary, or the connection lost before a commit was sent."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    pause = 0.01
    unknown = None
    while True:
        try:
            return attempt()
        except (SqlError, *also) as error:
            known = isinstance(error, SqlError)
            unknown = unknown if known else error
            again = not known or error.state in (NOT_OWNED, READ_ONLY) or error.state.startswith(("08", "57P0"))
            rest = (error.after if known else 0) + random.uniform(0, pause)
            if not again or time.monotonic() + rest > deadline:
                # That this try did not do it says nothing of one before whose end is unknown.
                raise unknown or error
            time.sleep(rest)
            pause = min(0.5, pause * 2)


def write(table, key, sql, token):
    """Returns a token that has this write in it, or None when it is written and none can be had.

    sql runs again also where nobody knows what became of its commit, so doing it twice has to be doing it once.
    """

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

    shard, known = until_done(attempt, also=(UnknownOutcome,))
    try:
        term, lsn = known or until_done(later_position)
        report = {"shard": shard, "term": int(term), "lsn": lsn, "kind": "write"}
        return until_done(lambda: ask("/v1/positions", report, token)["token"])
    except (SqlError, ValueError) as error:
        print(f"it is written, and reads have to ask the primary: {error}", file=sys.stderr)
        return None


def read(table, key, sql, token):
    """Returns a row of a server that has all that the token says, and which server that was. None stands for everything."""

    def attempt():
        consistency = "causal" if token else "strong"
        route = lookup(table, key, token, intent="read", consistency=consistency, wait=5000)
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
    # The order has an id of its own, so that writing it twice is writing it once. DO UPDATE, since that writes something and so
    # waits for the standbys like the first; DO NOTHING does not.
    token = write(
        "orders",
        customer,
        f"INSERT INTO orders (customer_id, id) VALUES ({customer}, {order})"
        " ON CONFLICT (customer_id, id) DO UPDATE SET id = excluded.id",
        token,
    )
    (seen,), server = read(
        "orders", customer, f"SELECT count(*) FROM orders WHERE customer_id = {customer} AND id = {order}", token
    )
    print(f"order {order} of customer {customer}: seen {seen} time on {server['role']} {server['instance']}")
    print(f"for other services: X-Causal-Token: {token}")


if __name__ == "__main__":
    main()
