"""The job engine: durable workflows of DBOS over the table of jobs, with leases, a reaper and a drain."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hunkwise.core.failure import Failure
from hunkwise.plugins.guard import guarded
from hunkwise.server import jobs as queue
from hunkwise.server.database import Database
from hunkwise.server.router import Router
from hunkwise.server.steps import DEATHS, Outcome, Pace, Steps
from hunkwise.server.work import HandOver, Job, Lease, LeaseLost, Over, State, Work

VERSION = "hunkwise-jobs-1"
"""The shape of the workflow: servers of another one do not go on with each other's jobs."""
TICK = 1.0
DISPATCHER, HEARTBEAT = "dispatcher", "heartbeat"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """Something that is done again and again, so many seconds after it was done."""

    name: str
    call: Callable[[], object]
    every: float


class Engine:
    """Runs jobs until it is closed; one in a process, as DBOS is.

    alone: no other server uses the database, so that running jobs of others are jobs of the dead.
    ended: told of each job that ended, with its state and its seconds. chores: what else is done once in a while.
    """

    def __init__(
        self,
        database: Database,
        work: Work,
        router: Router,
        pace: Pace,
        *,
        alone: bool = False,
        ended: Callable[[Job, State, float], None] = lambda job, state, seconds: None,
        chores: Sequence[Chore] = (),
    ) -> None:
        from dbos import DBOS, DBOSConfig

        self.executor = uuid.uuid4().hex
        self._database, self._router, self._pace, self._alone = database, router, pace, alone
        self._steps = Steps(database, work, router, pace, self.executor, ended)
        self._active: dict[str, Lease] = {}
        self._jobs: dict[int, str] = {}
        self._lock = threading.Lock()
        self._wake, self._closing = threading.Event(), threading.Event()
        self._beat = time.monotonic()
        config: DBOSConfig = {
            "name": "hunkwise",
            "system_database_url": database.url,
            "application_version": VERSION,
            "executor_id": self.executor,
            "run_migrations": True,
            "use_listen_notify": False,
            "console_log_level": "WARNING",
            "max_executor_threads": 4 * pace.workers + 8,
        }
        DBOS(config=config)

        # DBOS writes on the function, which a method does not take
        @DBOS.workflow(name="hunkwise.job")
        def run(number: int, workflow: str) -> str:
            return self._workflow(number, workflow)

        self._run = run
        self._threads = [
            threading.Thread(target=self._loop, args=(chore,), name=chore.name, daemon=True)
            for chore in (
                Chore(name=DISPATCHER, call=self._dispatch, every=TICK),
                Chore(name=HEARTBEAT, call=self._renew_all, every=pace.lease / 6),
                Chore(name="reaper", call=self._reap, every=pace.lease / 6),
                *chores,
            )
        ]

    def start(self) -> None:
        """Begin to run jobs."""
        from dbos import DBOS

        DBOS.launch()
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Look for deliveries and jobs at once."""
        self._wake.set()

    def is_alive(self) -> bool:
        """Return whether its threads run and reach the database."""
        recent = time.monotonic() - self._beat < max(self._pace.lease, 10 * TICK)
        return recent and all(thread.is_alive() for thread in self._threads)

    def close(self) -> None:
        """Claim no more, give what runs some time to end, hand the rest over, and stop."""
        from dbos import DBOS

        self._closing.set()
        self._wake.set()
        patience = time.monotonic() + self._pace.drain
        while self._active and time.monotonic() < patience:
            time.sleep(0.05)
        for lease in tuple(self._active.values()):
            lease.stop(HandOver("the server ends"))
        patience = time.monotonic() + 10
        while self._active and time.monotonic() < patience:
            time.sleep(0.05)
        for thread in self._threads:
            thread.join(timeout=10)
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=1)

    # the threads

    def _loop(self, chore: Chore) -> None:
        while not self._closing.is_set() or (self._active and chore.name == HEARTBEAT):
            # DBOS and the driver raise what they like while the database is away; the next time may do
            done = guarded(chore.name, "chore", chore.call)
            if isinstance(done, Failure):
                log.error("%s: %s%s", done.who, done.message, f" ({done.hint})" if done.hint else "")
            elif chore.name == DISPATCHER:
                self._beat = time.monotonic()
            if chore.name == DISPATCHER:
                self._wake.wait(chore.every)
                self._wake.clear()
            elif self._closing.is_set():
                time.sleep(min(chore.every, 0.2))
            else:
                self._closing.wait(chore.every)

    def _dispatch(self) -> None:
        while self._router.route() and not self._closing.is_set():
            pass
        if self._active:
            self._tell_news()
        while len(self._active) < self._pace.workers and not self._closing.is_set():
            job = queue.claim(self._database, self.executor, self._pace.lease)
            if job is None:
                return
            self._begin(job)

    def _begin(self, job: Job) -> None:
        from dbos import DBOS, SetWorkflowID

        self._hold(job)
        try:
            with SetWorkflowID(job.workflow):
                DBOS.start_workflow(self._run, job.id, job.workflow)
        except BaseException:
            # its lease runs out, and the reaper finds it
            self._drop(job.id, job.workflow)
            raise

    def _hold(self, job: Job) -> Lease:
        with self._lock:
            if job.workflow not in self._active:
                self._active[job.workflow] = Lease(
                    self._pace.lease,
                    lambda: queue.renew(self._database, job.id, job.workflow, self.executor, self._pace.lease),
                )
                self._jobs[job.id] = job.workflow
            return self._active[job.workflow]

    def _drop(self, job: int, workflow: str) -> None:
        with self._lock:
            self._active.pop(workflow, None)
            if self._jobs.get(job) == workflow:
                self._jobs.pop(job)
        self._wake.set()

    def _tell_news(self) -> None:
        for job, (why, waiting) in queue.news(self._database, self.executor).items():
            lease = self._active.get(self._jobs.get(job, ""))
            if lease is not None:
                lease.stop(Over(why)) if why else lease.doubt(waiting)

    def _renew_all(self) -> None:
        for job, workflow in tuple(self._jobs.items()):
            lease, asked = self._active.get(workflow), time.monotonic()
            if lease is None:
                continue
            if queue.renew(self._database, job, workflow, self.executor, self._pace.lease):
                lease.extended(asked)
            else:
                lease.stop(LeaseLost("another server has taken it over"))

    def _reap(self) -> None:
        """Have the jobs of dead servers gone on with; give up those that killed too many."""
        freed = []
        with self._database.exclusive() as connection:
            now = self._database.now(connection)
            for job in queue.lapsed(connection, now, others_than=self.executor if self._alone else None):
                if job.workflow in self._active:
                    continue
                deaths = queue.release(connection, now, job, grace=self._pace.lease)
                if deaths >= DEATHS:
                    self._steps.give_up(connection, now, job, deaths)
                freed.append((job, deaths >= DEATHS))
        # DBOS writes to the same database, and waits for the transaction above
        for job, is_over in freed:
            self._resume(job, is_over)

    def _resume(self, job: Job, is_over: bool) -> None:
        """Let DBOS go on with a workflow after the last step that it finished, or end it where its job ended."""
        from dbos import DBOS

        status = DBOS.get_workflow_status(job.workflow)
        if status is not None and status.status not in ("SUCCESS", "ERROR"):
            if is_over:
                DBOS.cancel_workflow(job.workflow)
            else:
                log.warning("job of a dead server goes on", extra={"job": job.id})
                DBOS.resume_workflow(job.workflow)
        elif not is_over:
            with self._database.exclusive() as connection:
                now = self._database.now(connection)
                queue.put_back(connection, now, job, delay=0, reason="its server died", counted=False)
        self._wake.set()

    def _workflow(self, number: int, workflow: str) -> str:
        from dbos import DBOS
        from dbos import error as dbos_errors

        job = queue.take_up(self._database, number, workflow, self.executor, self._pace.lease)
        if job is None:
            self._drop(number, workflow)
            raise dbos_errors.DBOSWorkflowCancelledError(f"job {number} is another's")
        lease = self._hold(job)
        try:
            outcome: Outcome = DBOS.run_step({"name": "work"}, self._steps.work, job, lease)
            if outcome["then"] == "publish":
                outcome = DBOS.run_step({"name": "publish"}, self._steps.publish, number, workflow, lease)
            state: str = DBOS.run_step({"name": "finish"}, self._steps.finish, number, workflow, outcome)
            return state
        except LeaseLost as error:
            log.warning("job is left alone: %s", error, extra={"job": number})
            raise dbos_errors.DBOSWorkflowCancelledError(str(error)) from error
        finally:
            self._drop(number, workflow)
