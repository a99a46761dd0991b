import json
import unittest

from wellspring.document import decode, parse, text_at, write
from wellspring.envelope import has_element, read_envelope
from wellspring.readers import read_readers
from wellspring.records import read_records

HEADER = "type,entity,path,where,carry,identity,replaces,version,grows,date\n"
KEY = "raw/2026-01-02/p/a_1/t-" + "0" * 64 + ".json"


def records(line: str, data: object, **attributes: object) -> list[tuple]:
    readers = read_readers(HEADER + line)
    return [(one.entity, one.pointer, one.key) for one in read_records(parse(json.dumps({**attributes, "data": data})), readers)]


class Paths(unittest.TestCase):
    def test_a_record_an_element_with_its_pointer_and_key(self) -> None:
        found = records("p.t,day,$.days[*],,,date,record,,,", {"days": [{"date": "a"}, {"date": "b"}]})
        self.assertEqual(found, [("day", "/days/0", '["a"]'), ("day", "/days/1", '["b"]')])

    def test_the_entries_of_a_map_are_records_and_their_names_are_escaped(self) -> None:
        found = records("p.t,beat,$.beats{*},,,key,record,,,", {"beats": {"a/b~c": 1}})
        self.assertEqual(found, [("beat", "/beats/a~1b~0c", '["a/b~c"]')])

    def test_nearest_enclosing_field_is_carried_then_attributes_of_the_envelope(self) -> None:
        line = "p.t,row,$.outer.rows[*],,unit,unit,record,,,"
        data = {"unit": "far", "outer": {"unit": "near", "rows": [{}]}}
        self.assertEqual(records(line, data)[0][2], '["near"]')
        self.assertEqual(records(line, {"outer": {"rows": [{}]}}, unit="envelope")[0][2], '["envelope"]')

    def test_the_same_row_twice_is_numbered(self) -> None:
        found = records("p.t,row,$.rows[*],,,Date #,covered,,,Date", {"rows": [{"Date": "d"}, {"Date": "d"}]})
        self.assertEqual([key for _, _, key in found], ['["d",1]', '["d",2]'])

    def test_the_first_complete_identity_counts_and_none_is_no_key(self) -> None:
        line = "p.t,row,$.rows[*],,,id | name start?,record,,,"
        rows = [{"id": 7, "name": "x"}, {"name": "x"}, {"start": 5}]
        self.assertEqual([key for _, _, key in records(line, {"rows": rows})], ['["7"]', '["x",null]', None])

    def test_conditions_leave_out_what_does_not_hold(self) -> None:
        rows = [{"name": "a"}, {"name": "b"}, {"name": "a", "end": 1}, {}]
        for where, kept in (("name=a", [0, 2]), ("name!=a", [1, 3]), ("end", [2]), ("!end", [0, 1, 3])):
            found = records(f"p.t,row,$.rows[*],{where},,name,record,,,", {"rows": rows})
            self.assertEqual([pointer for _, pointer, _ in found], [f"/rows/{at}" for at in kept], where)

    def test_what_stands_where_a_list_should_be_is_misshapen_and_nothing_is_not(self) -> None:
        line = "p.t,day,$.days[*],,,date,record,,,"
        self.assertEqual(records(line, {"days": "none"}), [("misshapen", "/days", None)])
        for nothing in ({"days": None}, {"days": {}}, {}, []):
            self.assertEqual(records(line, nothing), [])


class Texts(unittest.TestCase):
    def test_of_a_name_that_stands_twice_the_first_value_counts(self) -> None:
        self.assertEqual(text_at(parse('{"a":1,"b":2,"a":3}'), "a"), "1")

    def test_numbers_keep_what_they_say(self) -> None:
        self.assertEqual(write(parse("[123456789012345678901234,1.50,-1e400]")), '[123456789012345678901234,1.5,"-1e400"]')

    def test_half_a_character_becomes_the_sign_for_it_and_a_whole_one_stays(self) -> None:
        self.assertEqual(parse(decode(b'["\\ud83d","\\ud83d\\ude00","\\\\ud83d"]')), ["\ufffd", "\U0001f600", "\\ud83d"])


class Envelopes(unittest.TestCase):
    readers = read_readers(HEADER + "p.t,day,$.days[*],,,date,record,,,")

    def told(self, **changes: object) -> object:
        envelope = {"id": "d/0", "source": "wellspring/p", "type": "p.t", "subject": "a_1", "time": "2026-01-02T03:04:05.678Z", "data": {}}
        return read_envelope(KEY, json.dumps({**envelope, **changes}).encode(), self.readers)[0]

    def test_what_it_says(self) -> None:
        told = self.told()
        # 2026-01-02 is day 20455 after 1970-01-01
        self.assertEqual(told.received_ms, 20455 * 86_400_000 + (3 * 3600 + 4 * 60 + 5) * 1000 + 678)
        self.assertEqual((told.delivery_id, told.provider, told.account, told.problem), ("d", "p", "a_1", None))

    def test_what_cannot_be_read_is_said(self) -> None:
        self.assertEqual(self.told(type="p.other").problem, "no_reader")
        self.assertEqual(self.told(data=5).problem, "malformed")
        self.assertEqual(self.told(time="soon").problem, "malformed")
        self.assertEqual(self.told(subject="a_unknown", data={"days": [{}]}).problem, "no_account")
        self.assertIsNone(self.told(subject="a_unknown", data={"days": []}).problem)
        broken = read_envelope(KEY, b"{", self.readers)[0]
        self.assertEqual((broken.problem, broken.provider, broken.account, broken.type), ("malformed", "p", "a_1", "p.t"))

    def test_an_element_is_one_of_a_list_or_a_value(self) -> None:
        self.assertTrue(has_element({"a": {"b": [None]}}))
        self.assertTrue(has_element({"a": False}))
        self.assertFalse(has_element({"a": {"b": [], "c": None}}))


if __name__ == "__main__":
    unittest.main()
