// Frames that share their name: [index, name, address, words or null where another origin keeps them]. A frame inside of
// a frame of the page's own site stands for itself as the outer one.
function sameNameFrames({ known, indexOf, isHeard, nameOf }) {
  const found = known.filter((element) => element.localName === "iframe" && isHeard(element)).flatMap((frame) => [
    [indexOf.get(frame), nameOf(frame).toLowerCase(), frame.src, frameWords(frame)],
    ...innerFrames(frame).map((inner) => [indexOf.get(frame), innerName(inner), inner.src, frameWords(inner)]),
  ]).filter(([, name]) => name);
  const counts = new Map();
  for (const [, name] of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  return found.filter(([, name]) => counts.get(name) > 1);

  function innerFrames(frame) {
    try {
      return [...frame.contentDocument.querySelectorAll("iframe")].slice(0, 20).filter((inner) =>
        !inner.closest("[aria-hidden=true]") && inner.checkVisibility({ visibilityProperty: true }));
    } catch { return []; }
  }

  function innerName(frame) {
    const ids = (frame.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    const words = ids.map((id) => frame.ownerDocument.getElementById(id)?.textContent ?? "").join(" ");
    return collapse(words || frame.getAttribute("aria-label") || frame.title).toLowerCase();
  }

  function frameWords(frame) {
    try { return frame.contentDocument?.body ? wordsOf(frame.contentDocument.body, frame.contentDocument.title) : null; }
    catch { return null; }
  }
}
