"""Messages on a card: records of EF_SMS (TS 51.011, 10.5.3) with a TPDU of TS 23.040."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.elements.simcard.coding.sms import SmsRecord
from lastcall.elements.simcard.coding.tpdu import decode_sms_record
from tests.elements.simcard.coding.signs import languages, signs_of, some_text, times
from tests.elements.simcard.coding.writing.messages import RECORD, encode_deliver, encode_submit

NOW: Final = datetime(2026, 1, 12, 12, 0, tzinfo=timezone(timedelta(hours=3)))
LI_WEI: Final = "+79990000001"

WELCOME: Final = (
    "07911356131313F64004850120390011609232239180A006080400100201D7327BFD6EB340E2321BF46E83EA7790F59D1E97DBE1341B442F83C465"
    "763D3DA797E56537C81D0ECB41AB59CC1693C16031D96C064241E5656838AF03A96230982A269BCD462917C8FA4E8FCBED709A0D7ABBE9F6B0FB5C"
    "7683D27350984D4FABC9A0B33C4C4FCF5D20EBFB2D079DCB62793DBD06D9C36E50FB2D4E97D9A0B49B5E96BBCB"
)
MMS: Final = (
    "07914140279510F6440A8111110301003BF56080207130138A8C0B05040B8423F000032A02010106276170706C69636174696F6E2F766E642E7761"
    "702E6D6D732D6D65737361676500AF848D0185B4848C8298524E453955304A6D713551414142666C414141414D7741414236514141414141008D90"
    "8918802B31353132323937373638332F545950453D504C4D4E008A808E022B918805810306977F83687474703A2F2F36"
)
TEN_LETTERS: Final = "07912143658709F1040B918100551512F20000111010214365000AE8329BFD4697D9EC37"
EF_RECORD: Final = (
    "03029111000c9194981492631000f269206190022000a053e4534a05358bd369f05804259da0219418a40641536a110a0aea408080604028180e88"
    "8462c150341c0f484432a1542c174c46b3e1743c9f9068442a994ea8946ac56ab95eb0986c46abd96eb89c6ec7ebf97ec0a070482c1a8fc8a472c9"
    "6c3a9fd0a8744aad5aafd8ac76cbed7abfe0b0784c2e9bcfe8b47acd6ebbdff0b87c4eafdbeff8bc7ecfeffbffffffffffffffffffffffffffff"
)


def on_card(tpdu: str, status: int = 1) -> SmsRecord:
    """A TPDU behind the number of its SMSC, read as it would lie on a card."""
    return decode_sms_record((bytes([status]) + bytes.fromhex(tpdu)).ljust(RECORD, b"\xff"))


def changed(tpdu: str, place: int, octet: int) -> str:
    """``tpdu`` with another octet at ``place``."""
    return f"{tpdu[: 2 * place]}{octet:02X}{tpdu[2 * place + 2 :]}"


@pytest.mark.parametrize(
    ("tpdu", "centre", "party", "time", "text"),
    [
        (
            "07912104442961F4040B916171957291F800001120821105050A6AC8B2BC7C9A83C220F6DB7D2ECB41EDF27C1E3E97411BDE06754FD3D1"
            "A0F9BB5D0695F1F4B29B5C2683C6E8B03C3CA697E5F34D6AE303D1D1F2F7DD0D4ABB59A0797D8C0685E7A00028EC26832A960B28EC2683"
            "BE6050780EBA97D96C17",
            "+12404492164",
            "+16175927198",
            "2011-02-28T11:50:50-05:00",
            "Here's a longer message [{with some extended characters}] thrown in, such as £ and ΩΠΨ and §¿ as well.",
        ),
        (
            "07919730071111F10414D04937BD2C7797E9D3E614000811309291024061080442043504410442",
            "+79037011111",
            "InternetSMS",
            "2011-03-29T19:20:04+04:00",
            "тест",
        ),
        (TEN_LETTERS, "+12345678901", "+18005551212", "2011-01-01T12:34:56+00:00", "hellohello"),
        (
            changed(TEN_LETTERS, 10, 0x81),
            "+12345678901",
            "18005551212",
            "2011-01-01T12:34:56+00:00",
            "hellohello",
        ),
        (
            "07914151551512F2040B916105551511F100006060605130308A04D4F29C0E",
            "+14155551212",
            "+16505551111",
            "2006-06-06T15:03:03-07:00",
            "Test",
        ),
        (
            "07912160130300F4040B914151245584F600087010807121352B10212200A900AE00680065006C006C006F",
            "+12063130004",
            "+14154255486",
            "2007-01-08T17:12:53-08:00",
            "™©®hello",
        ),
        (
            "07914151551512F2040B916105551511F100006080615131728A44D4F29C0E2AE3E96537B94C068DD16179784C2FCB41F4B0985D06B958"
            "ADD00FB0E94536AF974974DA6D281BA00E95E26D509B946FC3DBF87A25D56A04",
            "+14155551212",
            "+16505551111",
            "2006-08-16T15:13:27-07:00",
            "Test extended character table .,-!?@~_\\/&\"';^|:()<{}>[]=%*+#",
        ),
        ("07912160130310F20404D0110041006060627171118A0120", "+12063130012", "_@", "2006-06-26T17:17:11-07:00", " "),
        (
            "07913306091093F0040485810000F111604231805180A049B7F90D9A1AA5A01668F8769BD3E4B29B9E2EB359A03FC85D06A9C3ED707A0E"
            "A2CBC3EE79BB4CA7CBCBA05643617DA7C76990FD4D979741EE77DD5E0ED741ED371D442E83E0E1F9BC0CD281E677D9B84C06C1DF7539"
            "E85C9097E520FB9B2E2F83C6EF369C5E064D8D52D0BC2E07DDEF77D7DC2C7799E5A0771D040FCB41F402BB0047BFDD6550B80ECAD966",
            "+33609001390",
            "1800",
            "2011-06-24T13:08:15+02:00",
            "Info SFR - Confidentiel, à ne jamais transmettre -\nVoici votre nouveau mot de passe : sw2ced pour gérer "
            "votre compte SFR sur www.sfr.fr ou par téléphone au 963",
        ),
    ],
    ids=count(1),
)
def test_a_message_is_read_as_other_implementations_read_it(
    tpdu: str, centre: str, party: str, time: str, text: str
) -> None:
    """Vectors of ModemManager and Android."""
    record = on_card(tpdu)
    assert (record.centre, record.party, record.text, record.damaged) == (centre, party, text, "")
    assert record.at == datetime.fromisoformat(time)
    assert (record.kind, record.status, record.sent, record.free) == ("deliver", "read", False, False)


def test_a_whole_record_is_read_as_android_reads_it() -> None:
    record = decode_sms_record(bytes.fromhex(EF_RECORD))
    assert (record.status, record.centre, record.party) == ("unread", "+11", "+498941293601")
    assert record.text.startswith("SHORT MESSAGE IN CPDATA STEP A: @£$¥èéùìòÇ\nØø")
    assert record.text.endswith("§¿abcdefghijklmnopqrstuvwxyzäöñüà")


def test_a_part_says_which_it_is() -> None:
    """Vectors of ModemManager (a reference of sixteen bits) and Android (of eight, with ports)."""
    welcome, mms = on_card(WELCOME), on_card(MMS)
    assert (welcome.reference, welcome.part, welcome.parts) == (16, 1, 2)
    assert welcome.text.endswith("Voor gebruik van mobiel interne")
    assert (mms.reference, mms.part, mms.parts, mms.ports) == (42, 1, 2, (2948, 9200))
    assert (mms.coding, mms.text) == ("8bit", "")
    assert mms.data.endswith(b"http://6")


def test_a_message_that_was_sent_has_no_time() -> None:
    """A vector of Gammu."""
    record = on_card("0791361907001003B17A0C913619397750320000AD11CD701E340FB3C3F23CC81D0689C3BF", status=5)
    assert (record.kind, record.sent, record.status, record.at) == ("submit", True, "sent", None)
    assert (record.party, record.text, record.damaged) == ("+639193770523", "May salary na ba?", "")


@pytest.mark.parametrize(
    ("tpdu", "party", "time"),
    [
        ("0006000681214365919061800000639190618000006300", "123456", "2019-09-16T08:00:00+09:00"),
        ("079124602009999002AB098106845688F8907080517375809070805183018000", "604865888", "2009-07-08T15:37:57+02:00"),
    ],
    ids=count(1),
)
def test_a_report_on_delivery_has_a_party_and_a_time(tpdu: str, party: str, time: str) -> None:
    """Vectors of Android and Gammu."""
    record = on_card(tpdu)
    assert (record.kind, record.party, record.text, record.damaged) == ("status_report", party, "", "")
    assert record.at == datetime.fromisoformat(time)


def test_a_report_on_delivery_may_carry_a_text() -> None:
    """TP-PI says that protocol, coding and text follow (TS 23.040, 9.2.3.27); in padding it says nothing."""
    report = "0006000681214365919061800000639190618000006300"
    assert on_card(report + "07000804041F0440").text == "Пр"
    assert on_card(report + "060804041F0440").text == "Пр"
    assert on_card(report + "0403C8F71D").text == "How"
    assert decode_sms_record(b"\x01" + bytes.fromhex(report + "0403C8F7")).damaged == "cut short"
    assert on_card(report + "FF0804041F0440").text == ""


@pytest.mark.parametrize(
    ("status_byte", "status", "free"),
    [
        (0x00, "deleted", True),
        (0x01, "read", False),
        (0x03, "unread", False),
        (0x02, "deleted", True),
        (0x09, "read", False),
        (0x1D, "sent", False),
    ],
)
def test_the_status_is_in_the_lowest_three_bits(status_byte: int, status: str, free: bool) -> None:
    record = on_card(TEN_LETTERS, status=status_byte)
    assert (record.status_byte, record.status, record.free, record.text) == (status_byte, status, free, "hellohello")


@pytest.mark.parametrize(
    "blank", [b"\x00" + b"\xff" * 175, b"\x00" * 176, b"\xff" * 176, b"\x00", b"", b"\x00\x00" + b"\xff" * 174]
)
def test_a_free_record_with_nothing_left_is_blank(blank: bytes) -> None:
    assert decode_sms_record(blank).blank


def test_a_deleted_message_whose_text_still_lies_there_is_not_blank() -> None:
    (raw,) = encode_submit("Привет", party=LI_WEI, status="deleted")
    record = decode_sms_record(raw)
    assert (record.blank, record.free, record.status, record.sent, record.text) == (
        False,
        True,
        "deleted",
        True,
        "Привет",
    )


def test_a_used_record_with_nothing_in_it_is_damaged() -> None:
    record = decode_sms_record(b"\x01" + b"\xff" * 175)
    assert not record.blank
    assert record.damaged == "nothing stands in it"


@pytest.mark.parametrize(
    ("dcs", "coding", "text"),
    [
        (0x00, "gsm7", "hellohello"),
        (0x0C, "gsm7", "hellohello"),
        (0x11, "gsm7", "hellohello"),
        (0x40, "gsm7", "hellohello"),
        (0x80, "gsm7", "hellohello"),
        (0xBF, "gsm7", "hellohello"),
        (0xC8, "gsm7", "hellohello"),
        (0xD8, "gsm7", "hellohello"),
        (0xF0, "gsm7", "hellohello"),
        (0x04, "8bit", ""),
        (0xF5, "8bit", ""),
        (0x54, "8bit", ""),
        (0x08, "ucs2", "\ue832鯽䚗\ud9ec"),
        (0x19, "ucs2", ""),
        (0xE0, "ucs2", ""),
    ],
)
def test_every_data_coding_scheme_is_read_and_what_is_reserved_is_the_gsm_alphabet(
    dcs: int, coding: str, text: str
) -> None:
    """TS 23.038, 4: general, message waiting (C, D, E), message class (F), automatic deletion (4 to 7), reserved (8 to B)."""
    record = on_card(changed(TEN_LETTERS, 18, dcs))
    assert record.coding == coding
    if coding == "gsm7":
        assert (record.text, record.damaged) == (text, "")
    if coding == "8bit":
        assert record.data.startswith(bytes.fromhex("E8329BFD4697D9EC37"))


def test_compressed_text_is_kept_and_said() -> None:
    record = on_card(changed(TEN_LETTERS, 18, 0x20))
    assert (record.text, record.damaged) == ("", "its text is compressed (TS 23.042)")
    assert record.data.startswith(bytes.fromhex("E8329BFD4697D9EC37"))


def test_a_message_that_says_only_that_messages_wait_has_no_text() -> None:
    """A vector of Android."""
    record = on_card("07912180958750F84401800500C87020026195702B06040102000200")
    assert (record.text, record.damaged, record.party) == ("", "", "5")


@pytest.mark.parametrize(
    "time",
    [
        "00000000000000",
        "11312021436500",
        "11023421436500",
        "11102042436500",
        "11102021066500",
        "11102021436A00",
        "FFFFFFFFFFFFFF",
        "111010214365F7",
        "11101021436575",
    ],
)
def test_a_time_that_is_none_is_left_out_and_said(time: str) -> None:
    record = on_card(TEN_LETTERS.replace("11101021436500", time))
    assert (record.at, record.damaged, record.text) == (None, "its time is none", "hellohello")


@pytest.mark.parametrize(
    ("octet", "minutes"), [(0x00, 0), (0x21, 180), (0x8A, -420), (0x22, 330), (0x65, 840), (0x6D, -840), (0x29, -180)]
)
def test_the_offset_of_a_time_is_kept(octet: int, minutes: int) -> None:
    record = on_card(changed(TEN_LETTERS, 25, octet))
    assert record.at is not None
    assert record.at.utcoffset() == timedelta(minutes=minutes)


def test_a_year_of_the_nineties_is_of_the_last_century() -> None:
    record = on_card(TEN_LETTERS.replace("11101021436500", "99101021436500"))
    assert record.at is not None
    assert record.at.year == 1999


@pytest.mark.parametrize("length", range(1, 37))
def test_a_record_cut_short_gives_what_is_there_and_says_so(length: int) -> None:
    raw = b"\x01" + bytes.fromhex(TEN_LETTERS)
    record = decode_sms_record(raw[:length])
    assert record.damaged
    assert "hellohello".startswith(record.text)


@pytest.mark.parametrize(
    ("place", "octet", "damaged"),
    [
        (0, 0x0D, "the length of the SMSC's number is impossible"),
        (9, 0x1F, "number: its length is impossible"),
        (26, 0xFF, "the length of its text is impossible"),
        (8, 0x01, "its status says otherwise than its kind"),
    ],
)
def test_a_length_or_kind_that_cannot_be_is_said(place: int, octet: int, damaged: str) -> None:
    assert damaged in on_card(changed(TEN_LETTERS, place, octet)).damaged


@pytest.mark.parametrize("length", [21, 0x2B, 0xFF])
def test_behind_a_number_of_impossible_length_nothing_is_guessed_at(length: int) -> None:
    record = decode_sms_record((b"\x01" + bytes.fromhex(changed(TEN_LETTERS, 9, length))).ljust(176, b"\xff"))
    assert (record.party, record.text, record.data, record.at) == ("", "", b"", None)
    assert "its length is impossible" in record.damaged


def test_a_command_has_no_text() -> None:
    record = on_card(changed(TEN_LETTERS, 8, 0x02), status=5)
    assert (record.kind, record.text, record.damaged) == ("unknown", "", "a command to the SMSC, which has no text")


def test_a_reserved_kind_is_read_as_a_message_delivered() -> None:
    """TS 23.040, 9.2.3.1."""
    record = on_card(changed(TEN_LETTERS, 8, 0x07))
    assert (record.kind, record.text) == ("deliver", "hellohello")


def headed(header: str, body: str, *, dcs: int = 0x04) -> SmsRecord:
    """A message in 8 bits (or another coding) with this header, whose text begins behind it."""
    length = (len(header) + len(body)) // 2
    return on_card(f"0040038121F300{dcs:02X}11101021436500{length:02X}{header}{body}")


@pytest.mark.parametrize(
    ("header", "damaged"),
    [
        ("050003070200", "which part of the message it is cannot be"),
        ("050003070203", "which part of the message it is cannot be"),
        ("050003070001", "which part of the message it is cannot be"),
        ("050004070201", "its header is not well formed"),
        ("0400030702", "its header is not well formed"),
        ("7F0003070201", "its header is cut short"),
    ],
)
def test_a_header_that_cannot_be_is_passed_over_and_said(header: str, damaged: str) -> None:
    record = headed(header, "4142")
    assert (record.reference, record.part, record.parts) == (None, 1, 1)
    assert damaged in record.damaged


def test_foreign_elements_of_a_header_are_passed_over_and_the_last_of_two_counts() -> None:
    record = headed("11" + "0A03000901" + "0003070201" + "0003080302" + "7000", "4142")
    assert (record.reference, record.part, record.parts, record.data, record.damaged) == (8, 2, 3, b"AB", "")


def test_ports_of_eight_bits_are_read() -> None:
    assert headed("040402F1F2", "41").ports == (0xF1, 0xF2)


def test_a_text_behind_a_header_starts_at_a_septet() -> None:
    """Turkish single and locking shift (TS 23.040, 9.2.3.24.15 and 16)."""
    (raw,) = encode_deliver("ŞİĞ 1€", party=LI_WEI, at=NOW, single=1, locking=1)
    record = decode_sms_record(raw)
    assert (record.text, record.damaged, record.coding) == ("ŞİĞ 1€", "", "gsm7")
    assert b"\x06\x24\x01\x01\x25\x01\x01" in raw


def test_a_language_that_does_not_exist_counts_as_none() -> None:
    (raw,) = encode_deliver("hello", party=LI_WEI, at=NOW, single=1)
    assert decode_sms_record(raw.replace(b"\x03\x24\x01\x01", b"\x03\x24\x01\x7e")).text == "hello"


def test_an_emoji_cut_at_the_end_is_said() -> None:
    (raw,) = encode_deliver("Hi 🙂", party=LI_WEI, at=NOW)
    record = decode_sms_record(raw.replace(b"\x0a\x00H", b"\x08\x00H"))
    assert (record.text, record.damaged) == ("Hi \ufffd", "something that is no character")


def test_half_a_sign_at_the_end_is_said() -> None:
    (raw,) = encode_deliver("Да", party=LI_WEI, at=NOW)
    record = decode_sms_record(raw.replace(b"\x04\x04\x14", b"\x03\x04\x14"))
    assert (record.text, record.damaged) == ("Д", "it ends within a sign")


def test_no_control_character_reaches_the_reader() -> None:
    (raw,) = encode_deliver("a\x1b[31mb\r\nc\u202ed", party=LI_WEI, at=NOW, coding="ucs2")
    record = decode_sms_record(raw)
    assert (record.text, record.damaged) == ("a\ufffd[31mb\nc\ufffdd", "control characters")


numbers = st.from_regex(r"\+?[0-9]{1,20}", fullmatch=True)
letters = st.text(signs_of(0, 0).replace("\n", "").replace("@", ""), min_size=1, max_size=5)
parties = st.one_of(numbers, letters.filter(lambda name: name.strip("+0123456789*#p?") != ""), st.just(""))
port = st.integers(0, 0xFFFF)


@given(
    text=some_text,
    party=parties,
    at=times,
    centre=st.one_of(st.just(""), numbers),
    status=st.sampled_from(["read", "unread", "deleted"]),
    reference=st.integers(0, 255),
    ports=st.one_of(st.none(), st.tuples(port, port)),
)
def test_a_short_message_delivered_survives(
    text: str, party: str, at: datetime, centre: str, status: str, reference: int, ports: tuple[int, int] | None
) -> None:
    records = encode_deliver(text, party=party, at=at, centre=centre, status=status, reference=reference, ports=ports)
    read = [decode_sms_record(raw) for raw in records]
    assert "".join(record.text for record in read) == text
    for record in read:
        assert (record.party, record.centre, record.status, record.ports, record.damaged) == (
            party,
            centre,
            status,
            ports,
            "",
        )
        assert record.at == at
        assert record.at.utcoffset() == at.utcoffset()
    assert [record.part for record in read] == list(range(1, len(read) + 1))


@given(st.data(), languages, st.integers(0, 65535), st.booleans())
def test_a_long_message_in_any_language_survives(
    data: st.DataObject, pair: tuple[int, int], reference: int, wide: bool
) -> None:
    locking, single = pair
    text = data.draw(st.text(signs_of(locking, single), min_size=100, max_size=500))
    reference &= 0xFFFF if wide else 0xFF
    records = encode_submit(
        text, party=LI_WEI, coding="gsm7", locking=locking, single=single, reference=reference, wide=wide
    )
    read = [decode_sms_record(raw) for raw in records]
    assert "".join(record.text for record in read) == text
    assert not any(record.damaged for record in read)
    assert len(read) == 1 or {(record.reference, record.parts) for record in read} == {(reference, len(read))}


@given(st.binary(min_size=1, max_size=600), st.booleans(), st.sampled_from([b"", b"\xa7", bytes(7)]))
def test_octets_survive(data: bytes, wide: bool, validity: bytes) -> None:
    records = encode_submit(party="9001", data=data, wide=wide, validity=validity)
    read = [decode_sms_record(raw) for raw in records]
    assert b"".join(record.data for record in read) == data
    assert {record.coding for record in read} == {"8bit"}
    assert not any(record.damaged for record in read)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("Ж" * 70, 1),
        ("Ж" * 71, 2),
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
    ],
)
def test_a_text_that_fills_its_record_or_just_needs_another_is_read_whole(text: str, parts: int) -> None:
    records = [decode_sms_record(raw) for raw in encode_deliver(text, party=LI_WEI, at=NOW)]
    assert [record.parts for record in records] == [parts] * parts
    assert "".join(record.text for record in records) == text


def test_signs_of_several_units_at_the_end_of_a_part_are_read_whole() -> None:
    for text in ("a" + "€" * 200, "Ж" + "🙂" * 100):
        records = [decode_sms_record(raw) for raw in encode_deliver(text, party=LI_WEI, at=NOW)]
        assert "\ufffd" not in "".join(record.text for record in records)
        assert not any(record.damaged for record in records)


def test_the_units_of_a_text_are_kept_for_joining_only() -> None:
    (raw,) = encode_deliver("Да", party=LI_WEI, at=NOW)
    record = decode_sms_record(raw)
    assert record.units == b"\x04\x14\x04\x30"
    assert replace(record, units=b"").data == b""
