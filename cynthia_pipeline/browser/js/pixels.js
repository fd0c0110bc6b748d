// For by_pixels.py: takes elements' own texts away and puts them back, so that what lies behind them can be pictured.
function pixelsOf({ nodes }) {
  const [homeX, homeY] = [scrollX, scrollY];
  let restore = [];
  return { look: (some) => some.map(lookAt), turnTo, turnBack, hide: (some) => some.forEach(hideOne), show };

  // Brings what lies between two heights of the page to the middle of the window; what that sets in motion is at its end.
  async function turnTo(top, bottom) {
    holdStill(true);
    scrollTo({ left: homeX, top: (top + bottom - innerHeight) / 2, behavior: "instant" });
    await nextFrame();
    await nextFrame();
  }

  function turnBack() {
    scrollTo({ left: homeX, top: homeY, behavior: "instant" });
    holdStill(false);
  }

  // Where the element's text is, on the page, and in which colour; null where pixels could not tell either.
  function lookAt(index) {
    const element = nodes[index];
    if (!element?.isConnected) return null;
    const style = getComputedStyle(element);
    if (style.getPropertyValue("-webkit-background-clip") === "text" || parseFloat(style.getPropertyValue("-webkit-text-stroke-width")) > 0) return null;
    for (let level = element; level; level = level.parentElement ?? level.getRootNode().host) {
      const seen = getComputedStyle(level);
      if (seen.opacity !== "1" || seen.filter !== "none" || seen.mixBlendMode !== "normal" || seen.animationName !== "none") return null;
    }
    const boxes = linesOfOwn(element).filter((box) => box.width > 1 && box.height > 1);
    if (!boxes.length) return null;
    const left = Math.min(...boxes.map((box) => box.left)), top = Math.min(...boxes.map((box) => box.top));
    const right = Math.max(...boxes.map((box) => box.right)), bottom = Math.max(...boxes.map((box) => box.bottom));
    return {
      element: index,
      x: left + scrollX, y: top + scrollY, width: right - left, height: bottom - top,
      color: style.getPropertyValue("-webkit-text-fill-color"),
    };
  }

  function hideOne(index) {
    const element = nodes[index];
    const kept = element.getAttribute("style");
    restore.push(() => (kept === null ? element.removeAttribute("style") : element.setAttribute("style", kept)));
    element.style.setProperty("transition", "none", "important");
    element.style.setProperty("-webkit-text-fill-color", "transparent", "important");
  }

  function show() {
    restore.forEach((put) => put());
    restore = [];
  }
}
