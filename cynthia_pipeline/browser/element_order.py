"""The browser's own nodes in the order in which gather.js numbers the elements."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from cynthia_pipeline.audit.artifacts import ViewportArtifacts

_SKIPPED: Final = frozenset(
    (
        "script", "style", "template", "noscript", "link", "meta", "head", "base", "title", "param", "source", "track",
    )
)  # fmt: skip
_LEAVES: Final = frozenset(("svg", "math", "canvas", "iframe", "object", "video", "audio", "select", "textarea"))
_ELEMENT: Final = 1


@dataclass(frozen=True, slots=True)
class BrowserNode:
    """How CDP knows an element: `node` in the DOM domain, `backend` in all others."""

    tag: str
    node: int
    backend: int


def numbered(document: dict[str, Any], view: ViewportArtifacts) -> list[BrowserNode]:
    """The nodes of the measured elements, by element index.

    Args:
        document: the root of DOM.getDocument, whole and pierced.
        view: what was measured of the same page.

    Returns:
        As many as agree with what was measured: the page may have changed since.
    """
    root = next(child for child in document["children"] if child.get("localName") == "html")
    found: list[BrowserNode] = []
    for node, element in zip(_walk(root), view.elements, strict=False):
        if node.tag != element.tag:
            break
        found.append(node)
    return found


def _walk(root: dict[str, Any]) -> Iterator[BrowserNode]:
    stack = [root]
    while stack:
        node = stack.pop()
        tag = node["localName"]
        yield BrowserNode(tag, node["nodeId"], node["backendNodeId"])
        if tag in _LEAVES:
            continue
        inner = [shadow for shadow in node.get("shadowRoots", ()) if shadow.get("shadowRootType") == "open"]
        children = [child for root_ in (*inner, node) for child in root_.get("children", ())]
        stack += [
            child
            for child in reversed(children)
            if child["nodeType"] == _ELEMENT and child["localName"] not in _SKIPPED
        ]
