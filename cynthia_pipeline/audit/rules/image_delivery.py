"""How image files fit the boxes they are shown in, and when they are loaded."""

from collections.abc import Callable, Iterator

from cynthia_pipeline.audit.artifacts import Element, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.content import ImageFacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number

_VECTOR = frozenset({"svg"})
_MODERN = frozenset({"webp", "avif", "jxl"}) | _VECTOR
_OLD = frozenset({"jpg", "jpeg", "png", "bmp", "tif", "tiff"})

_RATIO_SLACK, _PIXEL_SLACK = 0.05, 2.0
"""Share and px by which a shown ratio may differ: rounding, and what no eye sees."""

_DENSE = 2.0
"""Screen px for each CSS px that a file has to serve: a larger file is wasted on nearly every desktop screen."""

_WASTE_SLACK = 1.25
_WASTE_BYTES = 12_288
"""Lighthouse's threshold for images that come in several sizes, bytes."""

_BLURRED = 0.75
"""Share of the shown px that a file must have on an ordinary screen (Lighthouse image-size-responsive)."""

_SMALL = 24.0
"""px; smaller images move and cost nothing to speak of."""

_LARGE_AREA = 10_000.0
_FAR_BELOW = 2
"""Heights of the view below which an image is for later."""

_WEIGHTY = 51_200


def _shown(view: ViewportArtifacts) -> Iterator[tuple[ImageFacts, Element]]:
    for image in view.content.images:
        if image.width >= _SMALL and image.height >= _SMALL:
            yield image, view.elements[image.element]


def _size(width: float, height: float) -> str:
    return f"{number(width, 0)} × {number(height, 0)} px"


def _kb(count: float) -> str:
    return f"{number(count / 1024, 0)} KiB"


def _check_ratio(view: ViewportArtifacts) -> Verdict:
    images = [pair for pair in _shown(view) if pair[0].fit == "fill" and pair[0].format not in _VECTOR]
    findings = []
    for image, element in images:
        undistorted = image.width * image.natural_height / image.natural_width
        off = abs(image.height - undistorted)
        if off <= max(_PIXEL_SLACK, _RATIO_SLACK * undistorted):
            continue
        facts = {
            "measured": number(image.width / image.height),
            "wanted": number(image.natural_width / image.natural_height),
            "shown": _size(image.width, image.height),
        }
        cause = f"{facts['measured']} for {facts['wanted']}"
        findings.append(
            Finding(Severity.MINOR, cause, facts, element, before="object-fit: fill", after="object-fit: cover")
        )
    return Verdict(len(images), tuple(findings))


def _check_oversize(view: ViewportArtifacts) -> Verdict:
    images = [pair for pair in _shown(view) if pair[0].density > 0 and pair[0].format not in _VECTOR]
    findings = []
    for image, element in images:
        width, height = image.natural_width * image.density, image.natural_height * image.density
        useful_width, useful_height = image.width * _DENSE, image.height * _DENSE
        if width <= useful_width * _WASTE_SLACK or height <= useful_height * _WASTE_SLACK or not image.bytes:
            continue
        wasted = image.bytes * (1 - min(1.0, (useful_width * useful_height) / (width * height)))
        if wasted < _WASTE_BYTES:
            continue
        facts = {
            "measured": _size(width, height),
            "wanted": _size(useful_width, useful_height),
            "shown": _size(image.width, image.height),
            "wasted": _kb(wasted),
        }
        findings.append(
            Finding(Severity.MINOR, "oversize", facts, element, before=facts["measured"], after=facts["wanted"])
        )
    return Verdict(len(images), tuple(findings))


def _check_blurred(view: ViewportArtifacts) -> Verdict:
    images = [
        pair
        for pair in _shown(view)
        if pair[0].density > 0
        and pair[0].format not in _VECTOR
        and pair[0].rendering not in ("pixelated", "crisp-edges")
        and pair[0].fit in ("fill", "cover")
    ]
    findings = []
    for image, element in images:
        width, height = image.natural_width * image.density, image.natural_height * image.density
        if width >= image.width * _BLURRED or height >= image.height * _BLURRED or min(width, height) <= 2:
            continue
        facts = {"measured": _size(width, height), "shown": _size(image.width, image.height)}
        facts["wanted"] = _size(image.width * _DENSE, image.height * _DENSE)
        findings.append(
            Finding(Severity.MINOR, "blurred", facts, element, before=facts["measured"], after=facts["wanted"])
        )
    return Verdict(len(images), tuple(findings))


