// A batch's progress by npm `graphql-sse`, one connection an operation.
// usage: events.mjs URL TOKEN WORKSPACE BATCH; last line: {"events", "state", "completed"}
import { createClient } from 'graphql-sse';

const [url, token, ws, batch] = process.argv.slice(2);
const client = createClient({
  url,
  singleConnection: false,
  headers: { cookie: `reelmill_session=${token}`, 'x-reelmill-request': '1' },
  retryAttempts: 0,
});
const query = `subscription($ws: ID!, $batch: ID!) {
  batchProgress(workspaceId: $ws, batchId: $batch) { rev batch { state } } }`;
const told = { events: 0, state: null, completed: false };
await new Promise((resolve, reject) => {
  client.subscribe(
    { query, variables: { ws, batch } },
    {
      next: ({ data, errors }) => {
        if (errors) return reject(new Error(JSON.stringify(errors)));
        told.events += 1;
        told.state = data.batchProgress.batch.state;
      },
      error: reject,
      complete: () => {
        told.completed = true;
        resolve();
      },
    },
  );
});
client.dispose();
console.log(JSON.stringify(told));
