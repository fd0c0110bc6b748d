// What moves by itself or when something changes: animations with their keyframes, transitions, media.
const FRAMES_CAP = 60;
let changesMove = true; // whether a change of style or place may take its time

function readMotion({ nodes, displays, indexOf }) {
  const transitions = [];
  const animations = [];
  const live = []; // for each of `animations`: how to ask whether it still runs
  const seen = new Set();
  const running = document.getAnimations().filter((animation) => !(animation instanceof CSSTransition));
  let sheets = null;
  const framesOf = (name) => (sheets ??= keyframesByName()).get(name);
  for (const animation of running) {
    const effect = animation.effect;
    const index = effect?.target ? indexOf.get(effect.target) : undefined;
    if (index === undefined || !displays[index]) continue;
    const name = animation instanceof CSSAnimation ? animation.animationName : "";
    const pseudo = effect.pseudoElement ?? "";
    seen.add(`${index}${pseudo}:${name}`);
    const timing = effect.getTiming();
    const frames = framesOf(name) ?? effectFrames(effect);
    const duration = typeof timing.duration === "number" ? timing.duration : 0;
    add(index, pseudo, name, duration, timing.iterations, timing.direction, animation.playState, frames, animation);
  }
  for (let i = 0; i < nodes.length; i++) {
    if (!displays[i]) continue;
    const style = getComputedStyle(nodes[i]);
    if (/[1-9]/.test(style.transitionDuration)) {
      transitions.push([
        i, style.transitionProperty.slice(0, TEXT_CAP), style.transitionDuration.slice(0, TEXT_CAP),
        style.transitionTimingFunction.slice(0, TEXT_CAP),
      ]);
    }
    if (style.animationName === "none") continue;
    const [names, durations, counts, directions] =
      [style.animationName, style.animationDuration, style.animationIterationCount, style.animationDirection].map((list) => list.split(", "));
    names.forEach((name, at) => {
      if (name === "none" || seen.has(`${i}:${name}`)) return;
      const count = counts[at % counts.length];
      add(i, "", name, parseFloat(durations[at % durations.length]) * 1000, count === "infinite" ? Infinity : parseFloat(count),
        directions[at % directions.length], "finished", framesOf(name) ?? [], null);
    });
  }
  changesMove = transitions.length > 0 || scrollsSmoothly() || declaresTransition();
  const order = animations.map((_, at) => at).sort((a, b) => animations[a][0] - animations[b][0] || (animations[a][2] < animations[b][2] ? -1 : 1));
  const motion = {
    transitions,
    animations: order.map((at) => animations[at]),
    media: readMedia(),
    smoothScroll: scrollsSmoothly(),
  };
  return { motion, live: order.map((at) => live[at]) };

  function add(index, pseudo, name, duration, iterations, direction, state, frames, animation) {
    animations.push([index, pseudo, name, round(duration), iterations === Infinity ? -1 : iterations, direction, state, frames.slice(0, FRAMES_CAP)]);
    live.push(() => {
      if (animation && !name) return animation.playState === "running";
      const style = getComputedStyle(nodes[index], pseudo || null);
      const at = style.animationName.split(", ").indexOf(name);
      if (at < 0) return false;
      const pick = (list) => { const values = list.split(", "); return values[at % values.length]; };
      const count = pick(style.animationIterationCount);
      return parseFloat(pick(style.animationDuration)) > 0.05 && pick(style.animationPlayState) === "running"
        && !(iterations === Infinity && count !== "infinite");
    });
  }

  function readMedia() {
    return nodes.flatMap((node, i) => (node.localName === "video" || node.localName === "audio")
      ? [[i, node.autoplay, node.muted, node.loop, node.controls, Number.isFinite(node.duration) ? round(node.duration) : 0]] : []);
  }
}

function scrollsSmoothly() {
  return getComputedStyle(document.documentElement).scrollBehavior === "smooth";
}

// With a wish for less motion in force: which of the animations still run, by their place in the list.
function readReduced(live) {
  return { moving: live.flatMap((runs, at) => (runs() ? [at] : [])), smoothScroll: scrollsSmoothly() };
}

// Every @keyframes of the style sheets that may be read; those of other origins may not.
function keyframesByName() {
  const found = new Map();
  const visit = (rules) => {
    for (const rule of rules) {
      if (rule instanceof CSSKeyframesRule) {
        found.set(rule.name, [...rule.cssRules].flatMap((frame) => frame.keyText.split(",").map((key) => [parseFloat(key) / 100, declarations(frame.style)]))
          .sort((a, b) => a[0] - b[0]));
      } else if (rule.cssRules && !(rule instanceof CSSStyleRule) && (!rule.media || matchMedia(rule.media.mediaText).matches)) visit(rule.cssRules);
      else if (rule instanceof CSSImportRule) readable(rule.styleSheet);
    }
  };
  const readable = (sheet) => {
    let rules = [];
    try { rules = sheet?.cssRules ?? []; } catch { /* another origin's */ }
    visit(rules);
  };
  [...document.styleSheets, ...document.adoptedStyleSheets].forEach(readable);
  return found;
}

function declarations(style) {
  return Object.fromEntries([...style].slice(0, 20).map((name) => [name, style.getPropertyValue(name).slice(0, TEXT_CAP)]));
}

function effectFrames(effect) {
  return effect.getKeyframes().map(({ computedOffset, offset, easing, composite, ...values }) => [
    computedOffset,
    Object.fromEntries(Object.entries(values).slice(0, 20)
      .map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), String(value).slice(0, TEXT_CAP)])),
  ]);
}

// Puts every transition at its end, or lets them run again, and scrolling likewise: what another size of the window or the
// focus sets in motion would be caught half way. The styles of the whole page are computed anew for it, which a page that
// has nothing of the kind is spared.
function holdStill(on) {
  if (!changesMove) return;
  const others = document.adoptedStyleSheets.filter((sheet) => !sheet.cynthiaStill);
  if (on) {
    const sheet = new CSSStyleSheet();
    sheet.cynthiaStill = true;
    sheet.replaceSync("*, *::before, *::after { transition: none !important; scroll-behavior: auto !important }");
    others.push(sheet);
  }
  document.adoptedStyleSheets = others;
}

// Whether a style sheet speaks of transitions for whatever state; of one that may not be read it is assumed.
function declaresTransition() {
  const has = (rules) => [...rules].some(({ style, cssRules, styleSheet }) =>
    style?.transitionDuration || style?.transition || (cssRules && has(cssRules)) || (styleSheet && speaks(styleSheet)));
  const speaks = (sheet) => { try { return has(sheet.cssRules); } catch { return true; } };
  return [...document.styleSheets, ...document.adoptedStyleSheets].some(speaks);
}