def _check_sized(view: ViewportArtifacts) -> Verdict:
    images = list(_shown(view))
    findings = []
    for image, element in images:
        if image.is_sized:
            continue
        size = f'width="{number(image.natural_width, 0)}" height="{number(image.natural_height, 0)}"'
        facts = {"shown": _size(image.width, image.height), "wanted": size}
        findings.append(Finding(Severity.MINOR, "unsized", facts, element, before="<img …>", after=f"<img {size} …>"))
    return Verdict(len(images), tuple(findings))


def _check_lazy_first(view: ViewportArtifacts) -> Verdict:
    images = [
        pair for pair in _shown(view) if pair[1].rect.area >= _LARGE_AREA and _middle(pair[1]) < view.viewport.height
    ]
    findings = [
        Finding(
            Severity.MINOR,
            "lazy",
            {"shown": _size(image.width, image.height), "top": f"{number(element.rect.y, 0)} px"},
            element,
            before='loading="lazy"',
            after='fetchpriority="high"',
        )
        for image, element in images
        if element.attributes.get("loading", "").lower() == "lazy"
    ]
    return Verdict(len(images), tuple(findings))


def _check_eager(view: ViewportArtifacts) -> Verdict:
    images = [pair for pair in _shown(view) if pair[1].rect.y > _FAR_BELOW * view.viewport.height]
    images = [pair for pair in images if not pair[0].source.startswith("data:")]
    eager = [pair for pair in images if pair[1].attributes.get("loading", "").lower() != "lazy"]
    total = sum(image.bytes for image, _ in eager)
    findings = [
        Finding(
            Severity.MINOR if total >= 2 * _WEIGHTY else Severity.INFO,
            "eager",
            {"count": str(len(eager)), "wasted": _kb(total) if total else "–"},
            element,
            before="<img …>",
            after='<img loading="lazy" …>',
        )
        for _, element in eager
    ]
    return Verdict(len(images), tuple(findings))


def _middle(element: Element) -> float:
    return element.rect.y + min(element.rect.height, 200) / 2


def _check_format(view: ViewportArtifacts) -> Verdict:
    images = [pair for pair in _shown(view) if pair[0].format in _MODERN | _OLD]
    findings = [
        Finding(Severity.INFO, image.format, {"format": image.format.upper(), "weight": _kb(image.bytes)}, element)
        for image, element in images
        if image.format in _OLD and image.bytes >= _WEIGHTY
    ]
    return Verdict(len(images), tuple(findings))


def _rule(
    rule_id: str,
    facts: tuple[str, str, FixType],
    check: Callable[[ViewportArtifacts], Verdict],
    texts: tuple[Texts, Texts],
    views: tuple[Viewport, ...] = (Viewport.DESKTOP,),
) -> Rule:
    source, measures, fix_type = facts
    return Rule(rule_id, Axis.IMG, fix_type, source, measures, bilingual(*texts), check, views)


