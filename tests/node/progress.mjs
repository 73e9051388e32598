// A batch's progress by npm `graphql-ws`, with the connection cut after the 4th and the 8th event.
// usage: progress.mjs URL TOKEN WORKSPACE BATCH
// last line: {"events", "cuts", "gaps", "rev", "state", "videos": [{ordinal, rev}]}
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [url, token, ws, batch] = process.argv.slice(2);
const query = `subscription($ws: ID!, $batch: ID!, $after: Long) {
  batchProgress(workspaceId: $ws, batchId: $batch, afterRev: $after) {
    rev snapshot batch { state } videos { ordinal rev } } }`;
// The library sends this object again after a cut: it then says how far we are.
const variables = { ws, batch, after: null };

let open;
class Socket extends WebSocket {
  constructor(address, protocols) {
    super(address, protocols, { headers: { 'x-reelmill-request': '1' } });
    open = this;
  }
}
const client = createClient({
  url,
  webSocketImpl: Socket,
  connectionParams: { sessionToken: token },
  retryAttempts: 10,
  retryWait: () => new Promise((resolve) => setTimeout(resolve, 400)),
  shouldRetry: () => true,
});

const told = { events: 0, cuts: 0, gaps: [], rev: null, state: null };
const videos = new Map();
function take({ rev, snapshot, batch, videos: changed }) {
  told.events += 1;
  // After the first event everything comes as changes, in order, from where we were.
  if (told.rev !== null && (snapshot || rev < told.rev)) told.gaps.push({ from: told.rev, rev, snapshot });
  for (const video of changed) {
    if ((videos.get(video.ordinal) ?? -1) > video.rev) told.gaps.push({ older: video });
    videos.set(video.ordinal, video.rev);
  }
  told.rev = variables.after = rev;
  told.state = batch.state;
}

await new Promise((resolve, reject) => {
  client.subscribe(
    { query, variables },
    {
      next: ({ data, errors }) => {
        if (errors) return reject(new Error(JSON.stringify(errors)));
        take(data.batchProgress);
        if (told.events === 4 || told.events === 8) {
          told.cuts += 1;
          open.terminate();
        }
      },
      error: reject,
      complete: resolve,
    },
  );
});
await client.dispose();
const sorted = [...videos].sort(([a], [b]) => a - b).map(([ordinal, rev]) => ({ ordinal, rev }));
console.log(JSON.stringify({ ...told, videos: sorted }));
