// What style rules do that the elements themselves do not tell: words that they write, content that they show under the
// pointer only, and turns that depend on the screen's orientation. readRules() in features.js picks the rules on its way.
const STYLED_CAP = 300;
const LABEL_CAP = 60;  // characters: what is longer is no label of a control
const PSEUDO_TEXT = /::?(before|after)\b/;
const SHOWS = /(?:^|;)\s*(?:display:(?!\s*none)|visibility:\s*visible|opacity:\s*(?:1|0?\.[5-9]))/;
const TURNS = /(?:^|;)\s*(?:transform|rotate):/;

// Of a rule: its selector and `text`, that of its declarations, are written down anew each time that they are asked for.
function isTelling(selector, style, text, conditions) {
  if (PSEUDO_TEXT.test(selector)) return /\p{L}{3}/u.test(style.content);
  if (selector.includes(":hover")) return style.length < 30 && (SHOWS.test(text) || style.cursor === "pointer");
  return TURNS.test(text) && hangsOnOrientation(conditions);
}

// Whether one of the conditions around a rule speaks of how the screen is held.
function hangsOnOrientation(conditions) {
  return conditions.some((condition) => /orientation:/.test(condition));
}

function readStyled({ nodes, indexOf, isRendered, rows }, telling) {
  const texts = [], turned = [], hovered = [], pointers = [];
  let turnable = 0;
  const ways = new Map(); // for what a rule shows: whether the focus shows it too
  for (const [rule, conditions] of telling.slice(0, STYLED_CAP)) {
    const active = conditions.every((condition) => matchMedia(condition).matches);
    for (const selector of split(rule.selectorText)) {
      if (PSEUDO_TEXT.test(selector)) { if (active) writtenBy(selector, rule.style); }
      else if (selector.includes(":hover")) { if (active) shownBy(selector, rule.style); }
      else if (hangsOnOrientation(conditions)) turnedBy(selector, rule.style, active);
    }
  }
  // What is hidden now, a window to be opened for one, has no style measured: whether it will show the hand is asked here.
  // Only of what says something itself: a veil behind a window, which closes it too, is empty or holds the window.
  nodes.forEach((element, index) => {
    if (isRendered[index] || !(globalThis.cynthiaClicked?.has(element) || element.hasAttribute("onclick"))) return;
    const words = collapse(element.textContent) || element.getAttribute("aria-label") || element.title;
    if (words && words.length <= LABEL_CAP && getComputedStyle(element).cursor === "pointer") pointers.push(index);
  });
  return { texts, turned, hovered: hovered.filter(([index]) => !ways.get(index)), pointers, turnable };

  function found(selector) {
    try { return document.querySelectorAll(selector); } catch { return []; }
  }

  function writtenBy(selector, style) {
    const words = collapse(/^"(.*)"$/s.exec(style.content)?.[1] ?? "");
    const plain = selector.replace(/::?(before|after)/g, "");
    if (!/\p{L}{3}/u.test(words) || /[\uE000-\uF8FF]/.test(words) || /:(hover|focus|active)/.test(plain)) return;
    for (const element of found(plain.trim() || "*")) {
      const index = indexOf.get(element);
      const which = selector.includes("before") ? "::before" : "::after";
      if (index === undefined || !isRendered[index] || texts.length >= 50) continue;
      if (collapse(getComputedStyle(element, which).content.replace(/^"|"$/g, "")) === words) texts.push([index, words.slice(0, TEXT_CAP)]);
    }
  }

  // The element that is shown, and the one that the pointer has to be on.
  function shownBy(selector, style) {
    const plain = selector.replace(/:hover/g, "");
    const over = selector.slice(0, selector.lastIndexOf(":hover")).replace(/:hover/g, "");
    for (const element of found(plain)) {
      const index = indexOf.get(element);
      if (index === undefined) continue;
      if (style.cursor === "pointer" && plain.trim() === over.trim()) { pointers.push(index); continue; }
      if (isRendered[index] || !SHOWS.test(style.cssText) || !collapse(element.textContent)) continue;
      const owner = [...found(over)].find((one) => one.contains(element) || one.parentElement?.contains(element));
      if (owner && !ways.has(index)) {
        ways.set(index, showsByFocus(element, owner));
        hovered.push([index, indexOf.get(owner) ?? -1]);
      }
    }
  }

  // Whether another rule shows it with the focus, or a script can: what says that it opens something has a handler.
  function showsByFocus(element, owner) {
    if (owner.closest("[aria-expanded],[aria-haspopup],[aria-controls],[aria-describedby],[popovertarget]") ||
        owner.querySelector("[aria-expanded],[aria-haspopup],[aria-controls],[popovertarget]") || element.closest("[aria-hidden=true]")) return true;
    return telling.some(([rule]) => split(rule.selectorText).some((selector) => {
      if (!/:focus|:checked|:target|\[open/.test(selector)) return false;
      return [...found(selector.replace(/:(hover|focus-within|focus-visible|focus|checked|target)/g, ""))].includes(element);
    })) || byFocusAlone(element);
  }

  function byFocusAlone(element) {
    for (const sheet of document.styleSheets) {
      let rules = [];
      try { rules = sheet.cssRules; } catch { return true; }
      for (const rule of rules) {
        if (!(rule instanceof CSSStyleRule) || !/:focus|:checked|:target/.test(rule.selectorText) || !SHOWS.test(rule.style.cssText)) continue;
        for (const selector of split(rule.selectorText)) {
          if ([...found(selector.replace(/:(focus-within|focus-visible|focus|checked|target)/g, ""))].includes(element)) return true;
        }
      }
    }
    return false;
  }

  // How far an orientation that is not the present one turns the element, degrees.
  function turnedBy(selector, style, active) {
    const turn = angleOf(style.transform, style.rotate);
    if (turn === null) return;
    for (const element of found(selector)) {
      const index = indexOf.get(element);
      if (index === undefined || !isRendered[index]) continue;
      turnable += 1;
      if (active || turned.length >= 50) continue;  // what it would be without the rule cannot be told
      const now = getComputedStyle(element);
      const base = angleOf(now.transform, now.rotate) ?? 0;
      turned.push([index, round(((turn - base) % 360 + 360) % 360)]);
    }
  }

  function angleOf(transform, rotate) {
    if (!transform && !rotate) return null;
    try {
      const matrix = new DOMMatrix(!transform || transform === "none" ? "" : transform);
      const own = rotate && rotate !== "none" ? new DOMMatrix(`rotate(${rotate})`) : new DOMMatrix();
      const { a, b } = own.multiply(matrix);
      return Math.atan2(b, a) * 180 / Math.PI;
    } catch { return null; }
  }
}

// The selectors of a list; commas within brackets belong to one of them.
function split(list) {
  return list.split(/,(?![^(]*\))/).map((selector) => selector.trim());
}
