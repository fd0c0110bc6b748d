// Markup that rules ask about beyond elements and attributes: lists and labels made of plain text, notes beside fields,
// frames' words, messages of a form. Desktop view only; reads only.
const NOTE_CAP = 200;
const USUAL_LINE = 1.2;  // times the font size: what browsers take for "normal" (CSS 2.2, 10.8.1 recommends 1.0 to 1.2)
const LABELLED = "input:not([type=hidden],[type=submit],[type=button],[type=reset],[type=image]),select,textarea";
const MESSAGE = "[role=alert],[class*=error i],[id*=error i],[class*=invalid i]";
const ASKS_FOR = /\b(errors?|invalid|incorrect|must|required|please|fill|enter|missing|empty|cannot|rellen\w+|introdu\w+|obligatori\w+|falta\w*|debe)\b/i;
const SPEAKS_OF_ERRORS = /\b(errors?|invalid|not valid|incorrect|mistakes?|errores|no válid[oa]s?|incorrect[oa]s?)\b/i;

function readMarkup({ nodes, indexOf, isRendered }) {
  const answer = {
    plainLists: [], looseLinks: [], emptyParagraphs: [], labels: [], notes: [], choices: [], frameWords: [], objects: [],
    formErrors: [], messages: [], ariaValues: [], sharedIds: [], fixedSpacing: [],
  };
  const groups = new Map();
  const isShown = (element) => isRendered[indexOf.get(element)] === 1;
  for (let i = 0; i < nodes.length; i++) {
    const element = nodes[i], tag = element.localName;
    if (tag === "br" && element.parentElement && element.parentElement.querySelector(":scope > br") === element) plainList(element.parentElement);
    else if (tag === "a") looseLinks(element);
    else if (tag === "p" && !element.firstElementChild && !element.textContent.trim() && !element.shadowRoot) answer.emptyParagraphs.push(i);
    else if (tag === "iframe" && isRendered[i]) frame(element, i);
    else if (tag === "object") object(element, i);
    if (element.matches(LABELLED) && isRendered[i]) field(element, i);
    if (element.attributes.length) { ariaValues(element, i); sharedIds(element, i); fixedSpacing(element, i); }
  }
  messages();
  for (const [, members] of groups) {
    if (members.length < 2) continue;
    const group = members[0].closest("fieldset,[role=group],[role=radiogroup],[role=listbox],[role=menu],[role=toolbar],[role=grid],table");
    answer.choices.push([indexOf.get(members[0]), members.length, group && members.every((member) => group.contains(member)) ? 1 : 0]);
  }
  return { markup: answer };

  // Three lines or more of one element that all begin with the same mark, or with 1. 2. 3.
  function plainList(element) {
    if (!isShown(element) || element.closest("pre,code,address,ul,ol")) return;
    const lines = [""];
    for (const child of element.childNodes) {
      if (child.nodeName === "BR") lines.push("");
      else lines[lines.length - 1] += child.textContent;
    }
    const starts = lines.map((line) => /^\s*(?:([*•◦▪‣·–—-]|✓|✔|→|»)\s+\S|(\d{1,2}|[a-z])[.)]\s+\S)/.exec(line));
    let run = 0, longest = 0;
    starts.forEach((start, at) => {
      const before = starts[at - 1];
      const follows = start && before && (start[1] ? start[1] === before[1] : start[2] && before[2] && start[2] > before[2] || Number(start[2]) === Number(before?.[2]) + 1);
      run = start ? (follows ? run + 1 : 1) : 0;
      longest = Math.max(longest, run);
    });
    if (longest >= 3) answer.plainLists.push([indexOf.get(element), longest]);
  }

  // The first of three links or more in a row with nothing but white space between them.
  function looseLinks(link) {
    if (!link.href || !isShown(link) || nextLink(link, "previous") || link.closest("nav,ul,ol,dl,menu,table,[role=navigation],[role=list],[role=menu],[role=tablist],header,footer,p,label")) return;
    if (getComputedStyle(link).display !== "inline" || link.querySelector("img,svg")) return;
    let count = 1;
    for (let other = nextLink(link, "next"); other; other = nextLink(other, "next")) count += 1;
    if (count >= 3) answer.looseLinks.push([indexOf.get(link), count]);
  }

  function nextLink(link, side) {
    for (let node = link[`${side}Sibling`]; node; node = node[`${side}Sibling`]) {
      if (node.nodeType === Node.TEXT_NODE && node.data.trim()) return null;
      if (node.nodeType === Node.ELEMENT_NODE) return node.localName === "a" && node.href ? node : null;
    }
    return null;
  }

  // Fields: [index, names by label, only a placeholder names it, labels shown, gap to the label in px].
  function field(element, i) {
    const labels = [...element.labels ?? []].filter((label) => isShown(label) && label.innerText.trim());
    const named = ["aria-label", "aria-labelledby", "title"].some((name) => element.getAttribute(name)?.trim());
    const bare = !named && !(element.labels?.length) && !!element.placeholder?.trim();
    const choice = element.type === "radio" || element.type === "checkbox";
    let gap = 0;
    if (!choice && labels.length === 1 && !labels[0].contains(element)) {
      const range = document.createRange();
      range.selectNodeContents(labels[0]);
      const [words, box] = [range.getBoundingClientRect(), element.getBoundingClientRect()];
      const sameRow = words.top < box.bottom && words.bottom > box.top;
      if (sameRow && words.right < box.left) gap = round(box.left - words.right);
    }
    answer.labels.push([i, bare ? 1 : 0, labels.length, gap, bare ? collapse(element.placeholder).slice(0, NOTE_CAP) : ""]);
    if (choice && element.name) {
      const key = `${element.type}/${element.name}/${element.form ? indexOf.get(element.form) : ""}`;
      groups.set(key, [...groups.get(key) ?? [], element]);
    } else if (!choice) note(element, i, labels);
  }

  // Words between a label and its field that nothing ties to the field.
  function note(element, i, labels) {
    if (element.hasAttribute("aria-describedby") || labels.length !== 1 || labels[0].contains(element)) return;
    const between = element.previousElementSibling;
    if (!between || between === labels[0] || between.previousElementSibling !== labels[0] || !isShown(between)) return;
    if (!["p", "span", "div", "small", "em", "i"].includes(between.localName) || between.querySelector(`${LABELLED},a,button`)) return;
    const words = collapse(between.innerText ?? "");
    if (words.length < 8 || words.length > NOTE_CAP) return;
    answer.notes.push([i, indexOf.get(between), words]);
  }

  function frame(element, i) {
    const name = collapse(element.getAttribute("aria-label") || element.title || "");
    let words = "";
    try {
      const inner = element.contentDocument;
      if (!name || !inner?.body || inner.URL === "about:blank") return;
      words = collapse(`${inner.title} ${inner.body.innerText ?? ""} ${[...inner.images].map((image) => image.alt).join(" ")} ${inner.URL}`);
    } catch { return; }
    answer.frameWords.push([i, name.slice(0, NOTE_CAP), words.slice(0, 4000)]);
  }

  // Objects that show a picture, a film or a recording (their fallback is then not rendered), and whether they have a name.
  function object(element, i) {
    const role = element.getAttribute("role");
    if (!element.data || role && role !== "img" || !element.checkVisibility({ visibilityProperty: true }) || element.closest("[aria-hidden=true]")) return;
    // A picture or a film in an object is a document of its own kind.
    if (/html/.test(element.contentDocument?.contentType ?? "") || [...element.children].some((child) => child.localName !== "param" && child.getClientRects().length)) return;
    const extension = new URL(element.data, document.baseURI).pathname.split(".").pop().toLowerCase();
    const isMedia = /^(image|audio|video)\//.test(element.type) || /^(png|jpe?g|gif|webp|avif|bmp|mp3|ogg|oga|wav|m4a|flac|mp4|webm|ogv|mov)$/.test(extension);
    const named = ["aria-label", "title"].some((name) => element.getAttribute(name)?.trim()) ||
      (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).some((id) => id && document.getElementById(id)?.textContent.trim());
    if (isMedia) answer.objects.push([i, named ? 1 : 0, element.data.slice(0, 5) === "data:" ? "data:" : element.data.split("/").pop().slice(0, 60)]);
  }

  // Messages that speak of a mistake beside the fields: [element, words, is heard, the field's label].
  function messages() {
    const all = [...document.querySelectorAll(MESSAGE)].filter((element) => isShown(element) && !element.querySelector(LABELLED));
    for (const message of all) {
      if (!indexOf.has(message) || message.matches(`${LABELLED},form,label,button`) || all.some((other) => other !== message && other.contains(message))) continue;
      const words = collapse(message.innerText ?? "");
      const scope = message.closest("form") ?? document.body;
      if (!words || words.length > NOTE_CAP || !scope.querySelector(LABELLED)) continue;
      // What a field that is marked as wrong refers to, fields.js tells.
      const id = CSS.escape(message.id);
      if (id && document.querySelector(`[aria-invalid=true]:is([aria-describedby~="${id}"],[aria-errormessage~="${id}"])`)) continue;
      answer.messages.push([indexOf.get(message), words, message.closest("[aria-hidden=true]") ? 0 : 1, labelBeside(message)]);
      if (message.matches("[role=alert]") && SPEAKS_OF_ERRORS.test(words)) unplaced(message, words, scope);
      else ambiguous(message, words, scope, all);
    }
  }

  // A message about mistakes in general, in a form that marks no field, names none and says nothing beside any.
  function unplaced(message, words, scope) {
    const fields = [...scope.querySelectorAll(LABELLED)];
    if (fields.length < 2 || message.querySelector("a[href*='#']") || scope.querySelector("[aria-invalid=true],[aria-errormessage]")) return;
    const told = fields.some((field) => {
      const label = collapse(field.labels?.[0]?.innerText ?? "");
      const around = field.closest("label,p,li,fieldset,div");
      const beside = around && !around.contains(message) ? around.innerText : label;
      return SPEAKS_OF_ERRORS.test(beside) || (label && words.toLowerCase().includes(label.toLowerCase()));
    });
    if (!told) answer.formErrors.push([indexOf.get(message), words, fields.length]);
  }

  // A message that asks for a field by its label alone, where another group has a field of that label too.
  function ambiguous(message, words, scope, all) {
    if (!ASKS_FOR.test(words) || message.querySelector("a[href*='#']") || scope.querySelector("[aria-invalid=true],[aria-errormessage]")) return;
    const groupsOf = new Map();
    for (const field of scope.querySelectorAll(LABELLED)) {
      const label = collapse(field.labels?.[0]?.innerText ?? "").replace(/[\s:*]+$/, "").toLowerCase();
      const group = field.closest("fieldset,[role=group]");
      if (label.length > 2 && group && isShown(field)) groupsOf.set(label, (groupsOf.get(label) ?? new Set()).add(group));
    }
    const said = ` ${words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ")} `;
    const speaksOf = (text) => said.includes(` ${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `);
    for (const [label, groups] of groupsOf) {
      const names = [...groups].map((group) => group.querySelector("legend")?.innerText ?? group.getAttribute("aria-label") ?? "");
      if (groups.size < 2 || !speaksOf(label) || names.some((name) => name.trim() && speaksOf(name))) continue;
      if ([...groups].some((group) => all.some((other) => group.contains(other)))) continue;
      answer.formErrors.push([indexOf.get(message), words, groups.size]);
      return;
    }
  }

  function labelBeside(message) {
    const label = message.closest("label,p,li,fieldset,form")?.querySelector(LABELLED)?.labels?.[0]?.cloneNode(true);
    label?.querySelectorAll(MESSAGE).forEach((inner) => inner.remove());
    return collapse(label?.textContent ?? "").slice(0, 80);
  }

  // References that cannot work: one id that holds white space, and a scroll bar or an open list box that controls nothing
  // in its own tree.
  function ariaValues(element, i) {
    for (const name of ["aria-errormessage", "aria-activedescendant", "aria-details"]) {
      const value = element.getAttribute(name)?.trim();
      if (value && /\s/.test(value) && name !== "aria-details") answer.ariaValues.push([i, name, value.slice(0, 80)]);
    }
    const role = element.getAttribute("role");
    if (role !== "scrollbar" && !(role === "combobox" && element.getAttribute("aria-expanded") === "true")) return;
    const ids = idsIn(element, "aria-controls");
    const root = element.getRootNode();
    if (ids.length && isShown(element) && !ids.some((id) => root.getElementById(id))) answer.ariaValues.push([i, "aria-controls", ids.join(" ").slice(0, 80)]);
  }

  function idsIn(element, name) {
    return (element.getAttribute(name) ?? "").split(/\s+/).filter(Boolean);
  }

  // References to an id that several elements have, which do not all say the same: [index, attribute, id, elements].
  function sharedIds(element, i) {
    if (!isShown(element)) return;
    for (const name of ["aria-labelledby", "aria-describedby", "aria-owns", "headers", "list", "for"]) {
      for (const id of idsIn(element, name)) {
        const all = element.getRootNode().querySelectorAll(`#${CSS.escape(id)}`);
        if (all.length < 2) continue;
        if (/label|describe/.test(name) && new Set([...all].map((one) => collapse(one.textContent))).size < 2) continue;
        answer.sharedIds.push([i, name, id.slice(0, 80), all.length]);
      }
    }
  }

  // Spacing that the style attribute fixes with !important, on elements with text of their own: [index, property, times the
  // font size]. Line height matters only where lines wrap.
  function fixedSpacing(element, i) {
    if (!element.style || !/!\s*important/i.test(element.getAttribute("style") ?? "") || !isShown(element)) return;
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const box = element.getBoundingClientRect();
    if (!texts.length || box.right + scrollX <= 0 || box.bottom + scrollY <= 0) return;
    const style = getComputedStyle(element), size = parseFloat(style.fontSize);
    for (const name of ["letter-spacing", "word-spacing", "line-height"]) {
      if (element.style.getPropertyPriority(name) !== "important" || /^(inherit|unset|revert)/.test(element.style.getPropertyValue(name))) continue;
      if (name === "line-height" && !wraps(texts)) continue;
      const value = style.getPropertyValue(name);
      const times = value === "normal" ? (name === "line-height" ? USUAL_LINE : 0) : parseFloat(value) / size;
      answer.fixedSpacing.push([i, name, round(times)]);
    }
  }

  function wraps(texts) {
    const range = document.createRange();
    return texts.some((text) => {
      range.selectNodeContents(text);
      return new Set([...range.getClientRects()].map((rect) => Math.round(rect.top))).size > 1;
    });
  }
}
