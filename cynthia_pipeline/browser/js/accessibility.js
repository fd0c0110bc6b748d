// What accessibility rules ask beyond axe's answers: names, roles, languages, links, tables, media. Names and roles are
// computed by axe-core's own functions, on its tree of the page. Reads only; audit/accessibility.py parses the answer.
async function readAccessibility({ nodes, indexOf }, { maxFetches, fetchMs }) {
  const LANGUAGE_CAP = 4000;
  const WITHIN_WORDS = "a,abbr,b,bdi,bdo,cite,code,data,dfn,em,font,i,kbd,mark,q,s,samp,small,span,strong,sub,sup,time,u,var,wbr";
  const { aria, dom, text: texts } = axe.commons;
  const known = nodes.filter((element) => axe.utils.getNodeFromTree(element));
  const isHeard = (element) => dom.isVisibleToScreenReaders(element);
  const nameOf = (element) => collapse(texts.accessibleText(element)).slice(0, TEXT_CAP);
  const headings = known.filter((element) => /^h[1-6]$/.test(element.localName) || element.hasAttribute("role"))
    .filter((element) => aria.getRole(element) === "heading")
    .filter(isHeard);
  // What is inside of a drawing is not measured: its links stand for themselves as the drawing.
  const drawnLinks = known.filter((element) => element.localName === "svg").flatMap((drawing) => [...drawing.querySelectorAll("a")]);
  return {
    links: await sameNameLinks(),
    frames: sameNameFrames(),
    nameless: prohibitedNames(),
    presentational: focusableInPresentational(),
    headers: headersWithoutCells(),
    fields: fields(),
    languages: languages(),
    bypass: bypass(),
    ...await recordingsOf(known, indexOf, isHeard, nameOf, fetchMs),
    scrollers: scrollers(),
    drawings: silentDrawings(),
    drawnLinks: namedInDrawings(),
    silentWords: silentWords(),
    errors: errors(),
    labels: namedBesideLabel(),
  };

  function before(element, others) {
    let found = -1;
    for (const other of others) {
      if (other.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) found = indexOf.get(other);
      else break;
    }
    return found;
  }

  // Links that share their name with one that leads elsewhere: [index, name, address, context, what is there].
  async function sameNameLinks() {
    const byName = new Map();
    for (const link of [...known, ...drawnLinks]) {
      if (!link.matches("a[href],area[href],[role=link][onclick]") || !axe.utils.getNodeFromTree(link) || !isHeard(link)) continue;
      const name = nameOf(link).toLowerCase();
      if (!name) continue;
      if (!byName.has(name)) byName.set(name, []);
      byName.get(name).push(link);
    }
    const found = [];
    let left = maxFetches;
    const contents = new Map();
    for (const [name, links] of byName) {
      const addresses = new Set(links.map(addressOf).filter(Boolean));
      if (links.length < 2 || addresses.size < 2) continue;
      for (const address of addresses) {
        if (contents.has(address) || left <= 0) continue;
        left -= 1;
        contents.set(address, await wordsAt(address));
      }
      for (const link of links.filter(addressOf)) {
        const index = indexOf.get(link) ?? indexOf.get(outermostDrawing(link));
        found.push([index, name, addressOf(link), contextOf(link, links), contents.get(addressOf(link)) ?? null]);
      }
    }
    return found;
  }

  function outermostDrawing(element) {
    let drawing = element.closest("svg");
    while (drawing.parentElement?.closest("svg")) drawing = drawing.parentElement.closest("svg");
    return drawing;
  }

  function addressOf(link) {
    try {
      // A link by role alone leads where its handler sets the location, if that stands there in so many words.
      const scripted = /location(?:\.href)?\s*=\s*(["'])([^"']+)\1/.exec(link.getAttribute("onclick") ?? "")?.[2];
      if (link.href === undefined && !scripted) return "";
      const url = new URL(link.href?.baseVal ?? link.href ?? scripted, document.baseURI);
      url.pathname = url.pathname.replace(/\/(index\.\w+)?$/, "");
      return url.href;
    } catch { return ""; }
  }

  // What WCAG calls the link's context: the cell around it, or the nearest block that says more than links of its name do;
  // where that holds a heading too, or there is none, the heading that the link stands under.
  function contextOf(link, namesakes) {
    for (let around = link.parentElement; around && around !== document.body; around = around.parentElement) {
      if (around.querySelector("h1,h2,h3,h4,h5,h6,[role=heading]")) break;
      if (!indexOf.has(around)) continue;
      if (around.matches("td,th,dd,dt,[role=cell],[role=gridcell]")) return indexOf.get(around);
      if (getComputedStyle(around).display !== "inline" && saysMore(around, namesakes)) return indexOf.get(around);
    }
    return before(link, headings);
  }

  function saysMore(block, namesakes) {
    const beside = (node) => !namesakes.some((link) => link.contains(node));
    if ([...block.querySelectorAll("img[alt]")].some((image) => image.alt.trim() && beside(image))) return true;
    const words = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    for (let node = words.nextNode(); node; node = words.nextNode()) {
      if (/[\p{L}\p{N}]/u.test(node.data) && !SKIPPED.has(node.parentElement.localName) && beside(node)) return true;
    }
    return false;
  }

  async function wordsAt(address, isOnward = false) {
    const url = new URL(address || "about:blank");
    if (url.origin !== location.origin || !/^https?:$/.test(url.protocol)) return null;
    if (url.href.split("#")[0] === location.href.split("#")[0]) {
      const target = url.hash ? document.getElementById(decodeURIComponent(url.hash.slice(1))) : document.body;
      return target ? wordsOf(target) : null;
    }
    // An address with a query may do something when it is opened; a plain one is a page.
    if (url.search) return null;
    try {
      const response = await fetch(url, { credentials: "omit", signal: AbortSignal.timeout(fetchMs) });
      if (!response.ok || !/html/.test(response.headers.get("content-type") ?? "")) return null;
      const page = new DOMParser().parseFromString((await response.text()).slice(0, 500_000), "text/html");
      const onward = /^\s*0\s*;\s*url\s*=\s*["']?([^"']+)/i.exec(page.querySelector("meta[http-equiv=refresh i]")?.content ?? "")?.[1];
      if (onward && !isOnward) return wordsAt(new URL(onward, url).href, true);
      return wordsOf(page.body, page.title);
    } catch { return null; }
  }

  function wordsOf(root, title = "") {
    const copy = root.cloneNode(true);
    for (const hidden of copy.querySelectorAll("script,style,noscript,template")) hidden.remove();
    const pictures = [...copy.querySelectorAll("img,video,audio,source")].map((element) => element.getAttribute("src") ?? "");
    return collapse(`${title} ${apart(copy)} ${pictures.join(" ")}`.toLowerCase()).slice(0, LANGUAGE_CAP);
  }

  // Its text; the words of one block are none of the next one's, whether or not the source has a space between them.
  function apart(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeType === Node.TEXT_NODE ? node.data : "";
    const inside = [...node.childNodes].map(apart).join("");
    return node.matches(WITHIN_WORDS) ? inside : ` ${inside} `;
  }

  // Frames that share their name: [index, name, address, words or null where another origin keeps them]. A frame inside of
  // a frame of the page's own site stands for itself as the outer one.
  function sameNameFrames() {
    const found = known.filter((element) => element.localName === "iframe" && isHeard(element)).flatMap((frame) => [
      [indexOf.get(frame), nameOf(frame).toLowerCase(), frame.src, frameWords(frame)],
      ...innerFrames(frame).map((inner) => [indexOf.get(frame), plainName(inner), inner.src, frameWords(inner)]),
    ]).filter(([, name]) => name);
    const counts = new Map();
    for (const [, name] of found) counts.set(name, (counts.get(name) ?? 0) + 1);
    return found.filter(([, name]) => counts.get(name) > 1);
  }

  function innerFrames(frame) {
    try {
      return [...frame.contentDocument.querySelectorAll("iframe")].slice(0, 20).filter((inner) =>
        !inner.closest("[aria-hidden=true]") && inner.checkVisibility({ visibilityProperty: true }));
    } catch { return []; }
  }

  function plainName(frame) {
    const ids = (frame.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    const words = ids.map((id) => frame.ownerDocument.getElementById(id)?.textContent ?? "").join(" ");
    return collapse(words || frame.getAttribute("aria-label") || frame.title).toLowerCase();
  }

  function frameWords(frame) {
    try { return frame.contentDocument?.body ? wordsOf(frame.contentDocument.body, frame.contentDocument.title) : null; }
    catch { return null; }
  }

  // Elements with a name, or a word for their role, that the role may not have: [index, role, attribute, has content of its own].
  function prohibitedNames() {
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
  function focusableInPresentational() {
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

  // Header cells, and whether any cell is theirs: [index, 1 or 0].
  function headersWithoutCells() {
    const found = [];
    for (const table of known) {
      const role = aria.getRole(table);
      if (!["table", "grid", "treegrid"].includes(role) || !isHeard(table)) continue;
      if (table.localName === "table") nativeHeaders(table, found);
      else roleHeaders(table, found);
    }
    return found;
  }

  function nativeHeaders(table, found) {
    const grid = axe.commons.table.toGrid(table);
    const isData = (cell) => cell && (cell.localName === "td" || /^(grid)?cell$/.test(cell.getAttribute("role") ?? "")) &&
      !/header$/.test(cell.getAttribute("role") ?? "");
    const places = new Map();
    grid.forEach((row, y) => row?.forEach((cell, x) => {
      if (!cell) return;
      const place = places.get(cell) ?? { left: x, right: x, top: y, bottom: y };
      places.set(cell, { left: Math.min(place.left, x), right: Math.max(place.right, x), top: Math.min(place.top, y), bottom: Math.max(place.bottom, y) });
    }));
    // A row's header is a cell of its column too (HTML's algorithm assigns headers to header cells as well).
    const headsRow = (cell) => cell?.localName === "th" && (cell.getAttribute("scope")?.startsWith("row") || grid.some((row) => row?.includes(cell) && row.some(isData)));
    // A cell with a headers attribute belongs to the headers named there, and to no other.
    const isFree = (cell) => isData(cell) && !cell.getAttribute("headers")?.trim();
    const referred = new Set([...table.querySelectorAll("[headers]")].flatMap((cell) => cell.getAttribute("headers").split(/\s+/)));
    for (const [cell, place] of places) {
      const role = cell.getAttribute("role");
      const isHeader = cell.localName === "th" ? !role || /header$/.test(role) : /^(column|row)header$/.test(role ?? "");
      if (!isHeader || !isHeard(cell) || !indexOf.has(cell)) continue;
      const inRows = grid.slice(place.top, place.bottom + 1).flat();
      const inColumns = grid.flatMap((row) => row?.slice(place.left, place.right + 1) ?? []);
      const scope = (cell.getAttribute("scope") ?? "").toLowerCase();
      const below = grid.slice(place.bottom + 1).flatMap((row) => row?.slice(place.left, place.right + 1) ?? []);
      const beside = grid.slice(place.top, place.bottom + 1).flatMap((row) => row?.slice(place.right + 1) ?? []);
      let serves;
      if (referred.has(cell.id) && cell.id) serves = true;
      else if (cell.closest("tfoot")) serves = inColumns.some(isFree) || inRows.some(isFree);  // a header repeated at the foot
      else if (role === "rowheader" || scope.startsWith("row")) serves = beside.some(isFree) || inRows.some(isFree);
      else if (role === "columnheader" || scope.startsWith("col")) serves = below.some(isFree) || below.some(headsRow);
      else if (!inRows.some(isData)) serves = below.some(isFree) || below.some(headsRow);
      else if (!inColumns.some(isData)) serves = inRows.some(isFree);
      else serves = true;
      found.push([indexOf.get(cell), serves ? 1 : 0]);
    }
  }

  function roleHeaders(table, found) {
    const rows = [...table.querySelectorAll("[role=row]")].map((row) =>
      [...row.querySelectorAll("[role=cell],[role=gridcell],[role=columnheader],[role=rowheader]")]);
    for (const [y, row] of rows.entries()) {
      for (const [x, cell] of row.entries()) {
        const role = cell.getAttribute("role");
        if (!/header$/.test(role) || !isHeard(cell) || !indexOf.has(cell)) continue;
        const isData = (other) => other && /cell$/.test(other.getAttribute("role"));
        const spans = rows.some((other) => other.some((one) => one.hasAttribute("aria-colspan") || one.hasAttribute("aria-colindex")));
        const serves = spans || (role === "rowheader" ? row.some(isData) : rows.some((other, place) => place !== y && isData(other[x])));
        found.push([indexOf.get(cell), serves ? 1 : 0]);
      }
    }
  }

  // The group around a field that can be told from the next one: a fieldset only if its name is seen.
  function namedGroup(field, selector) {
    for (let group = field.parentElement?.closest(selector); group; group = group.parentElement?.closest(selector)) {
      if (group.localName !== "fieldset") return group;
      const words = [...group.querySelectorAll(":scope > legend,h1,h2,h3,h4,h5,h6,[role=heading]")];
      if (words.some((one) => collapse(one.textContent) && dom.isVisibleOnScreen(one)) || group.hasAttribute("aria-label") || group.hasAttribute("aria-labelledby")) return group;
    }
    return null;
  }

  // Fields that are filled in: [index, role, name, what tells equal names apart].
  function fields() {
    const found = [];
    const seenHeadings = headings.filter((heading) => dom.isVisibleOnScreen(heading));
    for (const field of known) {
      if (!field.matches("input,select,textarea,[role=textbox],[role=combobox],[role=searchbox],[role=spinbutton]")) continue;
      if (field.matches("[type=hidden],[type=submit],[type=button],[type=reset],[type=image],[type=radio],[type=checkbox]")) continue;
      if (!isHeard(field) || !dom.isVisibleOnScreen(field)) continue;
      const name = nameOf(field).toLowerCase();
      const group = namedGroup(field, "fieldset,[role=group],[role=radiogroup],tr,li,form,section,article,dialog,[role=dialog],[role=tabpanel]");
      const key = [group && indexOf.has(group) ? indexOf.get(group) : -1, before(field, seenHeadings), field.getAttribute("aria-describedby") ?? ""];
      if (name) found.push([indexOf.get(field), field.type ?? "", name, key.join("/")]);
    }
    return found;
  }

  // The words of the page in its own language, and of each part that claims another: [index or -1, language, words].
  function languages() {
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

  // Ways past what every page of a site repeats.
  function bypass() {
    const REPEATED = "nav,header,footer,aside,[role=navigation],[role=banner],[role=contentinfo],[role=complementary]";
    const outside = (element) => !element.closest(REPEATED) || element.closest("main,[role=main],article,section")?.contains(element.closest(REPEATED));
    const tabbable = known.filter((element) => dom.isInTabOrder(element) && element.checkVisibility({ visibilityProperty: true }));
    const blocks = known.filter((element) => element.matches(REPEATED) && element.checkVisibility({ visibilityProperty: true })
      && !element.closest("main,[role=main],article"));
    const leadsAway = known.some((element) => element.matches("a[href]") && isHeard(element) && new URL(element.href, document.baseURI).href.split("#")[0] !== location.href.split("#")[0]);
    const isRepeated = (block) => block.querySelector("a[href],button") || (leadsAway && !block.matches("header,footer,[role=banner],[role=contentinfo]"));
    const repeated = blocks.filter((block) => isRepeated(block) && hasContentAfter(block, blocks));
    const main = known.find((element) => element.matches("main,[role=main]") && isHeard(element) && collapse(element.innerText ?? ""));
    const skips = tabbable.slice(0, 5).filter((element) => isHeard(element) && isSeenWithFocus(element) && skipsTo(element, blocks));
    const place = repeated[0] && tabbable.filter((element) => repeated[0].contains(element) || element.compareDocumentPosition(repeated[0]) & Node.DOCUMENT_POSITION_FOLLOWING).length;
    return {
      blocks: repeated.map((block) => indexOf.get(block)),
      folds: foldersOf(tabbable, repeated).length ? 1 : 0,
      main: main ? indexOf.get(main) : -1,
      contentHeadings: headings.filter((heading) => outside(heading) && nameOf(heading) && dom.isVisibleOnScreen(heading)).length,
      skipLinks: skips.map((element) => indexOf.get(element)),
      stopsBefore: place ?? 0,
      words: collapse(document.body?.innerText ?? "").split(" ").length,
      links: known.filter((element) => element.matches("a[href]") && isHeard(element)).length,
    };
  }

  // Whether words follow a block that belong to no other block: what comes after all content needs no way past it.
  function hasContentAfter(block, blocks) {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    walker.currentNode = block;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (block.contains(node) || !node.data.trim() || SKIPPED.has(node.parentElement.localName)) continue;
      if (!blocks.some((other) => other.contains(node)) && node.parentElement.checkVisibility({ visibilityProperty: true })
        && !node.parentElement.closest("a[href],button,[role=link],[role=button]")) return true;
    }
    return false;
  }

  // Whether a stop leads past the repeated blocks: a link to a place that is shown and lies in none of them, or a button
  // that says so.
  function skipsTo(element, blocks) {
    if (element.localName === "button" || (element.getAttribute("role") === "link" && !element.href)) return /^(skip|jump|go) to\b|^(saltar|ir) al?\b/i.test(nameOf(element));
    if (!element.matches("a[href]") || element.getAttribute("href") === "#") return false;
    const url = new URL(element.href, document.baseURI);
    if (url.href.split("#")[0] !== location.href.split("#")[0] || url.hash.length < 2) return false;
    const id = decodeURIComponent(url.hash.slice(1));
    const target = document.getElementById(id) ?? document.getElementsByName(id)[0];
    return target && isShownPlace(target) && !blocks.some((block) => block.contains(target) && !isAtEnd(target, block));
  }

  // An empty place with nothing after it in its block: the content comes right after.
  function isAtEnd(target, block) {
    const range = document.createRange();
    range.setStartBefore(target);
    range.setEndAfter(block);
    return !range.toString().trim();
  }

  // An empty anchor is a place too; what is not rendered at all is none.
  function isShownPlace(target) {
    return target.checkVisibility({ visibilityProperty: true });
  }

  // Whether something out of sight comes into view when it takes the focus: a style for that state is enough.
  function isSeenWithFocus(element) {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const away = box.right + scrollX <= 0 || box.bottom + scrollY <= 0 || (box.width <= 1 && box.height <= 1) || style.opacity === "0" || /^(inset|rect)\(/.test(style.clipPath);
    return !away || [...document.styleSheets].some((sheet) => showsOnFocus(sheet, element));
  }

  function showsOnFocus(sheet, element) {
    try { return [...sheet.cssRules].some((rule) => rule.cssRules?.length ? showsOnFocus(rule, element) || focuses(rule, element) : focuses(rule, element)); }
    catch { return true; }  // a sheet of another origin does not tell
  }

  function focuses(rule, element) {
    if (!/:(focus|active)/.test(rule.selectorText ?? "")) return false;
    return rule.selectorText.split(",").some((selector) => {
      const plain = selector.replace(/:(focus-visible|focus-within|focus|active)/g, "").trim() || "*";
      try { return /:(focus|active)/.test(selector) && (element.matches(plain) || !!element.closest(plain)); }
      catch { return false; }
    }) || /:not\([^)]*:focus/.test(rule.selectorText);
  }

  // Areas that scroll and show text, and whether the Tab key reaches them or anything in them: [index, 1 or 0].
  function scrollers() {
    const found = [];
    for (const element of known) {
      if (element === document.body || element === document.documentElement || LEAVES.has(element.localName)) continue;
      if (element.scrollWidth <= element.clientWidth && element.scrollHeight <= element.clientHeight) continue;
      if (element.clientHeight < 14 || element.clientWidth < 14 || !hidesByScrolling(element)) continue;
      if (!isHeard(element) || !dom.isVisibleOnScreen(element) || !collapse(element.innerText ?? "")) continue;
      const reached = [element, ...element.querySelectorAll("*")].some((inner) => indexOf.has(inner) && axe.utils.getNodeFromTree(inner) && dom.isInTabOrder(inner));
      found.push([indexOf.get(element), reached ? 1 : 0]);
    }
    return found;
  }

  // Drawings with words that assistive technology does not get, neither from them nor from the page: [index, words].
  function silentDrawings() {
    const found = [];
    const said = collapse(document.body?.innerText ?? "").toLowerCase();
    for (const element of known) {
      if (element.localName !== "svg" || element.parentElement?.closest("svg") || isNamed(element) || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      if (isHeard(element) && !["none", "presentation"].includes(element.getAttribute("role"))) continue;
      const words = collapse([...element.querySelectorAll("text")].map((text) => text.textContent).join(" "));
      const elsewhere = said.replace(words.toLowerCase(), "").includes(words.toLowerCase());
      if (/\p{L}{3}/u.test(words) && !elsewhere) found.push([indexOf.get(element), words.slice(0, 80)]);
    }
    return found;
  }

  // Links inside of drawings: [index of the drawing, name, whether an attribute explains it, words outside of the links].
  function namedInDrawings() {
    const found = [];
    for (const link of drawnLinks) {
      if (!link.href?.baseVal || !axe.utils.getNodeFromTree(link) || !isHeard(link)) continue;
      const drawing = outermostDrawing(link), rest = drawing.cloneNode(true);
      for (const other of rest.querySelectorAll("a,style,script,defs")) other.remove();
      const explained = ["aria-label", "aria-labelledby", "aria-describedby"].some((key) => link.hasAttribute(key));
      found.push([indexOf.get(drawing), nameOf(link), explained ? 1 : 0, collapse(`${nameOf(drawing)} ${rest.textContent}`)]);
    }
    return found;
  }

  function isNamed(element) {
    return !!element.closest("a,button,[role=button],[role=link],[role=img],[aria-label]") && !!nameOf(element.closest("a,button,[role=button],[role=link],[role=img],[aria-label]"));
  }

  // Words that a control shows and its name leaves out because they are hidden from assistive technology: [index, name, words].
  function silentWords() {
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
  function namedBesideLabel() {
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

  // Fields that say that they are wrong, and what the page says about it: [index, name, message or null if none is shown].
  function errors() {
    const found = [];
    for (const field of known) {
      if (field.getAttribute("aria-invalid") !== "true" || !isHeard(field)) continue;
      const ids = `${field.getAttribute("aria-describedby") ?? ""} ${field.getAttribute("aria-errormessage") ?? ""}`.split(/\s+/).filter(Boolean);
      if (!ids.length) continue;
      const shown = ids.map((id) => document.getElementById(id)).filter((element) => element?.checkVisibility({ visibilityProperty: true }));
      found.push([indexOf.get(field), nameOf(field), collapse(shown.map((element) => element.innerText ?? "").join(" ")).slice(0, TEXT_CAP)]);
    }
    return found;
  }
}