RULES = (
    _rule(
        "img-ratio",
        ("Lighthouse image-aspect-ratio", "width over height as shown and as in the file", FixType.LAYOUT),
        _check_ratio,
        (
            Texts(
                "The image is distorted",
                "It is shown at {shown}, a ratio of {measured}; the file's own is {wanted}.",
                "A picture that is stretched in one direction looks like a mistake.",
                "People and products look squashed, and the page unfinished.",
                "Set height: auto, or object-fit: cover to cut the image instead of stretching it.",
            ),
            Texts(
                "La imagen está deformada",
                "Se muestra a {shown}, una proporción de {measured}; la del archivo es {wanted}.",
                "Una imagen estirada en una dirección parece un error.",
                "Personas y productos se ven aplastados, y la página, inacabada.",
                "Pon height: auto, u object-fit: cover para recortarla en vez de estirarla.",
            ),
        ),
        (Viewport.DESKTOP, Viewport.MOBILE),
    ),
    _rule(
        "img-oversize",
        ("Lighthouse uses-responsive-images", "px of the file beyond twice the px shown, and bytes", FixType.COMPONENT),
        _check_oversize,
        (
            Texts(
                "The image file is larger than it is shown: {wasted} wasted",
                "The file has {measured} and is shown at {shown}; {wanted} serve a screen of double density.",
                "Every pixel beyond what a dense screen can show is loaded for nothing.",
                "The page loads later, and visitors on mobile data pay for it.",
                "Export the image at {wanted}, or offer smaller files with srcset and sizes.",
            ),
            Texts(
                "El archivo de imagen es mayor de lo que se muestra: sobran {wasted}",
                "El archivo mide {measured} y se muestra a {shown}; {wanted} bastan para doble densidad.",
                "Cada píxel que una pantalla densa no puede mostrar se descarga en vano.",
                "La página carga más tarde, y quien navega con datos móviles lo paga.",
                "Exporta la imagen a {wanted} u ofrece archivos menores con srcset y sizes.",
            ),
        ),
    ),
    _rule(
        "img-blurred",
        ("Lighthouse image-size-responsive", "px of the file over px shown", FixType.CONTENT),
        _check_blurred,
        (
            Texts(
                "The image is enlarged and looks blurred",
                "The file has {measured} and is shown at {shown}.",
                "A picture shown larger than its file is blurred on every screen.",
                "The page looks careless, and details cannot be made out.",
                "Use a file of {wanted}, or show the image smaller.",
            ),
            Texts(
                "La imagen está ampliada y se ve borrosa",
                "El archivo mide {measured} y se muestra a {shown}.",
                "Una imagen mostrada más grande que su archivo se ve borrosa en cualquier pantalla.",
                "La página parece descuidada y los detalles no se distinguen.",
                "Usa un archivo de {wanted} o muestra la imagen más pequeña.",
            ),
        ),
    ),
    _rule(
        "img-unsized",
        (
            "Lighthouse unsized-images; HTML Living Standard, dimension attributes",
            "images whose box waits for the file, count",
            FixType.COMPONENT,
        ),
        _check_sized,
        (
            Texts(
                "The layout does not keep a place for the image",
                "The image takes {shown} only once it is loaded: neither its attributes nor its CSS give its shape.",
                "What follows moves down when the image arrives.",
                "Visitors lose the line they read, or press what has moved under their finger.",
                "Add {wanted} to the tag; CSS may still scale it.",
            ),
            Texts(
                "La maquetación no reserva sitio para la imagen",
                "La imagen ocupa {shown} solo cuando ha cargado: ni sus atributos ni su CSS dan su forma.",
                "Lo que sigue se desplaza cuando llega la imagen.",
                "Los visitantes pierden la línea que leían o pulsan lo que se movió bajo su dedo.",
                "Añade {wanted} a la etiqueta; el CSS puede seguir escalándola.",
            ),
        ),
    ),
    _rule(
        "img-lazy-first-view",
        ("Lighthouse lcp-lazy-loaded", "large images of the first view with loading=lazy, count", FixType.COMPONENT),
        _check_lazy_first,
        (
            Texts(
                "An image of the first view is loaded late",
                "The image, {shown}, begins {top} from the top, and its tag says loading=lazy.",
                "A lazy image is asked for only after the layout is known; in the first view that is a delay.",
                "Visitors look at an empty place first.",
                'Remove loading="lazy" here, and add fetchpriority="high" to the most important image.',
            ),
            Texts(
                "Una imagen de la primera vista carga tarde",
                "La imagen, {shown}, empieza a {top} del borde superior y su etiqueta dice loading=lazy.",
                "Una imagen diferida se pide cuando ya se conoce la maquetación; en la primera vista es un retraso.",
                "Los visitantes ven primero un hueco.",
                'Quita aquí loading="lazy" y añade fetchpriority="high" a la imagen más importante.',
            ),
        ),
    ),
    _rule(
        "img-eager-below",
        (
            "web.dev, browser-level lazy loading",
            "images two views below the first without loading=lazy, count",
            FixType.COMPONENT,
        ),
        _check_eager,
        (
            Texts(
                "{count} images far below are loaded at once",
                "{count} images ({wasted}) lie more than two views down and do not say loading=lazy.",
                "They compete for the connection with what visitors see first.",
                "The first view is complete later than it could be.",
                'Add loading="lazy" to these images.',
            ),
            Texts(
                "{count} imágenes de más abajo se cargan de inmediato",
                "{count} imágenes ({wasted}) están a más de dos vistas y no dicen loading=lazy.",
                "Compiten por la conexión con lo que el visitante ve primero.",
                "La primera vista se completa más tarde de lo posible.",
                'Añade loading="lazy" a estas imágenes.',
            ),
        ),
    ),
    _rule(
        "img-format",
        (
            "Google WebP compression study: 25–34 % smaller than JPEG at equal SSIM",
            "bytes of JPEG and PNG files",
            FixType.COMPONENT,
        ),
        _check_format,
        (
            Texts(
                "{format} of {weight} where WebP or AVIF would be smaller",
                "The file is a {format} of {weight}.",
                "WebP and AVIF are understood by every current browser and smaller at the same quality.",
                "The page takes longer to load than it must.",
                "Save it as WebP or AVIF too, and offer it in a <picture>.",
            ),
            Texts(
                "{format} de {weight} donde WebP o AVIF pesarían menos",
                "El archivo es un {format} de {weight}.",
                "Todos los navegadores actuales entienden WebP y AVIF, que pesan menos con igual calidad.",
                "La página tarda en cargar más de lo necesario.",
                "Guárdalo también como WebP o AVIF y ofrécelo en un <picture>.",
            ),
        ),
    ),
)
