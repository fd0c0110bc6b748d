"""What the report says of each axe-core rule: its axis, the kind of change, and its texts in both languages.

One row for each of the 105 rules of axe-core 4.14; a test holds the table to the vendored release. A title says
what is wrong, a fix what to do about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cynthia_pipeline.audit.report import Axis, FixType
from cynthia_pipeline.messages import Language


class Hurt(StrEnum):
    """Whom a fault hurts and how: many rules share one impact."""

    NAME = "name"
    ROLE = "role"
    STRUCTURE = "structure"
    LANDMARK = "landmark"
    KEYBOARD = "keyboard"
    FORM = "form"
    TABLE = "table"
    FRAME = "frame"
    MEDIA = "media"
    MOVING = "moving"
    SPEECH = "speech"
    SIGHT = "sight"
    ZOOM = "zoom"
    TOUCH = "touch"
    REVIEW = "review"


IMPACTS: Mapping[Language, Mapping[Hurt, str]] = {
    Language.ENGLISH: {
        Hurt.NAME: "People who use a screen reader or voice control are not told what this is and cannot use it.",
        Hurt.ROLE: "Screen readers announce the element wrongly or not at all, so it cannot be relied on.",
        Hurt.STRUCTURE: "People who listen to the page or skim its headings and lists lose their way in it.",
        Hurt.LANDMARK: "People who jump between the regions of a page cannot find this part or land in the wrong one.",
        Hurt.KEYBOARD: "People who use a keyboard or a switch get stuck, skip this part or lose their place.",
        Hurt.FORM: "People cannot tell what to enter, so forms are filled in wrongly or left.",
        Hurt.TABLE: "People who listen to the table cannot tell which heading a cell belongs to.",
        Hurt.FRAME: "People cannot tell what the embedded content is before they step into it.",
        Hurt.MEDIA: "People who cannot hear or see the recording miss what it says, or it drowns their screen reader.",
        Hurt.MOVING: "People who read slowly or are easily distracted lose their place.",
        Hurt.SPEECH: "Screen readers pronounce the text by the wrong language's rules and become hard to follow.",
        Hurt.SIGHT: "People with low vision, and everyone in bright light, cannot read this or tell it apart.",
        Hurt.ZOOM: "People who need larger text or another orientation cannot get it.",
        Hurt.TOUCH: "People with large fingers or unsteady hands miss the control or hit its neighbour.",
        Hurt.REVIEW: "What cannot be seen by the audit may hold faults that nobody has looked for.",
    },
    Language.SPANISH: {
        Hurt.NAME: "Quienes usan lector de pantalla o control por voz no saben qué es esto y no pueden usarlo.",
        Hurt.ROLE: "Los lectores de pantalla anuncian mal el elemento o no lo anuncian, y no se puede confiar en él.",
        Hurt.STRUCTURE: "Quienes escuchan la página o recorren sus títulos y listas se pierden en ella.",
        Hurt.LANDMARK: "Quienes saltan entre las regiones de la página no encuentran esta parte o llegan a otra.",
        Hurt.KEYBOARD: "Quienes usan teclado o pulsador quedan atrapados, se saltan esta parte o pierden su lugar.",
        Hurt.FORM: "La gente no sabe qué escribir, así que los formularios se rellenan mal o se abandonan.",
        Hurt.TABLE: "Quienes escuchan la tabla no saben a qué encabezado pertenece cada celda.",
        Hurt.FRAME: "La gente no sabe qué es el contenido incrustado antes de entrar en él.",
        Hurt.MEDIA: "Quienes no oyen o no ven la grabación se pierden lo que dice, o tapa su lector de pantalla.",
        Hurt.MOVING: "Quienes leen despacio o se distraen con facilidad pierden su lugar.",
        Hurt.SPEECH: "Los lectores de pantalla pronuncian el texto con reglas de otro idioma y cuesta seguirlo.",
        Hurt.SIGHT: "Quienes ven poco, y cualquiera a pleno sol, no pueden leerlo ni distinguirlo.",
        Hurt.ZOOM: "Quienes necesitan texto más grande u otra orientación no pueden obtenerlos.",
        Hurt.TOUCH: "Quienes tienen dedos grandes o poco pulso no aciertan el control o tocan el de al lado.",
        Hurt.REVIEW: "Lo que la auditoría no puede ver quizá tenga fallos que nadie ha buscado.",
    },
}


@dataclass(frozen=True, slots=True)
class AxeText:
    """One rule's row; `title` and `fix` by language."""

    hurt: Hurt
    fix_type: FixType
    en: tuple[str, str]
    es: tuple[str, str]
    axis: Axis = Axis.ACC


