// Controls before the repeated blocks of a page that speak of one of them: they may fold it away.
function foldersOf(stops, blocks) {
  const ids = blocks.map((block) => block.id).filter(Boolean);
  return stops.slice(0, 5).filter((element) => {
    const refers = `${element.getAttribute("aria-controls") ?? ""} ${element.getAttribute("onclick") ?? ""}`;
    return ids.some((id) => refers.split(/[^\w-]+/).includes(id)) || blocks.some((block) => element.localName === "summary" && element.parentElement.contains(block));
  });
}

// Uses each of them once, and tells of every block that one of them speaks of whether it is seen and whether it is heard afterwards: [index, 1 or 0,
// 1 or 0]. Nothing where one of them leads to another page.
async function fold(stops, nodes, indexes) {
  const SETTLED_MS = 400;
  const blocks = indexes.map((index) => nodes[index]).filter((block) => block && foldersOf(stops, [block]).length);
  const folders = foldersOf(stops, blocks);
  if (folders.some((element) => element.matches("a[href]") && !/^(#|javascript:)/.test(element.getAttribute("href")))) return [];
  for (const element of folders) element.click();
  await new Promise((done) => setTimeout(done, SETTLED_MS));  // what folds slowly is folded then
  return blocks.map((block) => [nodes.indexOf(block), isSeen(block) ? 1 : 0, isRead(block) ? 1 : 0]);

  function isSeen(block) {
    const box = block.getBoundingClientRect();
    const away = box.right + scrollX <= 0 || box.bottom + scrollY <= 0 || box.width <= 1 || box.height <= 1;
    return !away && block.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  }

  function isRead(block) {
    return block.checkVisibility({ visibilityProperty: true }) && !block.closest("[aria-hidden=true],[inert]");
  }
}
