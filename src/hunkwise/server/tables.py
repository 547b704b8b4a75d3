"""The server's own tables, and the steps that bring an older database to them."""

from collections.abc import Mapping

import sqlalchemy as sa

metadata = sa.MetaData()
PREFIX = "hunkwise_"
Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Seconds = sa.Double

deliveries = sa.Table(
    PREFIX + "deliveries",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("received", Seconds, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("job", Number),
    sa.Column("ended", Seconds),
)
"""What GitHub sent. `body` is kept until the delivery is understood; the state of one that made a job is the job's."""

jobs = sa.Table(
    PREFIX + "jobs",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("installation", Number, nullable=False),
    sa.Column("repository", sa.Text, nullable=False),
    sa.Column("pull", Number, nullable=False),
    sa.Column("head", sa.Text, nullable=False),
    sa.Column("order", sa.Text, nullable=False, server_default=""),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("created", Seconds, nullable=False),
    sa.Column("not_before", Seconds, nullable=False),
    sa.Column("started", Seconds),
    sa.Column("ended", Seconds),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("delays", sa.Integer, nullable=False, server_default="0"),
    sa.Column("deaths", sa.Integer, nullable=False, server_default="0"),
    sa.Column("workflow", sa.Text),
    sa.Column("executor", sa.Text),
    sa.Column("lease", Seconds),
    sa.Column("stop", sa.Text, nullable=False, server_default=""),
    sa.Column("reviewed", sa.Text, nullable=False, server_default=""),
    sa.Column("report", sa.LargeBinary),
)
"""Work on a pull request. `order` is what a command asked for, as JSON; `stop` says why a running job should end;
`reviewed` is the head that the stored `report` is about. `attempts` are those that failed and the one that runs;
`deaths` counts the servers that died of it, or with it."""

pulls = sa.Table(
    PREFIX + "pulls",
    metadata,
    sa.Column("repository", sa.Text, primary_key=True),
    sa.Column("number", Number, primary_key=True),
    sa.Column("installation", Number, nullable=False),
    sa.Column("reviewed", sa.Text, nullable=False, server_default=""),
    sa.Column("is_paused", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("seen", Seconds, nullable=False),
)
"""What is known of a pull request: the head that was reviewed last, and whether somebody asked for silence."""

turns = sa.Table(
    PREFIX + "turns",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("served", Seconds, nullable=False, server_default="0"),
    sa.Column("paused", Seconds, nullable=False, server_default="0"),
)
"""Whose turn it is: `i:NUMBER` for an installation, `r:OWNER/NAME` for a repository, `s:OWNER/NAME` for a look at
it for what was missed; `paused` until then."""

feedback = sa.Table(
    PREFIX + "feedback",
    metadata,
    sa.Column("repository", sa.Text, primary_key=True),
    sa.Column("comment", Number, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("installation", Number, nullable=False),
    sa.Column("pull", Number, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("seen", Seconds, nullable=False),
)
"""What people made of our comments: how many of each reaction, and whether the thread is resolved."""

said = sa.Table(
    PREFIX + "said",
    metadata,
    sa.Column("repository", sa.Text, primary_key=True),
    sa.Column("pull", Number, primary_key=True),
    sa.Column("fingerprint", sa.Text, primary_key=True),
    sa.Column("installation", Number, nullable=False),
    sa.Column("rules", sa.Text, nullable=False),
)
"""By which rules a posted comment was made: `tool/rule`, parted by blanks."""

version = sa.Table(PREFIX + "version", metadata, sa.Column("version", sa.Integer, nullable=False))

live = jobs.c.state.in_(("queued", "running"))
for name, columns, where in (
    ("one_running", (jobs.c.repository, jobs.c.pull), (jobs.c.kind == "review") & (jobs.c.state == "running")),
    ("one_queued", (jobs.c.repository, jobs.c.pull), (jobs.c.kind == "review") & (jobs.c.state == "queued")),
    ("same", (jobs.c.key,), jobs.c.state.in_(("queued", "running", "done"))),
):
    sa.Index(f"{PREFIX}jobs_{name}", *columns, unique=True, sqlite_where=where, postgresql_where=where)
sa.Index(PREFIX + "jobs_live", jobs.c.state, sqlite_where=live, postgresql_where=live)
sa.Index(PREFIX + "jobs_ended", jobs.c.ended)
received = deliveries.c.state == "received"
sa.Index(PREFIX + "deliveries_received", deliveries.c.received, sqlite_where=received, postgresql_where=received)
sa.Index(PREFIX + "deliveries_job", deliveries.c.job)
sa.Index(PREFIX + "deliveries_ended", deliveries.c.ended)

STEPS: tuple[tuple[str, ...], ...] = ((),)
"""What each version after the first adds, as SQL that both databases take; the first is the tables as they stand."""


def put(connection: sa.Connection, table: sa.Table, key: Mapping[str, object], values: Mapping[str, object]) -> None:
    """Write a row, over the one with this key where there is one."""
    same = (table.c[name] == value for name, value in key.items())
    if not connection.execute(table.update().where(*same).values(**values)).rowcount:
        connection.execute(table.insert().values(**key, **values))


def migrate(connection: sa.Connection) -> None:
    """Bring the database to the newest version, within the caller's transaction.

    Raises ValueError where the database is newer than this program.
    """
    version.create(connection, checkfirst=True)
    found = connection.execute(sa.select(sa.func.max(version.c.version))).scalar()
    if found is None:
        metadata.create_all(connection)
        connection.execute(version.insert().values(version=len(STEPS)))
        return
    if found > len(STEPS):
        raise ValueError(f"the database is of version {found}, and this Hunkwise knows versions up to {len(STEPS)}")
    for step in STEPS[found:]:
        for statement in step:
            connection.execute(sa.text(statement))
    connection.execute(version.update().values(version=len(STEPS)))
