import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RawEnvelope, createEnvelope, readEnvelope } from '../../app/envelope.ts';

const RAW: RawEnvelope = {
  provider: 'garmin',
  account: 'a_qcxujc7ldcmwrtvs',
  resource: 'dailies',
  deliveryId: 'd_aaaaaaaaaaaaaaaaaaaa',
  part: 2,
  // 2026-11-20T07:00:00.123Z
  receivedAt: Date.UTC(2026, 10, 20, 7, 0, 0, 123),
  receiver: 'push',
  data: '{"dailies":[]}',
  attributes: { keyid: 'k1', aggregation: 'Day' },
};

// printf '{"dailies":[]}' | openssl dgst -sha256
const SHA = 'ae699160092c7831b715e3d59748cdeff88a446d2d5d31e552ff4082d7030b69';

const text = (raw: RawEnvelope): string => Buffer.from(createEnvelope(raw).document).toString();

test('the document is one CloudEvents object with its attributes in the order of the contract and the data last', () => {
  const { key, sha256 } = createEnvelope(RAW);
  expect(sha256).toBe(SHA);
  expect(text(RAW)).toBe(
    '{"specversion":"1.0","id":"d_aaaaaaaaaaaaaaaaaaaa/2","source":"wellspring/garmin","type":"garmin.dailies",' +
      `"subject":"a_qcxujc7ldcmwrtvs","time":"2026-11-20T07:00:00.123Z","sha256":"${SHA}",` +
      '"datacontenttype":"application/json","receiver":"push","keyid":"k1","aggregation":"Day","data":{"dailies":[]}}',
  );
  expect(key).toBe(`raw/2026-11-20/garmin/a_qcxujc7ldcmwrtvs/dailies-${SHA}.json`);
});

test('an import names the file it was read from', () => {
  expect(text({ ...RAW, receiver: 'import', dataref: 'uploads/x' })).toContain(
    '"receiver":"import","dataref":"uploads/x","keyid"',
  );
});

test('the key of a notice holds its receive time, so the same notice again is another object', () => {
  // 1795158000123 = 2026-11-20T07:00:00.123Z
  expect(createEnvelope({ ...RAW, notice: true }).key).toMatch(/-[0-9a-f]{64}\.1795158000123\.json$/);
});

test('a strange type becomes other, in the key and in the type', () => {
  const strange = { ...RAW, resource: '../../x' };
  expect(createEnvelope(strange).key).toContain('/other-');
  expect(text(strange)).toContain('"type":"garmin.other"');
});

test('the data come back character for character, white space around them included', () => {
  const data = ' \n{ "data" : 1.0, "x":"\\u00e9}" }\t';
  const { document } = createEnvelope({ ...RAW, data });
  expect(readEnvelope(document)).toMatchObject({ data, encoding: 'json', attributes: { id: `${RAW.deliveryId}/2` } });
  expect(JSON.parse(Buffer.from(document).toString())).toMatchObject({ data: JSON.parse(data) });
});

test('whatever JSON is put in comes out as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1), fc.string(), (value, indent, keyid) => {
      const data = JSON.stringify(value, null, indent);
      const read = readEnvelope(createEnvelope({ ...RAW, data, attributes: { keyid } }).document);
      expect(read.data).toBe(data);
      expect(read.attributes['keyid']).toBe(keyid);
    }),
  );
});

test('bytes that are no JSON text travel as base64', () => {
  const { document } = createEnvelope({ ...RAW, data: new Uint8Array([0xff, 0x00]) });
  expect(Buffer.from(document).toString()).toContain('"datacontenttype":"application/octet-stream"');
  // ff 00 in base64: 111111 110000 0000(00) = / w A =
  expect(readEnvelope(document)).toMatchObject({ data: '/wA=', encoding: 'base64' });
});

test.each(['{}', '{"specversion":"1.0"}'])('%s is no envelope', (document) => {
  expect(() => readEnvelope(Buffer.from(document))).toThrow(SyntaxError);
});
