const LANGUAGE_CAP = 4000;  // characters, by which audit/languages.py tells a language

// The words of the page in its own language, and of each part that claims another: [index or -1, language, words].
function readLanguages({ known, indexOf }) {
  const parts = known.filter((element) => element.hasAttribute("lang") && element !== document.documentElement)
    .filter((element) => element.checkVisibility({ visibilityProperty: true }));
  const own = document.documentElement.getAttribute("lang") ?? document.documentElement.getAttribute("xml:lang") ?? "";
  const answer = [[-1, own.trim(), languageWords(document.body ?? document.documentElement, `${document.title}. `)]];
  for (const part of parts) {
    const language = part.getAttribute("lang").trim();
    if (language) answer.push([indexOf.get(part), language.slice(0, 40), languageWords(part, "")]);
  }
  return answer;
}

function languageWords(root, start) {
  let found = start;
  const visit = (node) => {
    if (found.length > LANGUAGE_CAP) return;
    if (node.nodeType === Node.TEXT_NODE) { found += node.data; return; }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (node !== root && node.hasAttribute("lang")) return;
    if (["script", "style", "noscript", "template", "code", "pre", "kbd", "samp", "svg", "math"].includes(node.localName)) return;
    if (!node.checkVisibility({ visibilityProperty: true }) && !["html", "body"].includes(node.localName)) return;
    const block = getComputedStyle(node).display !== "inline";
    if (block) found += " ";
    const alternative = node.getAttribute("alt") ?? node.getAttribute("aria-label");
    if (alternative) found += ` ${alternative}. `;
    for (const child of node.childNodes) visit(child);
    if (block) found += ". ";
  };
  visit(root);
  return collapse(found).slice(0, LANGUAGE_CAP);
}
