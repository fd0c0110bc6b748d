// The worker: one job is one audit, asked from the Audit API and written to Postgres.
import { UnrecoverableError, Worker } from "bullmq";
import { openPool, QUEUE, redis } from "./queue.mjs";

const pool = openPool(20);

const START = `
  WITH session AS (
    UPDATE build_sessions SET audit_status = 'running', updated_at = now() WHERE id = $1
  )
  UPDATE cynthia_audits SET status = 'running', updated_at = now(), started_at = coalesce(started_at, clock_timestamp())
  WHERE id = $2
  RETURNING target_type, target_value, context, constraints`;

const COMPLETE = `
  WITH session AS (
    UPDATE build_sessions
    SET audit_status = 'completed', updated_at = now(), teaser_score = $3,
        teaser_summary = jsonb_build_object('issuesFound', $5::int, 'teaserIssues', $6::jsonb)
    WHERE id = $1
  )
  UPDATE cynthia_audits
  SET status = 'completed', updated_at = now(), completed_at = clock_timestamp(), overall_score = $3, udec_scores = $4,
      issues_found_total = $5, teaser_issues = $6, full_issues = $7, fix_packs = $8, token_changes = $9, patch_plan = $10
  WHERE id = $2`;

const FAIL = `
  WITH session AS (
    UPDATE build_sessions SET audit_status = 'failed', updated_at = now() WHERE id = $1
  )
  UPDATE cynthia_audits
  SET status = 'failed', updated_at = now(), completed_at = clock_timestamp(), error_message = $3
  WHERE id = $2`;

const json = (value) => (value == null ? null : JSON.stringify(value));

async function askAuditApi(audit) {
  const response = await fetch(process.env.AUDIT_API_URL, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      target: { type: audit.target_type, value: audit.target_value },
      context: audit.context,
      constraints: audit.constraints,
    }),
    signal: AbortSignal.timeout(60_000),
  });
  if (response.status >= 400 && response.status < 500 && response.status !== 429) {
    throw new UnrecoverableError(`the Audit API refused: HTTP ${response.status}`);
  }
  if (!response.ok) {
    throw new Error(`the Audit API failed: HTTP ${response.status}`);
  }
  return response.json();
}

async function audit(job) {
  const { sessionId, auditId } = job.data;
  const started = await pool.query({ name: "start", text: START, values: [sessionId, auditId] });
  const report = await askAuditApi(started.rows[0]);
  await pool.query({
    name: "complete",
    text: COMPLETE,
    values: [
      sessionId,
      auditId,
      report.overall_score,
      json(report.udec_scores),
      report.issues_found_total,
      json(report.teaser_issues),
      json(report.full_issues),
      json(report.fix_packs),
      json(report.token_changes),
      json(report.patch_plan),
    ],
  });
}

const worker = new Worker(QUEUE, audit, {
  connection: { ...redis, maxRetriesPerRequest: null },
  concurrency: Number(process.env.CONCURRENCY),
});

worker.on("failed", async (job, error) => {
  if (job && (error instanceof UnrecoverableError || job.attemptsMade >= job.opts.attempts)) {
    await pool.query(FAIL, [job.data.sessionId, job.data.auditId, "The audit could not be done."]);
  }
});
worker.on("error", (error) => console.error(error));

process.on("SIGTERM", async () => {
  await worker.close();
  await pool.end();
  process.exit(0);
});

await worker.waitUntilReady();
await pool.query("SELECT 1");
console.log("ready");
