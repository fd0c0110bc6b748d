"""Changes of a page that is open, made and taken back: style sheets over CDP, attributes and one more sheet in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.async_api import Page

from cynthia_pipeline.browser.declarations import StyleAuthor
from cynthia_pipeline.browser.frames import World
from cynthia_pipeline.fix_packs.edits import Edit, edited
from cynthia_pipeline.fix_packs.probing import LiveChanges, Source

_CHANGE: Final = """async ({ css, attributes }) => {
  const put = (element, name, value) =>
    value === null ? element.removeAttribute(name) : element.setAttribute(name, value);
  const state = globalThis.cynthiaRehearsal ??= { sheet: new CSSStyleSheet(), before: [] };
  for (const one of state.before.reverse()) put(...one);
  state.before = [];
  for (const { path, tag, name, value } of attributes) {
    const element = document.querySelector(path);
    if (element?.localName !== tag) continue;
    state.before.push([element, name, element.getAttribute(name)]);
    put(element, name, value);
  }
  state.sheet.replaceSync(css);
  const others = document.adoptedStyleSheets.filter((sheet) => sheet !== state.sheet);
  document.adoptedStyleSheets = [...others, state.sheet];
  document.activeElement?.blur?.();
  scrollTo({ left: 0, top: 0, behavior: "instant" });
  const frame = () => Promise.race([new Promise(requestAnimationFrame), new Promise((done) => setTimeout(done, 100))]);
  for (let i = 0; i < 3; i++) {
    // A page that is opened with the change has nothing to fade from.
    for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish();
    await frame();
  }
}"""


@dataclass
class Rehearsal:
    """One open page that can be changed. Made by `begin`.

    Attributes:
        altered: the present text of each style sheet that is not as it was, by Chromium's id for it.
    """

    world: World
    author: StyleAuthor
    altered: dict[str, str] = field(default_factory=dict)

    @classmethod
    async def begin(cls, page: Page, sources: Mapping[str, Source], page_url: str) -> "Rehearsal":
        """Learns which style sheets there are.

        Raises:
            playwright.async_api.Error: the page closed or crashed meanwhile.
        """
        session = await page.context.new_cdp_session(page)
        await session.send("DOM.enable")
        author = await StyleAuthor.begin(session, sources, page_url)
        return cls(await World.open(session), author)

    async def change(self, changes: LiveChanges) -> None:
        """Makes these changes and takes back all others.

        Raises:
            playwright.async_api.Error: the page navigated, closed or crashed meanwhile.
        """
        texts = self._texts(changes)
        for sheet in {**self.altered, **texts}:
            text = texts.get(sheet) or self._written(self.author.sheets[sheet])[1]
            if text != self.altered.get(sheet):
                await self.author.session.send("CSS.setStyleSheetText", {"styleSheetId": sheet, "text": text})
        self.altered = texts
        attributes = [
            {"path": item.path, "tag": item.tag, "name": item.name, "value": item.value} for item in changes.attributes
        ]
        await self.world.call(_CHANGE, {"css": changes.css, "attributes": attributes})

    def _texts(self, changes: LiveChanges) -> dict[str, str]:
        found = {}
        for sheet, header in list(self.author.sheets.items()):
            edits = changes.sheets.get(self.author.address(header))
            if not edits:
                continue
            start, text = self._written(header)
            inside = [edit for edit in edits if start <= edit.start and edit.end <= start + len(text)]
            if inside:
                moved = (Edit(edit.start - start, edit.end - start, edit.text) for edit in inside)
                found[sheet] = edited(text, moved)
        return found

    def _written(self, header: dict[str, Any]) -> tuple[int, str]:
        """Where in its file a style sheet begins, and its text as it was."""
        text = self.author.sources[self.author.address(header)].text
        start, end = self.author.extent(header)
        return start, text[start:end]
