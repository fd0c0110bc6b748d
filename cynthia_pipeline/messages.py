"""What a user reads when their audit or fix pack could not be done: one sentence for each code and language.

Placeholders are facts about the user's own input (the host, the status code). Nothing of the inner network,
no stack, no product names of our parts.
"""

from collections.abc import Mapping
from enum import StrEnum

from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.text import clip, one_line


class Language(StrEnum):
    """The languages of the product's texts, as the web app stores them."""

    ENGLISH = "en"
    SPANISH = "es"


_ENGLISH: Mapping[ErrorCode, str] = {
    ErrorCode.NOT_A_URL: "That is not a web address. Enter one such as https://example.com.",
    ErrorCode.SCHEME_REFUSED: "Only http:// and https:// addresses can be audited.",
    ErrorCode.CREDENTIALS_IN_URL: "The address holds a user name or a password. Enter it without them.",
    ErrorCode.ADDRESS_REFUSED: "This address is not on the public internet, so it cannot be audited.",
    ErrorCode.PORT_REFUSED: "Only sites on the usual ports, 80 and 443, can be audited; {host} is asked for on port {port}.",
    ErrorCode.HOST_NOT_FOUND: "No site was found at {host}. Check the address for typing mistakes.",
    ErrorCode.CONNECTION_REFUSED: "{host} refused the connection. Is the site running?",
    ErrorCode.CONNECTION_FAILED: "The connection to {host} broke off before the page arrived.",
    ErrorCode.TLS_FAILED: "The secure connection to {host} failed: its certificate is not valid for this address.",
    ErrorCode.HTTP_CLIENT_ERROR: "{host} answered with error {status}: the page is missing or not public.",
    ErrorCode.HTTP_SERVER_ERROR: "{host} answered with error {status}: the site has a problem of its own at the moment.",
    ErrorCode.RATE_LIMITED: "{host} asked for fewer requests. The audit did not get through in time.",
    ErrorCode.ROBOTS_REFUSED: "{host} asks robots in its robots.txt not to open this page. Allow Cynthia there, then try again.",
    ErrorCode.REDIRECT_LOOP: "The address redirects in a circle and never arrives at a page.",
    ErrorCode.ENDLESS_NAVIGATION: "The page keeps sending the browser elsewhere and never settles.",
    ErrorCode.NOT_A_PAGE: "The address leads to a file ({content_type}), not to a web page.",
    ErrorCode.EMPTY_PAGE: "The page is empty: there is nothing on it to audit.",
    ErrorCode.PAGE_TOO_LARGE: "The page is larger than {limit_mb} MB, which is more than can be audited.",
    ErrorCode.TOO_MANY_REQUESTS: "The page asks for more than {limit} files, which is more than can be audited.",
    ErrorCode.TOO_MANY_NODES: "The page holds more than {limit} elements and texts, which is more than can be audited.",
    ErrorCode.PAGE_CRASHED: "The page crashed the browser that opened it.",
    ErrorCode.TIMED_OUT: "The page did not become ready within {seconds} seconds.",
    ErrorCode.BROWSER_FAILED: "The audit's browser stopped unexpectedly. Please try again.",
    ErrorCode.REMOTE_UNREACHABLE: "The audit service could not be reached. Please try again later.",
    ErrorCode.REMOTE_BUSY: "The audit service is busy at the moment. Please try again later.",
    ErrorCode.REMOTE_REFUSED: "The audit service refused this page.",
    ErrorCode.REMOTE_BAD_ANSWER: "The audit service gave an answer that could not be understood.",
    ErrorCode.EMPTY_IDEA: "There is no idea to build from. Describe the site in a few words.",
    ErrorCode.BAD_INPUT: "The request could not be read: {reason}.",
    ErrorCode.AUDIT_NOT_FOUND: "There is no such audit.",
    ErrorCode.NOT_YOUR_AUDIT: "This audit belongs to someone else.",
    ErrorCode.AUDIT_NOT_COMPLETED: "This audit is not completed, so there is nothing to make a fix pack from.",
    ErrorCode.NOTHING_TO_FIX: "The audit found nothing that a {type} pack can fix. No credit was taken.",
    ErrorCode.NO_CREDITS: "No credits are left: {used} of {total} are used this month.",
    ErrorCode.PAGE_CHANGED: "The page has changed since the audit. Audit it again, then ask for the pack. No credit was taken.",
    ErrorCode.CANCELLED: "This was cancelled.",
    ErrorCode.LEASE_EXPIRED: "The work on this was interrupted too many times. Please try again.",
    ErrorCode.INTERNAL: "Something went wrong on our side. We have been told.",
}

