"""What the server counts, in Prometheus' text form."""

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hunkwise.server.database import Database, DatabaseDown
from hunkwise.server.tables import deliveries, jobs
from hunkwise.server.work import Job, State

SECONDS = (1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600)


class Metrics:
    """The counters of this process, and gauges that are read from the database when they are asked for."""

    def __init__(self, database: Database) -> None:
        self._registry = CollectorRegistry()
        self._deliveries = Counter(
            "hunkwise_deliveries", "Deliveries by what came of them.", ["result"], registry=self._registry
        )
        self._ended = Counter(
            "hunkwise_jobs_ended", "Jobs that ended here.", ["kind", "state"], registry=self._registry
        )
        self._seconds = Histogram(
            "hunkwise_job_seconds",
            "Seconds from a job's order to its end.",
            ["kind"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._registry.register(_Gauges(database))

    def delivery(self, result: str) -> None:
        """Count a delivery."""
        self._deliveries.labels(result.replace(" ", "_")).inc()

    def job(self, job: Job, state: State, seconds: float) -> None:
        """Count a job that ended."""
        self._ended.labels(job.kind.value, state.value).inc()
        self._seconds.labels(job.kind.value).observe(max(0.0, seconds))

    def text(self) -> bytes:
        """Return everything in Prometheus' text form."""
        return generate_latest(self._registry)


class _Gauges(Collector):
    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> list[GaugeMetricFamily]:
        return []

    def collect(self) -> list[GaugeMetricFamily]:
        up = GaugeMetricFamily("hunkwise_database_up", "Whether the database answers.")
        by_state = GaugeMetricFamily("hunkwise_jobs", "Jobs in the database by state.", labels=["state"])
        depth = GaugeMetricFamily("hunkwise_queue_depth", "Jobs and deliveries that wait.", labels=["of"])
        age = GaugeMetricFamily("hunkwise_queue_oldest_seconds", "How long the oldest has waited.", labels=["of"])
        try:
            with self._database.reading() as connection:
                now = self._database.now(connection)
                counted = connection.execute(sa.select(jobs.c.state, sa.func.count()).group_by(jobs.c.state)).all()
                waits = {
                    "jobs": (jobs.c.created, jobs.c.state == State.QUEUED),
                    "deliveries": (deliveries.c.received, deliveries.c.state == "received"),
                }
                for name, (since, where) in waits.items():
                    count, oldest = connection.execute(
                        sa.select(sa.func.count(), sa.func.min(since)).where(where)
                    ).one()
                    depth.add_metric([name], count)
                    age.add_metric([name], max(0.0, now - oldest) if oldest is not None else 0.0)
        except DatabaseDown:
            up.add_metric([], 0)
            return [up]
        up.add_metric([], 1)
        for state, count in counted:
            by_state.add_metric([state], count)
        return [up, by_state, depth, age]
