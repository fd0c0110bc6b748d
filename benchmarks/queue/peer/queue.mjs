// What the web app's side and the worker agree on. Retries and the removal of finished jobs as BullMQ's documentation
// recommends for production. The databases are named by the environment: PGHOST, PGUSER, PGDATABASE and REDIS_PORT.
import pg from "pg";

export const QUEUE = "audits";

export const jobOptions = {
  attempts: 4,
  backoff: { type: "exponential", delay: 2000 },
  removeOnComplete: { age: 3600, count: 1000 },
  removeOnFail: { age: 24 * 3600 },
};

export const redis = { host: "127.0.0.1", port: Number(process.env.REDIS_PORT) };

export function openPool(max) {
  return new pg.Pool({ max });
}