_SPANISH: Mapping[ErrorCode, str] = {
    ErrorCode.NOT_A_URL: "Eso no es una dirección web. Escribe una como https://example.com.",
    ErrorCode.SCHEME_REFUSED: "Solo se pueden auditar direcciones http:// y https://.",
    ErrorCode.CREDENTIALS_IN_URL: "La dirección contiene un usuario o una contraseña. Escríbela sin ellos.",
    ErrorCode.ADDRESS_REFUSED: "Esta dirección no está en la internet pública, así que no se puede auditar.",
    ErrorCode.PORT_REFUSED: "Solo se pueden auditar sitios en los puertos habituales, 80 y 443; {host} se pide en el puerto {port}.",
    ErrorCode.HOST_NOT_FOUND: "No se encontró ningún sitio en {host}. Revisa si la dirección está bien escrita.",
    ErrorCode.CONNECTION_REFUSED: "{host} rechazó la conexión. ¿Está funcionando el sitio?",
    ErrorCode.CONNECTION_FAILED: "La conexión con {host} se cortó antes de que llegara la página.",
    ErrorCode.TLS_FAILED: "Falló la conexión segura con {host}: su certificado no es válido para esta dirección.",
    ErrorCode.HTTP_CLIENT_ERROR: "{host} respondió con el error {status}: la página no existe o no es pública.",
    ErrorCode.HTTP_SERVER_ERROR: "{host} respondió con el error {status}: el sitio tiene un problema en este momento.",
    ErrorCode.RATE_LIMITED: "{host} pidió menos solicitudes. La auditoría no pudo hacerse a tiempo.",
    ErrorCode.ROBOTS_REFUSED: "{host} pide a los robots en su robots.txt que no abran esta página. Permite a Cynthia allí e inténtalo de nuevo.",
    ErrorCode.REDIRECT_LOOP: "La dirección redirige en círculo y nunca llega a una página.",
    ErrorCode.ENDLESS_NAVIGATION: "La página envía el navegador a otro sitio una y otra vez y nunca se detiene.",
    ErrorCode.NOT_A_PAGE: "La dirección lleva a un archivo ({content_type}), no a una página web.",
    ErrorCode.EMPTY_PAGE: "La página está vacía: no hay nada que auditar.",
    ErrorCode.PAGE_TOO_LARGE: "La página pesa más de {limit_mb} MB, más de lo que se puede auditar.",
    ErrorCode.TOO_MANY_REQUESTS: "La página pide más de {limit} archivos, más de lo que se puede auditar.",
    ErrorCode.TOO_MANY_NODES: "La página tiene más de {limit} elementos y textos, más de lo que se puede auditar.",
    ErrorCode.PAGE_CRASHED: "La página bloqueó el navegador que la abrió.",
    ErrorCode.TIMED_OUT: "La página no estuvo lista en {seconds} segundos.",
    ErrorCode.BROWSER_FAILED: "El navegador de la auditoría se detuvo de forma inesperada. Inténtalo de nuevo.",
    ErrorCode.REMOTE_UNREACHABLE: "No se pudo contactar con el servicio de auditoría. Inténtalo más tarde.",
    ErrorCode.REMOTE_BUSY: "El servicio de auditoría está ocupado en este momento. Inténtalo más tarde.",
    ErrorCode.REMOTE_REFUSED: "El servicio de auditoría rechazó esta página.",
    ErrorCode.REMOTE_BAD_ANSWER: "El servicio de auditoría dio una respuesta que no se pudo entender.",
    ErrorCode.EMPTY_IDEA: "No hay ninguna idea con la que trabajar. Describe el sitio en unas palabras.",
    ErrorCode.BAD_INPUT: "No se pudo leer la solicitud: {reason}.",
    ErrorCode.AUDIT_NOT_FOUND: "Esa auditoría no existe.",
    ErrorCode.NOT_YOUR_AUDIT: "Esta auditoría es de otra persona.",
    ErrorCode.AUDIT_NOT_COMPLETED: "Esta auditoría no está completada, así que no hay de qué hacer un paquete de correcciones.",
    ErrorCode.NOTHING_TO_FIX: "La auditoría no encontró nada que un paquete de tipo {type} pueda corregir. No se cobró ningún crédito.",
    ErrorCode.NO_CREDITS: "No quedan créditos: se han usado {used} de {total} este mes.",
    ErrorCode.PAGE_CHANGED: "La página ha cambiado desde la auditoría. Audítala de nuevo y pide después el paquete. No se cobró ningún crédito.",
    ErrorCode.CANCELLED: "Esto se canceló.",
    ErrorCode.LEASE_EXPIRED: "El trabajo se interrumpió demasiadas veces. Inténtalo de nuevo.",
    ErrorCode.INTERNAL: "Algo falló por nuestra parte. Ya estamos avisados.",
}

_CATALOGUE: Mapping[Language, Mapping[ErrorCode, str]] = {
    Language.ENGLISH: _ENGLISH,
    Language.SPANISH: _SPANISH,
}


_LONGEST_FACT = 300
"""Characters; a host name has 253 at most."""


class _Facts(dict[str, str]):
    """A fact that nobody gave reads as an ellipsis: a sentence is never lost to a missing detail."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentence(code: ErrorCode, language: Language, facts: Mapping[str, str]) -> str:
    """The sentence for `code` in `language`, with the facts filled in: on one line, and none of them long.

    A fact may be a server's own word, such as a media type.
    """
    told = {name: clip(one_line(fact), _LONGEST_FACT) for name, fact in facts.items()}
    return _CATALOGUE[language][code].format_map(_Facts(told))
