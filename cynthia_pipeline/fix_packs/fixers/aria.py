"""The closed lists of ARIA 1.2 and of HTML that mends of misspelt values choose from."""

from collections.abc import Mapping
from typing import Final

ROLES: Final = (
    "alert", "alertdialog", "application", "article", "banner", "blockquote", "button", "caption", "cell",
    "checkbox", "code", "columnheader", "combobox", "complementary", "contentinfo", "definition", "dialog",
    "document", "feed", "figure", "form", "grid", "gridcell", "group", "heading", "img", "link", "list",
    "listbox", "listitem", "log", "main", "marquee", "math", "menu", "menubar", "menuitem", "menuitemcheckbox",
    "menuitemradio", "meter", "navigation", "note", "option", "progressbar", "radio", "radiogroup", "region",
    "row", "rowgroup", "rowheader", "scrollbar", "search", "searchbox", "separator", "slider", "spinbutton",
    "status", "switch", "tab", "table", "tablist", "tabpanel", "term", "textbox", "timer", "toolbar", "tooltip",
    "tree", "treegrid", "treeitem",
)  # fmt: skip
"""WAI-ARIA 1.2, section 5.4, without the abstract ones and those that take a meaning away."""

ATTRIBUTES: Final = (
    "aria-activedescendant", "aria-atomic", "aria-autocomplete", "aria-busy", "aria-checked", "aria-colcount",
    "aria-colindex", "aria-colspan", "aria-controls", "aria-current", "aria-describedby", "aria-details",
    "aria-disabled", "aria-errormessage", "aria-expanded", "aria-haspopup", "aria-hidden", "aria-invalid",
    "aria-keyshortcuts", "aria-label", "aria-labelledby", "aria-level", "aria-live", "aria-modal",
    "aria-multiline", "aria-multiselectable", "aria-orientation", "aria-owns", "aria-placeholder", "aria-posinset",
    "aria-pressed", "aria-readonly", "aria-relevant", "aria-required", "aria-roledescription", "aria-rowcount",
    "aria-rowindex", "aria-rowspan", "aria-selected", "aria-setsize", "aria-sort", "aria-valuemax", "aria-valuemin",
    "aria-valuenow", "aria-valuetext",
)  # fmt: skip
"""WAI-ARIA 1.2, section 6."""

VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(
        ("aria-atomic", "aria-busy", "aria-disabled", "aria-modal", "aria-multiline", "aria-multiselectable",
         "aria-readonly", "aria-required", "aria-expanded", "aria-selected", "aria-hidden"),
        ("true", "false"),
    ),
    **dict.fromkeys(("aria-checked", "aria-pressed"), ("true", "false", "mixed")),
    "aria-current": ("page", "step", "location", "date", "time", "true", "false"),
    "aria-haspopup": ("true", "false", "menu", "listbox", "tree", "grid", "dialog"),
    "aria-invalid": ("true", "false", "grammar", "spelling"),
    "aria-live": ("polite", "assertive", "off"),
    "aria-orientation": ("horizontal", "vertical"),
    "aria-sort": ("ascending", "descending", "none", "other"),
    "aria-autocomplete": ("inline", "list", "both", "none"),
}  # fmt: skip
"""What attributes with a closed set of values take."""

MEANT: Final[Mapping[str, str]] = {
    "yes": "true", "1": "true", "on": "true", "": "false", "no": "false", "0": "false",
}  # fmt: skip
"""What authors write for true and false."""

REQUIRED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "checkbox": (("aria-checked", "false"),),
    "switch": (("aria-checked", "false"),),
    "radio": (("aria-checked", "false"),),
    "menuitemcheckbox": (("aria-checked", "false"),),
    "menuitemradio": (("aria-checked", "false"),),
    "combobox": (("aria-expanded", "false"),),
    "heading": (("aria-level", "2"),),
    "slider": (("aria-valuenow", "0"),),
    "scrollbar": (("aria-valuenow", "0"),),
    "meter": (("aria-valuenow", "0"),),
    "separator": (("aria-valuenow", "0"),),
}
"""States that a role cannot do without (WAI-ARIA 1.2), with the value of one that nobody has touched yet."""

AUTOCOMPLETE: Final = (
    "name", "honorific-prefix", "given-name", "additional-name", "family-name", "nickname", "username", "new-password",
    "current-password", "one-time-code", "organization-title", "organization", "street-address", "address-line1",
    "address-line2", "address-level2", "address-level1", "country", "country-name", "postal-code", "cc-name",
    "cc-number", "cc-exp", "cc-csc", "bday", "sex", "url", "photo", "tel", "email",
)  # fmt: skip
"""HTML, section 4.10.18.7, autofill field names."""
