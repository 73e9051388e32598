// So many no-op jobs through bullmq, from being added to being completed. Arguments: port of Redis,
// jobs, jobs at once.
import { Queue, Worker } from 'bullmq';

const [port, jobs, concurrency] = process.argv.slice(2).map(Number);
const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
const queue = new Queue('bare', { connection });
await queue.waitUntilReady();
const before = process.cpuUsage();
const started = process.hrtime.bigint();
let done = 0;
await new Promise((resolve, reject) => {
  const worker = new Worker('bare', async () => {}, { connection, concurrency });
  worker.on('completed', () => { if (++done === jobs) resolve(); });
  worker.on('error', reject);
  const rows = Array.from({ length: jobs }, (_, n) => ({ name: 'none', data: { n } }));
  queue.addBulk(rows).catch(reject);
});
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6 }));
process.exit(0);
