// 100 batches in memory behind mercurius with JIT; prints where it listens.
import Fastify from 'fastify';
import mercurius from 'mercurius';

const batches = Array.from({ length: 100 }, (_, n) => ({
  id: `bat_${String(n).padStart(26, '0')}`,
  name: `Batch ${n}`,
  state: 'QUEUED',
  rev: n,
}));
const app = Fastify();
await app.register(mercurius, {
  schema: `type Query { batches: [Batch!]! }
    type Batch { id: ID! name: String! state: String! rev: Int! }`,
  resolvers: { Query: { batches: () => batches } },
  jit: 1,
});
console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
