"""The likely language of a page's text: names and labels among its sentences, as pages have them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.languages import contradicts, likely

TEXTS = {
    "en": "Harbour bakery Home Prices Contact We bake rye and spelt loaves in a wood oven from five in the morning.",
    "es": "Panadería del puerto Inicio Precios Horneamos pan de centeno en horno de leña desde las cinco de la mañana.",
    "ca": "Fleca del port Inici Preus Contacte Fem pa de sègol en un forn de llenya amb la nostra gent i per a tots.",
    "pt": "Padaria do porto Início Fazemos pão de centeio em forno de lenha com os nossos vizinhos, não só aqui.",
    "fr": "Boulangerie du port Accueil Tarifs Nous cuisons du pain de seigle dans un four à bois dès cinq heures.",
    "de": "Hafenbäckerei Start Preise Kontakt Wir backen im Holzofen, und der Laden ist ab sechs Uhr für Sie da.",
    "nl": "Havenbakkerij Home Prijzen Wij bakken zuurdesem in een houtoven en de winkel is voor iedereen open.",
    "pl": "Piekarnia portowa Cennik Pieczemy chleb na zakwasie od piątej rano i sklep jest otwarty dla wszystkich.",
    "ja": "私たちは毎日パンを焼いています",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_page_with_names_and_labels_in_it_is_told(language: str) -> None:
    assert likely(TEXTS[language]) == language


@pytest.mark.parametrize("text", ["", "Home About Contact", "Lorem ipsum dolor sit amet consectetur", "42 € – 4.20"])
def test_where_nothing_tells_nothing_is_said(text: str) -> None:
    assert likely(text) is None


@given(st.text())
def test_the_likely_language_is_never_one_that_the_text_surely_is_not_in(text: str) -> None:
    found = likely(text)
    assert found is None or contradicts(found, text) is None
