// What roles forbid: names, and controls inside of what counts as a picture.

// Elements with a name, or a word for their role, that the role may not have: [index, role, attribute, has content of its own].
function prohibitedNames({ known, indexOf, isHeard }) {
  const { aria } = axe.commons;
  const NAMELESS = ["caption", "code", "deletion", "emphasis", "generic", "insertion", "paragraph", "strong", "subscript", "superscript"];
  const NAMES = ["aria-label", "aria-labelledby", "aria-braillelabel"], DESCRIBED = ["aria-roledescription", "aria-brailleroledescription"];
  // A global attribute gives an element without semantics its own role back, unless it is one that has no place there.
  const PROHIBITED = new Map([...NAMELESS.map((role) => [role, NAMES]), ["generic", [...NAMES, ...DESCRIBED]],
    ["none", [...DESCRIBED, "aria-braillelabel"]], ["presentation", [...DESCRIBED, "aria-braillelabel"]]]);
  const NATIVE = { div: "generic", span: "generic", b: "generic", i: "generic", u: "generic", small: "generic", bdi: "generic",
    bdo: "generic", data: "generic", samp: "generic", pre: "generic", q: "generic", p: "paragraph", code: "code", del: "deletion",
    ins: "insertion", em: "emphasis", strong: "strong", sub: "subscript", sup: "superscript", caption: "caption" };
  const found = [];
  for (const element of known) {
    if (!element.getAttributeNames().some((name) => name.startsWith("aria-")) || !isHeard(element)) continue;
    const explicit = aria.getExplicitRole(element);
    const role = explicit ?? (element.localName === "a" && !element.hasAttribute("href") ? "generic" : NATIVE[element.localName]);
    const attribute = PROHIBITED.get(role)?.find((name) => element.getAttribute(name)?.trim());
    if (!attribute || element.isContentEditable) continue;
    found.push([indexOf.get(element), role, attribute, element.textContent.trim() ? 1 : 0]);
  }
  return found;
}

// Roles whose content counts as a picture, with something focusable inside: [index, role, inner index].
function focusableInPresentational({ known, indexOf, isHeard }) {
  const { aria, dom } = axe.commons;
  const ROLES = new Set(["button", "checkbox", "img", "image", "math", "menuitemcheckbox", "menuitemradio", "option",
    "progressbar", "radio", "scrollbar", "separator", "slider", "switch", "tab", "meter"]);
  const found = [];
  for (const element of known) {
    if (!element.firstElementChild || ["select", "datalist", "optgroup"].includes(element.localName)) continue;
    const role = aria.getRole(element);
    if (!ROLES.has(role) || !isHeard(element)) continue;
    const inner = [...element.querySelectorAll("*")].find((child) =>
      indexOf.has(child) && axe.utils.getNodeFromTree(child) && dom.isFocusable(child) && child.checkVisibility({ visibilityProperty: true }));
    if (inner) found.push([indexOf.get(element), role, indexOf.get(inner)]);
  }
  return found;
}
