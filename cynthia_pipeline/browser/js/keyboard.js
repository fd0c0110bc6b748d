// What the keyboard does, for by_keyboard.py: which keys are really pressed is decided there. Changes the page, so it
// comes after everything else is measured.
const FOCUS_SIGNS = [
  "boxShadow", "backgroundColor", "backgroundImage", "color", "textDecorationLine", "transform", "opacity", "filter", "fontWeight",
  "borderTopColor", "borderTopWidth", "borderBottomColor", "borderBottomWidth", "borderLeftColor", "borderRightColor",
];

const HANDLERS = ["onclick", "onmousedown", "onpointerdown", "onmouseup", "onpointerup", "ontouchstart", "onkeydown", "onkeyup", "onchange", "oninput"];

function keyboardOf({ nodes, indexOf }) {
  const stops = nodes.filter((element) => element.tabIndex >= 0 && element.matches(FOCUSABLE) && !element.matches(":disabled")
    && !element.closest("[inert]") && element.checkVisibility({ visibilityProperty: true }));
  const signsOf = (element) => {
    const style = getComputedStyle(element);
    return FOCUS_SIGNS.map((name) => style[name]).join("|");
  };
  const before = new Map();
  return { start, at, help, fold: (indexes) => fold(stops, nodes, indexes), blur, focus: (index) => nodes[index]?.focus({ preventScroll: true }), keys, motion, choose };

  // How many stops there should be, and whether pressing through them can show anything: handlers, or styles that take
  // the browser's own focus ring away.
  function start(most) {
    document.activeElement?.blur?.();
    window.scrollTo(0, 0);
    for (const element of stops.slice(0, most)) before.set(element, signsOf(element));
    return { stops: stops.filter((element) => element.localName !== "area").slice(0, most).map((element) => indexOf.get(element)), handled: isHandled(), lists: lists().length, worth: stops.length > 0 && isWorthPressing() };
  }

  function isHandled() {
    return document.scripts.length > 0 || nodes.some((element) =>
      ["onblur", "onfocus", "onkeydown", "onkeypress", "onkeyup"].some((name) => element.hasAttribute(name)));
  }

  function isWorthPressing() {
    return isHandled() || stops.some((element) => /outline/.test(element.getAttribute("style") ?? "")) || [...document.styleSheets].some(mayHideRing);
  }

  function mayHideRing(sheet) {
    try { return [...sheet.cssRules].some((rule) => /outline[^;}]*(none|\b0|transparent)|:focus[^{]*\{[^}]*outline/.test(rule.cssText)); }
    catch { return true; }
  }

  // Where the focus is after so many milliseconds: its index (-1: nowhere, -2: somewhere not measured), and whether its own
  // style shows it.
  async function at(restMs) {
    if (restMs) await new Promise((resolve) => setTimeout(resolve, restMs));
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (!element || element === document.body || element === document.documentElement) return { index: -1 };
    const style = getComputedStyle(element);
    const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 && !/rgba\(.*, 0\)|transparent/.test(style.outlineColor)
      && style.outlineColor !== groundOf(element);
    const typed = element.matches("input:not([type=checkbox],[type=radio],[type=submit],[type=button],[type=reset],[type=range],[type=color],[type=file],[type=image]),textarea,select,[contenteditable],iframe,audio,video,embed,object");
    const changed = before.has(element) ? before.get(element) !== signsOf(element) : true;
    const box = element.getBoundingClientRect();
    return {
      index: indexOf.get(element) ?? -2,
      shown: ringed || typed || changed || box.width === 0 || box.height === 0,
      inner: element.matches("audio,video,iframe,embed,object"),  // may have stops of its own, which are not told
      dialog: !!element.closest("dialog,[role=dialog],[role=alertdialog],[aria-modal=true]"),
      kind: `${element.localName}.${element.className}`.slice(0, 200),
    };
  }

  // The colour that a ring around it lies on, pictures apart.
  function groundOf(element) {
    for (let around = element.parentElement; around; around = around.parentElement) {
      const colour = getComputedStyle(around).backgroundColor;
      if (!/rgba\(.*, 0\)|transparent/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  }

  // Of these elements, the first that promises help with the keyboard and stays on the page; -1 for none.
  function help(indexes) {
    const element = indexes.map((index) => nodes[index]).find((node) => node?.matches("button,summary,[role=button],a[href^='#'],a[href^='javascript:']")
      && /\b(help|how to|keyboard|instructions|ayuda|c[oó]mo|teclado|instrucciones)\b/i.test(`${node.innerText} ${node.getAttribute("aria-label") ?? ""} ${node.title}`));
    element?.focus({ preventScroll: true });
    return element ? indexOf.get(element) : -1;
  }

  // Takes the focus away; false if the page puts it back.
  function blur() {
    const element = document.activeElement;
    element?.blur?.();
    return document.activeElement !== element;
  }

  // The printable keys that change the page while no field has the focus, and whether any text speaks of shortcuts.
  function keys() {
    document.activeElement?.blur?.();
    const quiet = changesOn(() => press("F20", 131));
    if (quiet) return { keys: [], told: false };
    const found = [];
    for (const key of "abcdefghijklmnopqrstuvwxyz0123456789+-*/?!.,;") {
      const code = key >= "a" && key <= "z" ? key.toUpperCase().charCodeAt(0) : key.charCodeAt(0);
      if (changesOn(() => press(key, code))) found.push(key);
      if (found.length >= 3) break;
    }
    const told = /shortcut|hotkey|atajo|tecla/i.test(document.body?.innerText ?? "");
    return { keys: found, told };
  }

  // Whether anything can come of using a control: a button without a handler, its own or around it, is a picture of one.
  function canDoSomething(element) {
    if (!element.matches("button,input[type=button],[role=button],[tabindex],a[href='#'],a[href^='javascript:void']") || element.matches("select,textarea,[contenteditable]")) return true;
    if (element.form && element.type !== "button") return true;
    if (["aria-controls", "aria-haspopup", "popovertarget", "commandfor"].some((name) => element.hasAttribute(name))) return true;
    for (let node = element; node; node = node.parentNode ?? node.host) {
      if (globalThis.cynthiaClicked?.has(node) || HANDLERS.some((name) => node.hasAttribute?.(name))) return true;
    }
    return globalThis.cynthiaClickedAnywhere === true;
  }

  function press(key, keyCode) {
    const options = { key, keyCode, which: keyCode, charCode: keyCode, bubbles: true, cancelable: true, composed: true };
    for (const type of ["keydown", "keypress", "keyup"]) (document.activeElement ?? document.body ?? document).dispatchEvent(new KeyboardEvent(type, options));
  }

  function changesOn(act) {
    const observer = new MutationObserver(() => {});
    observer.observe(document, { childList: true, characterData: true, attributes: true, subtree: true });
    const fields = [...document.querySelectorAll("input,textarea,select,output,meter,progress")];
    const values = fields.map((field) => field.value);
    act();
    const count = observer.takeRecords().filter(isSeen).length + fields.filter((field, place) => field.value !== values[place]).length;
    observer.disconnect();
    return count;
  }

  function isSeen({ target }) {
    const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
    return element && !element.closest("head,script") && element.checkVisibility?.();
  }

  // Whether moving the device changes the page, and how many controls could stop it or do the same.
  function motion() {
    const controls = stops.filter(canDoSomething).length;
    if (typeof DeviceMotionEvent === "undefined") return { changes: 0, moved: false, controls };  // not a secure context
    const force = { x: 6, y: -4, z: 9 };
    const turned = new DeviceOrientationEvent("deviceorientation", { alpha: 40, beta: 50, gamma: 30 });
    const moved = new DeviceMotionEvent("devicemotion", { acceleration: force, accelerationIncludingGravity: force,
      rotationRate: { alpha: 40, beta: 50, gamma: 30 }, interval: 16 });
    const changes = changesOn(() => { window.dispatchEvent(turned); window.dispatchEvent(moved); });
    return { changes, moved: true, controls };
  }

  // The drop-down lists that a script may listen to.
  function lists() {
    const boxes = stops.filter((element) => element.localName === "select" && !element.multiple && element.options.length > 1);
    return document.scripts.length || boxes.some((box) => box.closest("[onchange],[oninput]")) ? boxes.slice(0, 8) : [];
  }

  // Those lists that leave the page as soon as something is chosen, and whether they say so. The page is not left.
  async function choose() {
    const left = [];
    if (typeof navigation === "undefined") return left;
    for (const list of lists()) {
      let leaves = false;
      const stay = (event) => {
        leaves ||= !event.destination.sameDocument;
        event.preventDefault();
      };
      navigation.addEventListener("navigate", stay);
      const was = list.selectedIndex;
      list.selectedIndex = [...list.options].findIndex((option, place) => place !== was && !option.disabled && option.value !== "");
      for (const type of ["input", "change"]) list.dispatchEvent(new Event(type, { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve, 40));  // a form is sent by a task of its own
      navigation.removeEventListener("navigate", stay);
      list.selectedIndex = was;
      if (leaves) left.push([indexOf.get(list) ?? -1, tellsOfIt(list) ? 1 : 0]);
    }
    return left;
  }

  function tellsOfIt(list) {
    const described = (list.getAttribute("aria-describedby") ?? "").split(/\s+/).map((id) => document.getElementById(id)?.textContent);
    const words = [...list.labels].map((label) => label.textContent).concat(described, list.title, list.ariaLabel, list.options[0]?.text).join(" ");
    return /\b(automatic|at once|immediately|reload|refresh|redirect|(go|jump|take|move|switch)(es|s)? (you )?to|open|load|ir a|abr|carga|recarga|autom[aá]tic|al instante|lleva)/i.test(words);
  }
}