_COMPONENT, _CONTENT, _LAYOUT, _TOKEN, _MOTION = (
    FixType.COMPONENT,
    FixType.CONTENT,
    FixType.LAYOUT,
    FixType.TOKEN,
    FixType.MOTION,
)

AXE_TEXTS: Mapping[str, AxeText] = {
    "accesskeys": AxeText(
        Hurt.KEYBOARD,
        _COMPONENT,
        ("The same accesskey is used more than once", "Give each accesskey to one element only, or remove it."),
        ("El mismo accesskey se usa más de una vez", "Da cada accesskey a un solo elemento o quítalo."),
    ),
    "area-alt": AxeText(
        Hurt.NAME,
        _CONTENT,
        ("Area of an image map without a name", "Add an alt text that says where the area leads."),
        ("Zona de un mapa de imagen sin nombre", "Añade un texto alt que diga adónde lleva la zona."),
    ),
    "aria-allowed-attr": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        ("ARIA attribute that the role does not support", "Remove the attribute, or use the role that supports it."),
        ("Atributo ARIA que el rol no admite", "Quita el atributo o usa el rol que lo admite."),
    ),
    "aria-allowed-role": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        ("Role that does not fit the element", "Remove the role, or use an element that allows it."),
        ("Rol que no corresponde al elemento", "Quita el rol o usa un elemento que lo permita."),
    ),
    "aria-braille-equivalent": AxeText(
        Hurt.NAME,
        _COMPONENT,
        (
            "Braille label without a spoken equivalent",
            "Add aria-label or aria-roledescription beside its braille form.",
        ),
        (
            "Etiqueta braille sin equivalente hablado",
            "Añade aria-label o aria-roledescription junto a su forma braille.",
        ),
    ),
    "aria-command-name": AxeText(
        Hurt.NAME,
        _COMPONENT,
        ("Button, link or menu item without a name", "Give it text, or an aria-label that says what it does."),
        ("Botón, enlace u opción de menú sin nombre", "Dale texto o un aria-label que diga qué hace."),
    ),
    "aria-conditional-attr": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        (
            "ARIA attribute used against its role's conditions",
            "Use the native state of the element, or fix the attribute.",
        ),
        (
            "Atributo ARIA usado contra las condiciones de su rol",
            "Usa el estado nativo del elemento o corrige el atributo.",
        ),
    ),
    "aria-deprecated-role": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        ("Deprecated ARIA role", "Replace the role by its successor or by a native element."),
        ("Rol ARIA obsoleto", "Sustituye el rol por su sucesor o por un elemento nativo."),
    ),
    "aria-dialog-name": AxeText(
        Hurt.NAME,
        _COMPONENT,
        ("Dialog without a name", "Point aria-labelledby at the dialog's heading, or add an aria-label."),
        ("Diálogo sin nombre", "Apunta aria-labelledby al título del diálogo o añade un aria-label."),
    ),
    "aria-hidden-body": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        ("The whole page is hidden from screen readers", 'Remove aria-hidden="true" from <body>.'),
        ("Toda la página está oculta a los lectores de pantalla", 'Quita aria-hidden="true" de <body>.'),
    ),
    "aria-hidden-focus": AxeText(
        Hurt.KEYBOARD,
        _COMPONENT,
        ("Hidden from screen readers but reachable by keyboard", "Make it inert, or remove aria-hidden."),
        ("Oculto a los lectores de pantalla pero alcanzable con teclado", "Hazlo inerte o quita aria-hidden."),
    ),
    "aria-input-field-name": AxeText(
        Hurt.FORM,
        _COMPONENT,
        ("Input field without a name", "Label the field with aria-labelledby or aria-label."),
        ("Campo de entrada sin nombre", "Etiqueta el campo con aria-labelledby o aria-label."),
    ),
    "aria-meter-name": AxeText(
        Hurt.NAME,
        _COMPONENT,
        ("Meter without a name", "Add an aria-label that says what is measured."),
        ("Medidor sin nombre", "Añade un aria-label que diga qué se mide."),
    ),
    "aria-progressbar-name": AxeText(
        Hurt.NAME,
        _COMPONENT,
        ("Progress bar without a name", "Add an aria-label that says what is in progress."),
        ("Barra de progreso sin nombre", "Añade un aria-label que diga qué avanza."),
    ),
    "aria-prohibited-attr": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        ("ARIA attribute that the role forbids", "Remove the attribute, or give the element a role that may be named."),
        ("Atributo ARIA que el rol prohíbe", "Quita el atributo o da al elemento un rol que admita nombre."),
    ),
    "aria-required-attr": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        ("Role without the attributes it requires", "Add the required ARIA attributes, or use the native element."),
        ("Rol sin los atributos que exige", "Añade los atributos ARIA exigidos o usa el elemento nativo."),
    ),
    "aria-required-children": AxeText(
        Hurt.STRUCTURE,
        _COMPONENT,
        ("Role without the children it requires", "Put the required roles directly inside, or remove the role."),
        ("Rol sin los hijos que exige", "Coloca dentro los roles exigidos o quita el rol."),
    ),
    "aria-required-parent": AxeText(
        Hurt.STRUCTURE,
        _COMPONENT,
        ("Role outside the parent it requires", "Wrap it in the required role, or remove the role."),
        ("Rol fuera del padre que exige", "Envuélvelo en el rol exigido o quita el rol."),
    ),
    "aria-roledescription": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        ("Role description on an element without a role", "Give the element a role, or remove aria-roledescription."),
        ("Descripción de rol en un elemento sin rol", "Da un rol al elemento o quita aria-roledescription."),
    ),
    "aria-roles": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        ("Role that does not exist", "Use a role of the ARIA specification, or remove it."),
        ("Rol que no existe", "Usa un rol de la especificación ARIA o quítalo."),
    ),
    "aria-tab-name": AxeText(
        Hurt.NAME,
        _COMPONENT,
        ("Tab without a name", "Give the tab text or an aria-label."),
        ("Pestaña sin nombre", "Da texto o un aria-label a la pestaña."),
    ),
    "aria-text": AxeText(
        Hurt.KEYBOARD,
        _COMPONENT,
        ('Focusable element inside role="text"', 'Move the focusable element out, or remove role="text".'),
        ('Elemento enfocable dentro de role="text"', 'Saca el elemento enfocable o quita role="text".'),
    ),
    "aria-toggle-field-name": AxeText(
        Hurt.FORM,
        _COMPONENT,
        ("Switch, checkbox or option without a name", "Label it with text, aria-labelledby or aria-label."),
        ("Interruptor, casilla u opción sin nombre", "Etiquétalo con texto, aria-labelledby o aria-label."),
    ),
    "aria-tooltip-name": AxeText(
        Hurt.NAME,
        _COMPONENT,
        ("Tooltip without text", "Put the tip's text into the tooltip."),
        ("Información emergente sin texto", "Pon el texto dentro de la información emergente."),
    ),
    "aria-treeitem-name": AxeText(
        Hurt.NAME,
        _COMPONENT,
        ("Tree item without a name", "Give the tree item text or an aria-label."),
        ("Elemento de árbol sin nombre", "Da texto o un aria-label al elemento de árbol."),
    ),
    "aria-valid-attr-value": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        ("ARIA attribute with an invalid value", "Set a value that the attribute allows; ids must exist on the page."),
        ("Atributo ARIA con un valor no válido", "Pon un valor que el atributo admita; los id deben existir."),
    ),
    "aria-valid-attr": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        ("ARIA attribute that does not exist", "Correct the attribute's spelling, or remove it."),
        ("Atributo ARIA que no existe", "Corrige el nombre del atributo o quítalo."),
    ),
    "audio-caption": AxeText(
        Hurt.MEDIA,
        _CONTENT,
        ("Audio without captions", "Add a captions track or a transcript."),
        ("Audio sin subtítulos", "Añade una pista de subtítulos o una transcripción."),
    ),
    "autocomplete-valid": AxeText(
        Hurt.FORM,
        _COMPONENT,
        ("autocomplete value that browsers do not understand", "Use one of the standard tokens, such as email or tel."),
        ("Valor de autocomplete que los navegadores no entienden", "Usa un valor estándar, como email o tel."),
    ),
    "avoid-inline-spacing": AxeText(
        Hurt.ZOOM,
        _TOKEN,
        (
            "Text spacing is forced in the element",
            "Take !important off the inline spacing, or move it to a stylesheet.",
        ),
        (
            "El espaciado del texto está forzado",
            "Quita !important del espaciado en línea o pásalo a una hoja de estilo.",
        ),
        Axis.TYP,
    ),
    "blink": AxeText(
        Hurt.MOVING,
        _MOTION,
        ("Blinking text", "Replace <blink> by text that stands still."),
        ("Texto que parpadea", "Sustituye <blink> por texto quieto."),
    ),
    "button-name": AxeText(
        Hurt.NAME,
        _COMPONENT,
        ("Button without a name", "Give the button text, or an aria-label that says what it does."),
        ("Botón sin nombre", "Dale texto al botón o un aria-label que diga qué hace."),
    ),
    "bypass": AxeText(
        Hurt.KEYBOARD,
        _COMPONENT,
        ("No way past the repeated blocks", "Add a <main> landmark, headings or a skip link to the content."),
        ("No hay forma de saltar los bloques repetidos", "Añade <main>, títulos o un enlace que salte al contenido."),
    ),
    "color-contrast-enhanced": AxeText(
        Hurt.SIGHT,
        _TOKEN,
        ("Contrast below the enhanced level", "Raise the contrast to 7:1, or 4.5:1 for large text, where you can."),
        (
            "Contraste por debajo del nivel reforzado",
            "Sube el contraste a 7:1, o 4.5:1 en texto grande, si es posible.",
        ),
        Axis.CLR,
    ),
    "color-contrast": AxeText(
        Hurt.SIGHT,
        _TOKEN,
        ("Text with too little contrast", "Raise the contrast to 4.5:1, or 3:1 for large text."),
        ("Texto con poco contraste", "Sube el contraste a 4.5:1, o 3:1 en texto grande."),
        Axis.CLR,
    ),
    "css-orientation-lock": AxeText(
        Hurt.ZOOM,
        _LAYOUT,
        ("The page is locked to one orientation", "Remove the rotation from the orientation media query."),
        ("La página está fija en una orientación", "Quita la rotación de la media query de orientación."),
        Axis.RSP,
    ),
    "definition-list": AxeText(
        Hurt.STRUCTURE,
        _COMPONENT,
        ("Description list with foreign children", "Keep only <dt>, <dd> and <div> groups directly inside <dl>."),
        ("Lista de descripción con hijos ajenos", "Deja solo <dt>, <dd> y grupos <div> dentro de <dl>."),
    ),
    "dlitem": AxeText(
        Hurt.STRUCTURE,
        _COMPONENT,
        ("<dt> or <dd> outside a <dl>", "Wrap the terms and descriptions in a <dl>."),
        ("<dt> o <dd> fuera de un <dl>", "Envuelve los términos y descripciones en un <dl>."),
    ),
    "document-title": AxeText(
        Hurt.STRUCTURE,
        _CONTENT,
        ("The page has no title", "Add a <title> that names the page and the site."),
        ("La página no tiene título", "Añade un <title> que nombre la página y el sitio."),
    ),
    "duplicate-id-active": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        ("Two controls share one id", "Give each control an id of its own."),
        ("Dos controles comparten un id", "Da a cada control un id propio."),
    ),
    "duplicate-id-aria": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        ("An id that labels refer to exists twice", "Give each referenced element an id of its own."),
        ("Un id al que se refieren etiquetas existe dos veces", "Da a cada elemento referido un id propio."),
    ),
    "duplicate-id": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        ("The same id is used twice", "Give each element an id of its own."),
        ("El mismo id se usa dos veces", "Da a cada elemento un id propio."),
    ),
    "empty-heading": AxeText(
        Hurt.STRUCTURE,
        _CONTENT,
        ("Empty heading", "Put the section's title into the heading, or remove it."),
        ("Título vacío", "Pon el título de la sección en él o quítalo."),
    ),
    "empty-table-header": AxeText(
        Hurt.TABLE,
        _CONTENT,
        ("Table header without text", "Name the column or row in the header, or make the cell a <td>."),
        ("Encabezado de tabla sin texto", "Nombra la columna o fila, o convierte la celda en <td>."),
    ),
    "focus-order-semantics": AxeText(
        Hurt.KEYBOARD,
        _COMPONENT,
        ("Focusable element without an interactive role", "Use a native control, or take it out of the focus order."),
        ("Elemento enfocable sin rol interactivo", "Usa un control nativo o sácalo del orden de foco."),
    ),
    "form-field-multiple-labels": AxeText(
        Hurt.FORM,
        _COMPONENT,
        ("Field with more than one label", "Keep one <label>; put hints into aria-describedby."),
        ("Campo con más de una etiqueta", "Deja un solo <label>; pon las ayudas en aria-describedby."),
    ),
    "frame-focusable-content": AxeText(
        Hurt.KEYBOARD,
        _COMPONENT,
        ("Frame that the keyboard cannot enter", 'Remove tabindex="-1" from the frame.'),
        ("Marco al que el teclado no puede entrar", 'Quita tabindex="-1" del marco.'),
    ),
    "frame-tested": AxeText(
        Hurt.REVIEW,
        _COMPONENT,
        ("Frame that the audit could not look into", "Audit the embedded page by its own address."),
        ("Marco que la auditoría no pudo examinar", "Audita la página incrustada por su propia dirección."),
    ),
    "frame-title-unique": AxeText(
        Hurt.FRAME,
        _CONTENT,
        ("Two frames with the same title", "Give each frame a title of its own."),
        ("Dos marcos con el mismo título", "Da a cada marco un título propio."),
    ),
    "frame-title": AxeText(
        Hurt.FRAME,
        _CONTENT,
        ("Frame without a title", "Add a title attribute that says what the frame shows."),
        ("Marco sin título", "Añade un atributo title que diga qué muestra el marco."),
    ),
    "heading-order": AxeText(
        Hurt.STRUCTURE,
        _COMPONENT,
        ("Heading level skipped", "Use the next level after the heading above, and style it as wanted."),
        ("Nivel de título saltado", "Usa el nivel que sigue al título anterior y dale el estilo deseado."),
    ),
    "hidden-content": AxeText(
        Hurt.REVIEW,
        _COMPONENT,
        ("Hidden content was not audited", "Open the hidden part and audit the page again."),
        ("Hay contenido oculto sin auditar", "Abre la parte oculta y audita la página de nuevo."),
    ),
    "html-has-lang": AxeText(
        Hurt.SPEECH,
        _COMPONENT,
        ("The page does not say its language", 'Add lang to <html>, such as <html lang="en">.'),
        ("La página no dice su idioma", 'Añade lang a <html>, como <html lang="es">.'),
    ),
    "html-lang-valid": AxeText(
        Hurt.SPEECH,
        _COMPONENT,
        ("The page's language code is not valid", "Use a code of BCP 47, such as en or es-MX."),
        ("El código de idioma de la página no es válido", "Usa un código BCP 47, como es o es-MX."),
    ),
    "html-xml-lang-mismatch": AxeText(
        Hurt.SPEECH,
        _COMPONENT,
        ("lang and xml:lang disagree", "Give both attributes the same language, or drop xml:lang."),
        ("lang y xml:lang no coinciden", "Pon el mismo idioma en ambos o quita xml:lang."),
    ),
    "identical-links-same-purpose": AxeText(
        Hurt.NAME,
        _CONTENT,
        ("Links of the same name lead to different places", "Give each link a name that says where it leads."),
        ("Enlaces con el mismo nombre llevan a sitios distintos", "Da a cada enlace un nombre que diga adónde lleva."),
    ),
    "image-alt": AxeText(
        Hurt.NAME,
        _CONTENT,
        (
            "Image without a text alternative",
            'Add an alt text that says what the image tells; alt="" if it is decoration.',
        ),
        ("Imagen sin texto alternativo", 'Añade un alt que diga lo que cuenta la imagen; alt="" si es decoración.'),
    ),
    "image-redundant-alt": AxeText(
        Hurt.NAME,
        _CONTENT,
        ("The image's alt text repeats the text beside it", 'Set alt="", since the text already says it.'),
        ("El alt de la imagen repite el texto de al lado", 'Pon alt="", pues el texto ya lo dice.'),
    ),
    "input-button-name": AxeText(
        Hurt.NAME,
        _COMPONENT,
        ("Input button without a name", "Give it a value that says what it does."),
        ("Botón de formulario sin nombre", "Dale un value que diga qué hace."),
    ),
    "input-image-alt": AxeText(
        Hurt.NAME,
        _CONTENT,
        ("Image button without a name", "Add an alt text that says what the button does."),
        ("Botón de imagen sin nombre", "Añade un alt que diga qué hace el botón."),
    ),
    "label-content-name-mismatch": AxeText(
        Hurt.NAME,
        _COMPONENT,
        ("The spoken name differs from the visible text", "Begin the accessible name with the visible text."),
        ("El nombre hablado difiere del texto visible", "Empieza el nombre accesible con el texto visible."),
    ),
    "label-title-only": AxeText(
        Hurt.FORM,
        _COMPONENT,
        ("Field labelled by its tooltip only", "Add a visible <label>."),
        ("Campo etiquetado solo por su información emergente", "Añade un <label> visible."),
    ),
    "label": AxeText(
        Hurt.FORM,
        _COMPONENT,
        ("Form field without a label", "Connect a <label> with the field by for and id."),
        ("Campo de formulario sin etiqueta", "Conecta un <label> con el campo mediante for e id."),
    ),
    "landmark-banner-is-top-level": AxeText(
        Hurt.LANDMARK,
        _LAYOUT,
        ("Banner inside another landmark", "Move the site header out to the top level of <body>."),
        ("Cabecera dentro de otra región", "Saca la cabecera del sitio al primer nivel de <body>."),
    ),
    "landmark-complementary-is-top-level": AxeText(
        Hurt.LANDMARK,
        _LAYOUT,
        ("<aside> inside another landmark", "Move the <aside> to the top level of <body>."),
        ("<aside> dentro de otra región", "Saca el <aside> al primer nivel de <body>."),
    ),
    "landmark-contentinfo-is-top-level": AxeText(
        Hurt.LANDMARK,
        _LAYOUT,
        ("Footer inside another landmark", "Move the site footer out to the top level of <body>."),
        ("Pie dentro de otra región", "Saca el pie del sitio al primer nivel de <body>."),
    ),
    "landmark-main-is-top-level": AxeText(
        Hurt.LANDMARK,
        _LAYOUT,
        ("<main> inside another landmark", "Move <main> to the top level of <body>."),
        ("<main> dentro de otra región", "Saca <main> al primer nivel de <body>."),
    ),
    "landmark-no-duplicate-banner": AxeText(
        Hurt.LANDMARK,
        _COMPONENT,
        ("More than one banner", "Keep one site header; make the others plain sections."),
        ("Más de una cabecera", "Deja una cabecera del sitio; haz de las otras secciones simples."),
    ),
    "landmark-no-duplicate-contentinfo": AxeText(
        Hurt.LANDMARK,
        _COMPONENT,
        ("More than one site footer", "Keep one site footer; make the others plain sections."),
        ("Más de un pie de sitio", "Deja un pie del sitio; haz de los otros secciones simples."),
    ),
    "landmark-no-duplicate-main": AxeText(
        Hurt.LANDMARK,
        _COMPONENT,
        ("More than one <main>", "Keep one <main> for the page's content."),
        ("Más de un <main>", "Deja un solo <main> para el contenido de la página."),
    ),
    "landmark-one-main": AxeText(
        Hurt.LANDMARK,
        _COMPONENT,
        ("The page has no <main>", "Wrap the page's content in <main>."),
        ("La página no tiene <main>", "Envuelve el contenido de la página en <main>."),
    ),
    "landmark-unique": AxeText(
        Hurt.LANDMARK,
        _COMPONENT,
        ("Landmarks that cannot be told apart", "Name each with an aria-label of its own."),
        ("Regiones que no se distinguen", "Nombra cada una con un aria-label propio."),
    ),
    "link-in-text-block": AxeText(
        Hurt.SIGHT,
        _TOKEN,
        ("Link in text told apart by colour alone", "Underline links within text."),
        ("Enlace en el texto que solo se distingue por el color", "Subraya los enlaces dentro del texto."),
        Axis.CLR,
    ),
    "link-name": AxeText(
        Hurt.NAME,
        _CONTENT,
        ("Link without a name", "Give the link text, or its image an alt text, that says where it leads."),
        ("Enlace sin nombre", "Dale texto al enlace, o un alt a su imagen, que diga adónde lleva."),
    ),
    "list": AxeText(
        Hurt.STRUCTURE,
        _COMPONENT,
        ("List with foreign children", "Keep only <li> elements directly inside the list."),
        ("Lista con hijos ajenos", "Deja solo elementos <li> directamente dentro de la lista."),
    ),
    "listitem": AxeText(
        Hurt.STRUCTURE,
        _COMPONENT,
        ("<li> outside a list", "Wrap the items in <ul> or <ol>."),
        ("<li> fuera de una lista", "Envuelve los elementos en <ul> u <ol>."),
    ),
    "marquee": AxeText(
        Hurt.MOVING,
        _MOTION,
        ("Scrolling <marquee> text", "Replace <marquee> by text that stands still."),
        ("Texto en movimiento con <marquee>", "Sustituye <marquee> por texto quieto."),
    ),
    "meta-refresh-no-exceptions": AxeText(
        Hurt.MOVING,
        _COMPONENT,
        ("The page reloads by itself", "Remove the meta refresh; let people reload when they want."),
        ("La página se recarga sola", "Quita el meta refresh; deja que la gente recargue cuando quiera."),
    ),
    "meta-refresh": AxeText(
        Hurt.MOVING,
        _COMPONENT,
        ("The page moves on after a delay", "Remove the meta refresh, or redirect on the server."),
        ("La página cambia sola tras un tiempo", "Quita el meta refresh o redirige en el servidor."),
    ),
    "meta-viewport-large": AxeText(
        Hurt.ZOOM,
        _COMPONENT,
        ("Zoom is limited below 500 %", "Remove maximum-scale from the viewport meta tag."),
        ("El zoom está limitado a menos del 500 %", "Quita maximum-scale de la etiqueta meta viewport."),
        Axis.RSP,
    ),
    "meta-viewport": AxeText(
        Hurt.ZOOM,
        _COMPONENT,
        ("Zooming is disabled", "Remove user-scalable=no and maximum-scale from the viewport meta tag."),
        ("El zoom está desactivado", "Quita user-scalable=no y maximum-scale de la etiqueta meta viewport."),
        Axis.RSP,
    ),
    "nested-interactive": AxeText(
        Hurt.KEYBOARD,
        _COMPONENT,
        ("Control inside another control", "Take the inner control out, or remove the outer one's role."),
        ("Control dentro de otro control", "Saca el control interior o quita el rol del exterior."),
    ),
    "no-autoplay-audio": AxeText(
        Hurt.MEDIA,
        _MOTION,
        ("Sound that starts by itself", "Remove autoplay, mute it, or offer a control that stops it."),
        ("Sonido que empieza solo", "Quita autoplay, siléncialo u ofrece un control que lo pare."),
    ),
    "object-alt": AxeText(
        Hurt.NAME,
        _CONTENT,
        ("<object> without a text alternative", "Add an aria-label or a title that says what it shows."),
        ("<object> sin texto alternativo", "Añade un aria-label o title que diga qué muestra."),
    ),
    "p-as-heading": AxeText(
        Hurt.STRUCTURE,
        _COMPONENT,
        ("Paragraph styled as a heading", "Use a heading element of the right level."),
        ("Párrafo con aspecto de título", "Usa un elemento de título del nivel correcto."),
    ),
    "page-has-heading-one": AxeText(
        Hurt.STRUCTURE,
        _CONTENT,
        ("The page has no first-level heading", "Make the page's main title an <h1>."),
        ("La página no tiene título de primer nivel", "Haz que el título principal sea un <h1>."),
    ),
    "presentation-role-conflict": AxeText(
        Hurt.ROLE,
        _COMPONENT,
        ("Marked as decoration and yet announced", "Remove the role, or what makes it focusable or named."),
        ("Marcado como decoración y aun así anunciado", "Quita el rol o lo que le da foco o nombre."),
    ),
    "region": AxeText(
        Hurt.LANDMARK,
        _LAYOUT,
        ("Content outside all landmarks", "Put it into <header>, <nav>, <main>, <aside> or <footer>."),
        ("Contenido fuera de toda región", "Ponlo dentro de <header>, <nav>, <main>, <aside> o <footer>."),
    ),
    "role-img-alt": AxeText(
        Hurt.NAME,
        _CONTENT,
        ("Image role without a name", "Add an aria-label that says what the image tells."),
        ("Rol de imagen sin nombre", "Añade un aria-label que diga lo que cuenta la imagen."),
    ),
    "scope-attr-valid": AxeText(
        Hurt.TABLE,
        _COMPONENT,
        ("Table scope used wrongly", "Use scope on <th> only, with row, col, rowgroup or colgroup."),
        ("scope de tabla mal usado", "Usa scope solo en <th>, con row, col, rowgroup o colgroup."),
    ),
    "scrollable-region-focusable": AxeText(
        Hurt.KEYBOARD,
        _COMPONENT,
        ("Scrollable area that the keyboard cannot scroll", 'Add tabindex="0", a role and a name to the area.'),
        ("Zona desplazable que el teclado no puede desplazar", 'Añade tabindex="0", un rol y un nombre a la zona.'),
    ),
    "select-name": AxeText(
        Hurt.FORM,
        _COMPONENT,
        ("Drop-down list without a label", "Connect a <label> with the list by for and id."),
        ("Lista desplegable sin etiqueta", "Conecta un <label> con la lista mediante for e id."),
    ),
    "server-side-image-map": AxeText(
        Hurt.KEYBOARD,
        _COMPONENT,
        ("Image map that only a mouse can use", "Replace ismap by a client-side map or plain links."),
        ("Mapa de imagen que solo usa el ratón", "Sustituye ismap por un mapa del cliente o enlaces simples."),
    ),
    "skip-link": AxeText(
        Hurt.KEYBOARD,
        _COMPONENT,
        ("Skip link that leads nowhere", "Point it at an id that exists and can take the focus."),
        ("Enlace de salto que no lleva a nada", "Apúntalo a un id que exista y pueda recibir el foco."),
    ),
    "summary-name": AxeText(
        Hurt.NAME,
        _CONTENT,
        ("Disclosure without a name", "Put text into <summary> that says what opens."),
        ("Desplegable sin nombre", "Pon en <summary> un texto que diga qué se abre."),
    ),
    "svg-img-alt": AxeText(
        Hurt.NAME,
        _CONTENT,
        ("SVG image without a text alternative", "Add a <title> or an aria-label to the SVG."),
        ("Imagen SVG sin texto alternativo", "Añade un <title> o un aria-label al SVG."),
    ),
    "tabindex": AxeText(
        Hurt.KEYBOARD,
        _COMPONENT,
        ("tabindex above zero", "Set tabindex to 0 and order the elements in the source."),
        ("tabindex mayor que cero", "Pon tabindex en 0 y ordena los elementos en el código."),
    ),
    "table-duplicate-name": AxeText(
        Hurt.TABLE,
        _CONTENT,
        ("The table's summary repeats its caption", "Keep the caption and remove the summary."),
        ("El resumen de la tabla repite su título", "Deja el título y quita el resumen."),
    ),
    "table-fake-caption": AxeText(
        Hurt.TABLE,
        _COMPONENT,
        ("A cell serves as the table's caption", "Use <caption> for the table's title."),
        ("Una celda hace de título de la tabla", "Usa <caption> para el título de la tabla."),
    ),
    "target-size": AxeText(
        Hurt.TOUCH,
        _LAYOUT,
        ("Touch target below 24 × 24 px", "Make the target 24 × 24 px at least, or leave that much room around it."),
        ("Zona táctil menor de 24 × 24 px", "Haz la zona de 24 × 24 px como mínimo o deja ese espacio alrededor."),
    ),
    "td-has-header": AxeText(
        Hurt.TABLE,
        _COMPONENT,
        ("Data cell without a header", "Add <th> headers with scope to the table."),
        ("Celda de datos sin encabezado", "Añade encabezados <th> con scope a la tabla."),
    ),
    "td-headers-attr": AxeText(
        Hurt.TABLE,
        _COMPONENT,
        ("headers attribute points at the wrong cells", "Refer only to ids of <th> cells of the same table."),
        ("El atributo headers apunta a celdas equivocadas", "Refiérete solo a id de celdas <th> de la misma tabla."),
    ),
    "th-has-data-cells": AxeText(
        Hurt.TABLE,
        _COMPONENT,
        ("Table header without data cells", "Give the header cells to describe, or make it a <td>."),
        ("Encabezado de tabla sin celdas de datos", "Dale celdas que describir o conviértelo en <td>."),
    ),
    "valid-lang": AxeText(
        Hurt.SPEECH,
        _COMPONENT,
        ("Part of the page with an invalid language code", "Use a code of BCP 47 in the lang attribute."),
        ("Parte de la página con un código de idioma no válido", "Usa un código BCP 47 en el atributo lang."),
    ),
    "video-caption": AxeText(
        Hurt.MEDIA,
        _CONTENT,
        ("Video without captions", 'Add a <track kind="captions"> with the spoken words.'),
        ("Vídeo sin subtítulos", 'Añade un <track kind="captions"> con lo que se dice.'),
    ),
}
