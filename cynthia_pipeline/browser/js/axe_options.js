// What axe is asked for, the same in the top document (axe.js) and in each of its frames (frames.py).

// All of axe's rules, those too that it leaves off by itself.
function everyRule() {
  return { rules: Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: true }])) };
}

// Style sheets are read, and media where any of the elements will yet say what it is. axe waits for each medium that is to
// play by itself, also for one that cannot be played; and when it has waited in vain it has no style sheets either.
function preloadFor(elements) {
  return { preload: { assets: elements.some(awaitsMetadata) ? ["cssom", "media"] : ["cssom"], timeout: 2000 } };
}

function awaitsMetadata(element) {
  return element instanceof HTMLMediaElement && element.readyState === HTMLMediaElement.HAVE_NOTHING && element.networkState === HTMLMediaElement.NETWORK_LOADING;
}
