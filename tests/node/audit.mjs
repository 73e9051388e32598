// The GraphQL-over-HTTP audit of npm `graphql-http`, every entry of it.
// usage: audit.mjs URL; last line: {"total", "ok", "rest": [{id, name, status, reason}]}
import { auditServer } from 'graphql-http';

const [url] = process.argv.slice(2);
const results = await auditServer({ url, fetchFn: fetch });
const rest = results
  .filter((result) => result.status !== 'ok')
  .map(({ id, name, status, reason }) => ({ id, name, status, reason }));
console.log(JSON.stringify({ total: results.length, ok: results.length - rest.length, rest }));
