// Controls that show words which their name may leave out (WCAG 2.2 SC 2.5.3).

// Words that a control shows and its name leaves out because they are hidden from assistive technology: [index, name, words].
function silentWords({ known, indexOf, isHeard, nameOf }) {
  const found = [];
  for (const element of known) {
    if (!element.matches("a[href],button,[role=button],[role=link]") || !isHeard(element) || element.hasAttribute("aria-label") || element.hasAttribute("aria-labelledby")) continue;
    const own = getComputedStyle(element).fontFamily;
    const hidden = [...element.querySelectorAll("[aria-hidden=true]")].filter((inner) =>
      inner.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && getComputedStyle(inner).fontFamily === own && inner.getBoundingClientRect().width > 1);
    const words = collapse(hidden.map((inner) => inner.innerText ?? "").join(" "));
    const name = nameOf(element);
    if (name && /\p{L}{3}/u.test(words) && !name.toLowerCase().includes(words.toLowerCase())) found.push([indexOf.get(element), name, words.slice(0, 80)]);
  }
  return found;
}

// Controls with words of their own and an ARIA name in their place: [index, name, words that are seen].
function namedBesideLabel({ known, indexOf, isHeard, nameOf }) {
  const { aria } = axe.commons;
  const found = [];
  for (const element of known) {
    if (!element.matches("[aria-label],[aria-labelledby]") || !isHeard(element)) continue;
    const role = aria.getRole(element);
    if (!["button", "link", "tab", "menuitem", "menuitemcheckbox", "menuitemradio", "checkbox", "radio", "switch", "option"].includes(role)) continue;
    const words = seenWords(element), name = nameOf(element);
    if (words && name) found.push([indexOf.get(element), name, words]);
  }
  return found;
}

// Text that is on the screen in a typeface for words.
function seenWords(element) {
  const { dom } = axe.commons;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let words = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!node.data.trim() || !axe.utils.getNodeFromTree(holder) || !dom.isVisibleOnScreen(holder)) continue;
    if (/icon|symbol|awesome|glyph/i.test(getComputedStyle(holder).fontFamily)) continue;
    words += getComputedStyle(holder).display.startsWith("inline") ? node.data : ` ${node.data} `;
  }
  return collapse(words).slice(0, TEXT_CAP);
}
