// The web app's side: for each line `{"targets": [url, ...]}` on standard input, inserts that many build sessions in one
// transaction, adds their jobs, and answers with one line.
import { createInterface } from "node:readline";
import { Queue } from "bullmq";
import { jobOptions, openPool, QUEUE, redis } from "./queue.mjs";

const INSERT = `
  WITH target AS (
    SELECT value, gen_random_uuid() AS audit_id FROM unnest($1::text[]) AS value
  ), audit AS (
    INSERT INTO cynthia_audits (id, project_id, user_id, target_type, target_value, context)
    SELECT audit_id, '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', 'url', value,
           jsonb_build_object('source', 'build-my-site', 'inputType', 'url', 'originalInput', value)
    FROM target
  )
  INSERT INTO build_sessions (input_type, input_value, audit_id)
  SELECT 'url', value, audit_id FROM target
  RETURNING id AS "sessionId", audit_id AS "auditId"`;

const pool = openPool(1);
const queue = new Queue(QUEUE, { connection: redis, defaultJobOptions: jobOptions });
await queue.waitUntilReady();
await pool.query("SELECT 1");
console.log("ready");

for await (const line of createInterface({ input: process.stdin })) {
  const { rows } = await pool.query({ name: "insert", text: INSERT, values: [JSON.parse(line).targets] });
  await queue.addBulk(rows.map((data) => ({ name: "audit", data, opts: { jobId: data.sessionId } })));
  console.log("queued");
}

await queue.close();
await pool.end();
