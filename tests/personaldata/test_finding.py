"""Personal data is found where it is, and numbers that are no person's are left alone."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minga.personaldata.finding import Finding, Sort, find, label, without

EMAIL, TELEPHONE, NATIONAL_ID, PASSPORT = Sort
MARK = "[…]"

EMAILS = [
    ("Escriba a ana.perez@oim.org.", "ana.perez@oim.org"),
    ("ANA_PEREZ+crm@Gob.MX, gracias", "ANA_PEREZ+crm@Gob.MX"),
    ("<mailto:j.smith@state.gov>", "j.smith@state.gov"),
    ("josé@migración.gob.ec", "josé@migración.gob.ec"),
    ("ana@oim.org", "ana@oim.org"),
    ("an\u200ba@o\u00adim.org x", "an\u200ba@o\u00adim.org"),
    ("ana [at] oim.org", "ana [at] oim.org"),
    ("ana(at)oim.org", "ana(at)oim.org"),
    ("name(at)domain", "name(at)domain"),
    ("ana (arroba) oim (punto) org", "ana (arroba) oim (punto) org"),
    ("ana arroba oim punto org", "ana arroba oim punto org"),
    ("marie [chez] oim [point] int", "marie [chez] oim [point] int"),
    ("joao {at} gov {ponto} br", "joao {at} gov {ponto} br"),
    ("john at iom dot int", "john at iom dot int"),
    ("ana @ oim.org", "ana @ oim.org"),
    ("https://x.org/f?mail=ana@oim.org&id=3 y más", "mail=ana@oim.org&id=3"),
]

TELEPHONES = [
    ("Llámenos: +52 55 5080 0000", (), "+52 55 5080 0000", "MEX"),
    ("+57 (601) 381-4000", (), "+57 (601) 381-4000", "COL"),
    ("(+56) 2 2486 3000.", (), "(+56) 2 2486 3000", "CHL"),
    ("00 33 1 45 68 10 00 à Paris", (), "00 33 1 45 68 10 00", "FRA"),
    ("+55 (61) 2025-3000", (), "+55 (61) 2025-3000", "BRA"),
    ("+1-202-555-0143 ext. 12", (), "+1-202-555-0143 ext. 12", "USA"),
    ("+٥٢ ٥٥ ٥٠٨٠ ٠٠٠٠", (), "+٥٢ ٥٥ ٥٠٨٠ ٠٠٠٠", "MEX"),
    ("＋52\u200b55\u00a05080\u20110000", (), "＋52\u200b55\u00a05080\u20110000", "MEX"),
    ("Tel. 2234-5678", ("GTM",), "2234-5678", "GTM"),
    ("Tel: 2234-5678", (), "2234-5678", ""),
    ("teléfono de la oficina regional: 2234 5678", (), "2234 5678", ""),
    ("Teléfono\n2234-5678", (), "2234-5678", ""),
    ("Cel.: 300 123 4567 en Bogotá", ("COL",), "300 123 4567", "COL"),
    ("celular 999 888 777", ("PER",), "999 888 777", "PER"),
    ("por WhatsApp al 5512345678", ("MEX",), "5512345678", "MEX"),
    ("Fax (502) 2234-5678", (), "(502) 2234-5678", ""),
    ("Phone: (305) 555-1234", (), "(305) 555-1234", ""),
    ("Our office, 416-967-1111, is open", ("CAN",), "416-967-1111", "CAN"),
    ("Oficina (11) 4317-0200, lunes", ("ARG",), "(11) 4317-0200", "ARG"),
    ("téléphone : 01 45 68 10 00", (), "01 45 68 10 00", ""),
    ("Telefone (61) 2025-3000", ("BRA",), "(61) 2025-3000", "BRA"),
    ("0414-1234567 (WhatsApp)", (), "0414-1234567", ""),
    ("línea gratuita 01 8000 910 383", (), "01 8000 910 383", ""),
    ("llame al 911", (), "911", ""),
    ("Disque 100", (), "100", ""),
    ("https://wa.me/5215512345678", (), "wa.me/5215512345678", ""),
    ("tel. 2234-5678 2021", ("GTM",), "2234-5678", "GTM"),
]

IDENTIFIERS = [
    ("CURP HEGG560427MVZRRL04", (), "HEGG560427MVZRRL04", "MEX"),
    ("inscrita como HEGG560427MVZRRL04.", (), "HEGG560427MVZRRL04", "MEX"),
    ("cédula de ciudadanía N.º 52.123.456", ("COL",), "52.123.456", "COL"),
    ("C.C. 1.234.567.891", (), "1.234.567.891", "COL"),
    ("CC 52,123,456 de Bogotá", (), "52,123,456", "COL"),
    ("RUT 12.531.909-2", (), "12.531.909-2", "CHL"),
    ("la señora 12.531.909-2 llegó", (), "12.531.909-2", "CHL"),
    ("RUN: 12531909-2", (), "12531909-2", "CHL"),
    ("DNI 20.123.456", ("ARG",), "20.123.456", "ARG"),
    ("D.N.I. N° 20123456", (), "20123456", ""),
    ("CUIL 20-26756539-3", (), "20-26756539-3", "ARG"),
    ("con 20-26756539-3 aportó", (), "20-26756539-3", "ARG"),
    ("CPF 390.533.447-05", (), "390.533.447-05", "BRA"),
    ("inscrito sob 39053344705", ("BRA",), "39053344705", "BRA"),
    ("o CPF é 39053344705", (), "39053344705", "BRA"),
    ("identidade RG nº 12.345.678-9", (), "12.345.678-9", "BRA"),
    ("DNI 45678912", ("PER",), "45678912", "PER"),
    ("cédula 171430710-3", ("ECU",), "171430710-3", "ECU"),
    ("Cédula: 1714307103", (), "1714307103", ""),
    ("C.I. 1.234.567-2", ("URY",), "1.234.567-2", "URY"),
    ("C.I. N° 3.456.781", ("PRY",), "3.456.781", "PRY"),
    ("C.I. 4567812 LP", ("BOL",), "4567812", "BOL"),
    ("titular V-12345678", (), "V-12345678", "VEN"),
    ("cédula V 12.345.678", (), "V 12.345.678", ""),
    ("DPI 1234 56789 0101", (), "1234 56789 0101", "GTM"),
    ("DUI 01234567-8", (), "01234567-8", "SLV"),
    ("DNI 0801-1990-12345", ("HND",), "0801-1990-12345", "HND"),
    ("001-010180-0001A", (), "001-010180-0001A", "NIC"),
    ("cédula 1-0123-0456", ("CRI",), "1-0123-0456", "CRI"),
    ("DIMEX 155812345678", (), "155812345678", "CRI"),
    ("cédula 8-123-4567", ("PAN",), "8-123-4567", "PAN"),
    ("cédula 00113918205", ("DOM",), "00113918205", "DOM"),
    ("la 001-1391820-5 vencida", (), "001-1391820-5", "DOM"),
    ("carné de identidad 85042012345", ("CUB",), "85042012345", "CUB"),
    ("SIN 123-456-782", (), "123-456-782", "CAN"),
    ("numéro d'assurance sociale 123 456 782", (), "123 456 782", "CAN"),
    ("SSN 536-90-4399", (), "536-90-4399", "USA"),
    ("A-Number A123456789", (), "A123456789", "USA"),
    ("carte d’identification nationale n° 1234567891", ("HTI",), "1234567891", "HTI"),
    ("documento de identidad 12345678", (), "12345678", ""),
    ("identity card no. 123456789", (), "123456789", ""),
    ("DNI １２３４５６７８", (), "１２３４５６７８", ""),
    ("PPT 5123456", ("COL",), "5123456", "COL"),
]

PASSPORTS = [
    ("pasaporte N.º G12345678", "G12345678"),
    ("pasaporte venezolano 123456789", "123456789"),
    ("pasaporte de la República Bolivariana de Venezuela N° 123456789", "123456789"),
    ("passport number 512345678", "512345678"),
    ("passeport n° 14AB12345", "14AB12345"),
    ("passeport haïtien PP1234567", "PP1234567"),
    ("passaporte FD123456", "FD123456"),
]

NOTHING = [
    "La Ley 21.325 y el Decreto 0216 de 2021, artículo 12",
    "atendió a 1.234.567 personas y 12 345 678 usuarios en 2019-2021",
    "A/RES/73/195, A/CONF.231/3, E/C.12/GC/23",
    "https://example.org/node/7516/12345678-5?id=39053344705",
    "del 12-05-2021 al 2021-05-13; 14.09.2017",
    "pp. 123-145, ISBN 978-92-1-002145-6",
    "US$ 1,234,567.00 y R$ 12.345.678,90",
    "+10 000 000 de personas; +5%; LGBTIQ+ 2020",
    "Presupuesto 12345678 aprobado",
    "CPF 390.533.447-06",  # wrong check digits
    "Línea telefónica creada por la Ley 21.325 de 2021",
    "una aplicación gratuita para teléfonos móviles desde septiembre de 2017",
    "mensajes de WhatsApp en 2021 a 25 000 personas",
    "La cédula llegó a 1.234.567 venezolanos; 45.000 cédulas",
    "entregó pasaportes a 150.000 personas y cédula 1.500.000",
    "PPT 1.800.123 personas",
    "DNI: 2.345.678 personas",
    "capacitación en línea 350 funcionarios",
    "Resolution 2019/1234 of the Council, para. 15",
    "Pub. L. 104-208, 8 U.S.C. 1324",
    "Projet n° 12345678 de la Banque",
    "Lei 13.445/2017, Portaria 670, de 9 de agosto de 2022",
    "réunion @ Genève, @crmigracion, a@b; en Twitter @oim.int",
    "Expediente 1-2021-0034",
    "SIN 123456789 RESULTADOS",
    "Resolución 2357-2020; RUC 20131312955 de la entidad",
    "CUIT 30-50001091-2",
    "25 at a time; look at www.oim.org",
    "call 2021 opened; phone survey in 2020",
]


@pytest.mark.parametrize(("text", "passage"), EMAILS)
def test_finds_email_addresses(text, passage):
    found = find(text)

    assert [each.sort for each in found] == [EMAIL]
    assert found[0].text.endswith(passage) or passage.endswith(found[0].text)


@pytest.mark.parametrize(("text", "countries", "passage", "country"), TELEPHONES)
def test_finds_telephone_numbers(text, countries, passage, country):
    assert [(each.sort, each.text, each.country) for each in find(text, countries)] == [(TELEPHONE, passage, country)]


@pytest.mark.parametrize(("text", "countries", "passage", "country"), IDENTIFIERS)
def test_finds_identifiers(text, countries, passage, country):
    assert [(each.sort, each.text, each.country) for each in find(text, countries)] == [(NATIONAL_ID, passage, country)]


@pytest.mark.parametrize(("text", "passage"), PASSPORTS)
def test_finds_passports_after_their_word(text, passage):
    assert [(each.sort, each.text) for each in find(text)] == [(PASSPORT, passage)]


@pytest.mark.parametrize("text", NOTHING)
@pytest.mark.parametrize("countries", [(), ("COL", "PER", "ECU"), ("CHL", "BRA", "MEX", "GTM", "CRI", "USA")])
def test_leaves_other_numbers_alone(text, countries):
    assert find(text, countries) == []


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("Tel. 2234-5678 / 2234-5679 y 2234-5680", ["2234-5678", "2234-5679", "2234-5680"]),
        ("Tel. 2234-5678 2234-5679", ["2234-5678", "2234-5679"]),
        ("cédulas 12.345.678, 23.456.789 y 34.567.891", ["12.345.678", "23.456.789", "34.567.891"]),
        ("DNI 12345678, tel. 2234-5678, ana@oim.org", ["12345678", "2234-5678", "ana@oim.org"]),
        ("pasaportes AB123456 et AB123457", ["AB123456", "AB123457"]),
    ],
)
def test_finds_all_of_a_list(text, passages):
    assert [each.text for each in find(text, ("GTM",))] == passages or [each.text for each in find(text)] == passages


def test_prefers_the_identifiers_of_the_records_countries():
    text = next(
        number
        for number in (
            f"1.{middle:03}.{last:03}-{check}" for middle in range(9) for last in range(99) for check in range(10)
        )
        if {
            find(number, ["CHL"])[0].country if find(number, ["CHL"]) else "",
            *[f.country for f in find(number, ["URY"])],
        }
        == {"CHL", "URY"}
    )

    assert find(text, ["URY"])[0].country == "URY"
    assert find(text, ["CHL"])[0].country == "CHL"


@pytest.mark.parametrize(
    "text",
    [
        "info@oim.org", "Contacto@gob.mx", "prensa.mexico@gob.mx", "mesadepartes2@migraciones.gob.pe",
        "secretaria@crm.org",
        "info [at] oim.org", "llame al 911", "tel. 1-800-123-4567", "línea gratuita 600 123 4567",
        "hotline: 555 123 4567",
        "ligne d'urgence 01 45 68 10 00", "central telefónica 2234-5678", "+1 800 232 4636",
    ],
)  # fmt: skip
def test_knows_an_offices_contact(text):
    assert [each.looks_institutional for each in find(text)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "ana.perez@oim.org",
        "infante@oim.org",
        "cel. 300 123 4567",
        "+52 55 5080 0000",
        "DNI 12345678",
        "pasaporte AB123456",
    ],
)
def test_knows_a_persons_contact(text):
    assert [each.looks_institutional for each in find(text)] == [False]


def test_every_sort_has_a_label():
    assert len({str(label(sort)) for sort in Sort}) == 4


def test_replaces_findings_given_in_any_order():
    text = "a@b.co, tel. 2234-5678."

    assert without(text, reversed(find(text)), MARK) == f"{MARK}, tel. {MARK}."


PIECES = st.sampled_from(
    [row[0] for table in (EMAILS, TELEPHONES, IDENTIFIERS, PASSPORTS) for row in table] + NOTHING
    + [row[2] for row in TELEPHONES + IDENTIFIERS]
    + ["tel. ", "tel", "cédula ", "DNI No. ", "pasaporte ", " y ", ", ", " / ", "/", "-", ".", "@", "a", "1",
       "00", "+", "(", " "]
    + [" at ", "[at]", " arroba ", " punto ", "https://", "línea ", "al ", "x", "é", "\u0301", "\u200b",
       "\ufffc", "\n", "911"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join), st.lists(PIECES, max_size=12).map(" ".join))
COUNTRIES = st.lists(st.sampled_from(["CHL", "BRA", "URY", "MEX", "GTM", "USA", "VEN", "", "XYZ"]), max_size=3)


@settings(max_examples=400, deadline=None)
@given(TEXTS, COUNTRIES)
def test_findings_are_ordered_passages_of_the_text(text, countries):
    found = find(text, countries)

    assert all(text[each.start : each.end] == each.text and each.text for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(each.looks_institutional in (True, False) for each in found)


@settings(max_examples=400, deadline=None)
@given(TEXTS, COUNTRIES)
def test_without_changes_nothing_else(text, countries):
    found = find(text, countries)
    rest, pieces, last = without(text, found, "\0"), [], 0
    for each in found:
        pieces.append(text[last : each.start])
        last = each.end

    assert rest == "\0".join([*pieces, text[last:]])
    assert without(text, [], MARK) == text


@settings(max_examples=800, deadline=None)
@given(TEXTS, COUNTRIES, st.sampled_from([MARK, "█", "[dato personal]", "(donnée personnelle retirée)"]))
def test_nothing_is_found_again(text, countries, mark):
    assert find(without(text, find(text, countries), mark), countries) == []


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.emails(), TEXTS)
def test_an_email_address_is_always_found(before, address, after):
    text = f"{before} {address} {after}"
    start = len(before) + 1

    assert any(each.sort is EMAIL and each.start <= start and each.end >= start + len(address) for each in find(text))


@pytest.mark.parametrize(
    "piece",
    ["+1 ", "tel. 1234567 ", "a@b.co ", "1 ", "12.345.678-5 ", "cédula ", "123-456-7890 ", "tel 1 2 3 4 5 6 7 ",
     "a.", "9",
     "(", "A", "V-12345678", "a (at) b ", "-1", "https://a.co/a@b.co ", "DNI 12345678 y ", "é1\u200b"],
)  # fmt: skip
def test_long_texts_take_little_time(piece):
    text = piece * (100_000 // len(piece))
    find(piece)  # the first reads the telephone numbers' metadata
    began = time.perf_counter()

    find(text, ["MEX", "COL", "CHL"])

    # Meant to be under two seconds; patterns that run wild take minutes.
    assert time.perf_counter() - began < 8


def test_a_finding_is_the_same_whatever_stands_before():
    assert Finding(EMAIL, 0, 6, "a@b.co") == Finding(EMAIL, 0, 6, "a@b.co", "", "x")
