// axe: where the page has frames, gather.py has run it in each of them and hands over the parts. With a list of rules,
// only those are run, and only in the top document.
async function runAxe({ indexOf }, frames, only) {
  const which = only ? { runOnly: { type: "rule", values: only }, iframes: false } : {
    rules: Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: true }])),
  };
  const options = {
    ...which,
    resultTypes: ["violations", "incomplete"],
    preload: { assets: ["cssom", "media"], timeout: 2000 },
  };
  const raw = frames ? await axe.finishRun(frames, options) : await axe.run(document, options);
  const merged = new Map();
  for (const [kind, results] of [["violations", raw.violations], ["incomplete", raw.incomplete], ["passed", raw.passes], ["inapplicable", raw.inapplicable]]) {
    for (const result of results) {
      const entry = merged.get(result.id) ?? { rule: result.id, tags: result.tags, violations: [], incomplete: [], passed: false };
      merged.set(result.id, entry);
      if (kind === "passed") entry.passed = true;
      else if (kind !== "inapplicable") entry[kind] = result.nodes.map((node) => axeNode(node, indexOf, result.id));
    }
  }
  return [...merged.values()];
}

function axeNode(node, indexOf, rule) {
  const checks = [...node.any, ...node.all, ...node.none];
  const data = {};
  for (const check of checks) if (check.data && typeof check.data === "object" && !Array.isArray(check.data)) Object.assign(data, check.data);
  const found = node.target.length === 1 ? axe.utils.shadowSelect(node.target[0]) : null;
  if (found && rule === "object-alt") data.isPage = /html/.test(found.contentDocument?.contentType ?? "");
  return {
    element: (found && indexOf.get(found)) ?? null,
    target: node.target.flat().join(" >>> ").slice(0, TEXT_CAP),
    impact: node.impact,
    checks: checks.map((check) => check.id),
    data,
    message: checks.map((check) => check.message).join("; ").slice(0, TEXT_CAP),
  };
}
