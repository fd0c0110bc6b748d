// The document as a whole.
function readFacts({ nodes, isWhole }) {
  const root = document.documentElement;
  return {
    title: document.title.slice(0, TEXT_CAP),
    language: root.lang || "",
    scrollWidth: document.scrollingElement?.scrollWidth ?? root.scrollWidth,
    scrollHeight: document.scrollingElement?.scrollHeight ?? root.scrollHeight,
    clientWidth: root.clientWidth,
    elementCount: isWhole ? nodes.length : document.getElementsByTagName("*").length,
    measuredCount: nodes.length,
    meta: [...document.querySelectorAll("meta[content]")].slice(0, 100)
      .map((meta) => [(meta.name || meta.getAttribute("property") || meta.httpEquiv || "").toLowerCase(), meta.content.slice(0, TEXT_CAP)])
      .filter(([name]) => name),
  };
}
