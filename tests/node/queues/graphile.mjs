// So many no-op jobs through graphile-worker, from being added to being completed. Arguments:
// address of a PostgreSQL database, jobs, jobs at once.
import { Logger, run, runMigrations } from 'graphile-worker';
import pg from 'pg';

const [connectionString, jobs, concurrency] = process.argv.slice(2);
await runMigrations({ connectionString });
const pool = new pg.Pool({ connectionString });
const before = process.cpuUsage();
const started = process.hrtime.bigint();
let done = 0;
const all = Promise.withResolvers ? Promise.withResolvers() : deferred();
const runner = await run({
  connectionString,
  concurrency: Number(concurrency),
  noHandleSignals: true,
  logger: new Logger(() => () => {}),
  taskList: { none: async () => {} },
});
runner.events.on('job:success', () => { if (++done === Number(jobs)) all.resolve(); });
await pool.query(
  `SELECT graphile_worker.add_job('none', json_build_object('n', n)) FROM generate_series(1, $1) AS n`,
  [jobs],
);
await all.promise;
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6 }));
process.exit(0);

function deferred() {
  let resolve;
  const promise = new Promise((settle) => { resolve = settle; });
  return { promise, resolve };
}
