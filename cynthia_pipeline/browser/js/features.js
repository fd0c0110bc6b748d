// Which parts of the web platform the page uses: counted in its style sheets and markup. Sheets of other origins
// do not let themselves be read, and are counted as such.
const RULES_CAP = 20000;
const USES = {
  flex: /display:\s*(inline-)?flex/, grid: /display:\s*(inline-)?grid/, customProperties: /var\(--/,
  comparisons: /\b(clamp|min|max)\(/, colourScheme: /color-scheme:/, aspectRatio: /aspect-ratio:/,
  logicalProperties: /\b(margin|padding|border|inset)-(inline|block)|\b(inline|block)-size:/, gap: /\bgap:/,
  floats: /\bfloat:\s*(left|right)/, prefixes: /-(webkit|moz|ms|o)-(border-radius|box-shadow|transition|transform|animation|flex)/,
};

function readFeatures(tree) {
  const counts = {};
  const add = (name, by = 1) => { counts[name] = (counts[name] ?? 0) + by; };
  const walk = { left: RULES_CAP, add, telling: [], conditions: [] };
  for (const sheet of [...document.styleSheets, ...document.adoptedStyleSheets]) {
    let rules;
    try {
      rules = sheet.cssRules;
    } catch {
      add("unreadableSheets");
      continue;
    }
    add("sheets");
    readRules(rules, walk);
  }
  add("rules", RULES_CAP - walk.left);
  const count = (selector) => document.querySelectorAll(selector).length;
  for (const [name, selector] of Object.entries({
    scripts: "script", sections: "main,nav,header,footer,article,section,aside", divisions: "div", dialogs: "dialog",
    disclosures: "details", pictures: "picture,img[srcset]", lazyImages: "img[loading=lazy]", images: "img",
    colourSchemeMeta: "meta[name=color-scheme]", charset: "meta[charset],meta[http-equiv=content-type i]",
    typedInputs: "input[type=email],input[type=tel],input[type=url],input[type=date],input[type=number],input[type=search]",
    textInputs: "input:not([type]),input[type=text]", modules: "script[type=module]",
  })) add(name, count(selector));
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
    else if (rule instanceof CSSSupportsRule) walk.add("supports");
    if (rule instanceof CSSImportRule) {
      try {
        if (rule.styleSheet) readRules(rule.styleSheet.cssRules, walk);
      } catch {
        walk.add("unreadableSheets");
      }
    } else if (rule.cssRules?.length) {
      if (rule instanceof CSSStyleRule) walk.add("nesting");
      if (rule instanceof CSSMediaRule) walk.conditions.push(rule.conditionText);
      readRules(rule.cssRules, walk);
      if (rule instanceof CSSMediaRule) walk.conditions.pop();
    }
  }
}

function readDeclarations(rule, walk) {
  const { selectorText, style } = rule, text = style.cssText;
  for (const name in USES) if (USES[name].test(text)) walk.add(name);
  if (selectorText.includes(":has(")) walk.add("has");
  if (isTelling(selectorText, style, text, walk.conditions)) walk.telling.push([rule, [...walk.conditions]]);
}

function readMedia(condition, walk) {
  if (condition.includes("prefers-color-scheme")) walk.add("colourScheme");
  if (condition.includes("prefers-reduced-motion")) walk.add("reducedMotion");
  if (/width/.test(condition)) walk.add("widthQueries");
}

function readFontFace(style, walk) {
  walk.add("fontFaces");
  const display = style.getPropertyValue("font-display");
  if (display && display !== "auto") walk.add("fontDisplays");
  if (style.getPropertyValue("src").includes("woff2")) walk.add("woff2");
  if (/\d+ \d+/.test(style.getPropertyValue("font-weight"))) walk.add("variableFonts");
}
