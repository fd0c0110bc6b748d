// Which parts of the web platform the page uses, in its style sheets and its markup: how often, or 1 where it only matters
// whether it does. Sheets of other origins do not let themselves be read, and are counted as such.
const RULES_CAP = 20000;
const USES = {
  flex: /display:\s*(inline-)?flex/, grid: /display:\s*(inline-)?grid/, customProperties: /var\(--/,
  comparisons: /\b(clamp|min|max)\(/, colourScheme: /color-scheme:/, aspectRatio: /aspect-ratio:/,
  logicalProperties: /\b(margin|padding|border|inset)-(inline|block)|\b(inline|block)-size:/, gap: /\bgap:/,
};

// Sheets are the same in both views: of a phone's only the rules are read that hang on its orientation.
function readFeatures(tree, isDesktop) {
  const counts = {};
  const add = (name, by = 1) => { counts[name] = (counts[name] ?? 0) + by; };
  const walk = { left: RULES_CAP, add, isWhole: isDesktop, declared: [], telling: [], conditions: [] };
  for (const sheet of [...document.styleSheets, ...document.adoptedStyleSheets]) {
    let rules;
    try {
      rules = sheet.cssRules;
    } catch {
      add("unreadableSheets");
      continue;
    }
    readRules(rules, walk);
  }
  add("rules", RULES_CAP - walk.left);
  const declared = walk.declared.join("\n");  // one look at all of it costs a tenth of a look at each rule
  for (const name in USES) if (USES[name].test(declared)) add(name);
  add("colourSchemeMeta", document.querySelectorAll("meta[name=color-scheme]").length);
  add("quirks", document.compatMode === "BackCompat" ? 1 : 0);
  return { features: counts, styled: readStyled(tree, walk.telling) };
}

function readRules(rules, walk) {
  for (const rule of rules) {
    if (--walk.left < 0) return;
    if (rule instanceof CSSStyleRule) readDeclarations(rule, walk);
    else if (rule instanceof CSSFontFaceRule) readFontFace(rule.style, walk);
    else if (rule instanceof CSSMediaRule) readMedia(rule.conditionText, walk);
    else if (rule instanceof CSSContainerRule) walk.add("containerQueries");
    else if (rule instanceof CSSLayerBlockRule) walk.add("layers");
    if (rule instanceof CSSImportRule) {
      try {
        if (rule.styleSheet) readRules(rule.styleSheet.cssRules, walk);
      } catch {
        walk.add("unreadableSheets");
      }
    } else if (rule.cssRules?.length) {
      if (rule instanceof CSSMediaRule) walk.conditions.push(rule.conditionText);
      readRules(rule.cssRules, walk);
      if (rule instanceof CSSMediaRule) walk.conditions.pop();
    }
  }
}

function readDeclarations(rule, walk) {
  if (!walk.isWhole && !hangsOnOrientation(walk.conditions)) return;
  const { selectorText, style } = rule, text = style.cssText;
  walk.declared.push(text);
  if (selectorText.includes(":has(")) walk.add("has");
  if (isTelling(selectorText, style, text, walk.conditions)) walk.telling.push([rule, [...walk.conditions]]);
}

function readMedia(condition, walk) {
  if (condition.includes("prefers-color-scheme")) walk.add("colourScheme");
  if (condition.includes("prefers-reduced-motion")) walk.add("reducedMotion");
}

function readFontFace(style, walk) {
  walk.add("fontFaces");
  const display = style.getPropertyValue("font-display");
  if (display && display !== "auto") walk.add("fontDisplays");
}
