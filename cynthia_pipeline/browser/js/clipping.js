// What overflow, clip and clip-path leave of an element.

// The box that ancestors with overflow hidden leave of their content. An absolutely positioned element escapes
// those that are not positioned themselves, a fixed one escapes all.
function clipFor(row, clips, computed) {
  const parent = row[PARENT];
  if (parent < 0 || computed.position === "fixed") return null;
  const clip = clips[parent];
  return clip && computed.position === "absolute" && !clip.positioned ? null : clip;
}

function narrowed(clip, computed, row) {
  if (row[TAG] === "html" || row[TAG] === "body") return null;
  const hides = (overflow) => overflow === "hidden" || overflow === "clip";
  const [hidesX, hidesY] = [hides(computed.overflowX), hides(computed.overflowY)];
  if (!hidesX && !hidesY) return clip;
  const [x, y, width, height] = row.slice(X, HEIGHT + 1);
  return {
    left: Math.max(clip?.left ?? -Infinity, hidesX ? x : -Infinity),
    right: Math.min(clip?.right ?? Infinity, hidesX ? x + width : Infinity),
    top: Math.max(clip?.top ?? -Infinity, hidesY ? y : -Infinity),
    bottom: Math.min(clip?.bottom ?? Infinity, hidesY ? y + height : Infinity),
    positioned: computed.position !== "static",
  };
}

function isClippedAway(computed, row, clip) {
  const [x, y, width, height] = row.slice(X, HEIGHT + 1);
  if (clip && (x >= clip.right || y >= clip.bottom || x + width <= clip.left || y + height <= clip.top)) return true;
  if (computed.position !== "absolute" && computed.position !== "fixed") return false;
  if (width <= 1 && height <= 1 && computed.overflowX !== "visible") return true;
  const offsets = /^rect\((.*)\)$/.exec(computed.clip)?.[1].split(/[ ,]+/).map(parseFloat);
  if (offsets && (offsets[1] - offsets[3] <= 1 || offsets[2] - offsets[0] <= 1)) return true;
  return /^inset\((50|100)%/.test(computed.clipPath);
}
