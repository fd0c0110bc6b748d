const OF_KIN = new Set(["color-contrast", "color-contrast-enhanced"]);
const SLIGHT_SCROLL = 13;  // px; less is rounding or the room for a descender, as axe-core has it too

// axe: where the page has frames, gather.py has run it in each of them and hands over their parts. With a list of rules,
// only those are run, and only in the top document. What is `alongside` is read while axe's tree of the page stands, since
// building it costs as much as many rules. Gives axe's answers and what was read.
async function runAxe(tree, kin, frames, only, alongside) {
  const which = only ? { runOnly: { type: "rule", values: only }, iframes: false } : everyRule();
  const families = oneOfEachKin(kin, tree);
  let beside = null;
  const options = { ...which, ...preloadFor(tree.nodes), reporter: report };
  axe.configure({ noHtml: true });  // nobody reads the markup that axe would copy out of each element it looks at
  try {
    if (!frames) return [await axe.run(document, options), beside];
    axe.utils.nodeSerializer.update({ toSpec: (described) => itself(described, tree.indexOf) });
    const answers = await axe.finishRun([await axe.runPartial(document, options), ...frames], options);
    return [answers, await withAxeTree(alongside)];
  } finally {
    families.letGo();
  }

  // In place of a reporter of axe's own, which would describe what it found in words and selectors.
  function report(results, _, told, failed) {
    const answers = results.map(({ id, tags, violations, incomplete, passes }) => {
      const whole = (nodes) => nodes.flatMap((node) => families.whole(axeNode(node, tree.indexOf, id), id));
      return { rule: id, tags, violations: whole(violations), incomplete: whole(incomplete), passed: passes.length > 0 };
    });
    if (frames) { told(answers); return; }
    alongside().then((read) => { beside = read; told(answers); }, failed);
  }
}

// How axe puts down an element that is to be joined with those of frames. A selector, its own way, costs as much as many
// rules, and an element that was measured stays in this document: it is put down as itself. The selectors of what is in a
// frame begin with the frame's.
function itself(described, indexOf) {
  const { element, nodeIndexes, fromFrame } = described;
  if (!indexOf.has(element) || /^i?frame$/i.test(element.localName)) return { ...described.toJSON(), element };
  return { element, nodeIndexes, fromFrame, selector: [""], xpath: [""], source: null, get ancestry() { return described.ancestry; } };
}

// What `read` gives while axe's tree of the page stands.
async function withAxeTree(read) {
  axe.setup(document);
  try { return await read(); } finally { axe.teardown(); }
}

// Lets axe judge the contrast of one text of each kin only, until it is let go; axe offers no way to leave elements, but not
// what is in them, out of single rules.
function oneOfEachKin(kin, { indexOf }) {
  const asked = axe._audit.rules.filter((rule) => OF_KIN.has(rule.id)).map((rule) => {
    const { matches } = rule;
    const first = new Map();    // by kin, the one that is judged
    const families = new Map(); // by that one's index, the others
    rule.matches = (element, virtual, context) => {
      if (!hasWords(element)) return false;  // what axe would find out last
      const name = kin.get(element);
      if (name === undefined) return matches.call(rule, element, virtual, context);
      const judged = first.get(name);
      if (judged !== undefined) { families.get(judged).push(indexOf.get(element)); return false; }
      if (!matches.call(rule, element, virtual, context)) return false;
      first.set(name, indexOf.get(element));
      families.set(indexOf.get(element), []);
      return true;
    };
    return { rule, matches, families };
  });
  return {
    // What was found of an element, and of its kin with it.
    whole(node, id) {
      const family = asked.find(({ rule }) => rule.id === id)?.families.get(node.element) ?? [];
      return [node, ...family.map((element) => ({ ...node, element, target: "" }))];
    },
    letGo() { for (const { rule, matches } of asked) rule.matches = matches; },
  };
}

// Whether an element shows words of its own, in text or as a field; those of a shadow tree are for axe to find.
function hasWords(element) {
  return !!element.shadowRoot || /^(input|select|textarea|slot)$/i.test(element.localName) || ownText(element) !== "";
}

function axeNode(node, indexOf, rule) {
  const checks = [...node.any, ...node.all, ...node.none];
  const data = {};
  for (const check of checks) if (check.data && typeof check.data === "object" && !Array.isArray(check.data)) Object.assign(data, check.data);
  const found = node.node.element;  // none of what is in a frame
  const index = (found && indexOf.get(found)) ?? null;
  if (found && rule === "object-alt") data.isPage = /html/.test(found.contentDocument?.contentType ?? "");
  if (found && rule === "scrollable-region-focusable") data.isPadding = !hidesByScrolling(found);
  if (rule === "frame-focusable-content") data.isInert = isInert(found ?? axe.utils.shadowSelect(node.node.selector[0]));
  return {
    element: index,
    target: index === null ? node.node.selector.flat().join(" >>> ").slice(0, TEXT_CAP) : "",
    impact: node.impact,
    checks: checks.map((check) => check.id),
    data,
    message: checks.map((check) => check.message).join("; ").slice(0, TEXT_CAP),
  };
}

// Nothing in it can take the focus: it is marked so, or a modal dialog is open that it is no part of.
function isInert(element) {
  const modal = document.querySelector("dialog:modal");
  return !!element?.closest("[inert]") || (!!modal && !modal.contains(element));
}

// Whether scrolling brings more into view than the padding at its edges.
function hidesByScrolling(element) {
  const style = getComputedStyle(element);
  const scrolls = (overflow) => overflow === "auto" || overflow === "scroll";
  const across = element.scrollWidth - element.clientWidth, down = element.scrollHeight - element.clientHeight;
  return (scrolls(style.overflowX) && across > Math.max(SLIGHT_SCROLL, parseFloat(style.paddingLeft) + parseFloat(style.paddingRight)))
    || (scrolls(style.overflowY) && down > Math.max(SLIGHT_SCROLL, parseFloat(style.paddingTop) + parseFloat(style.paddingBottom)));
}
