import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withings } from '../../providers/withings.ts';
import { fixture } from '../support/fixture.ts';

const { streams } = withings.collect;
const stream = (type: string) => {
  const found = streams.find((one) => one.type === type);
  if (found === undefined) throw new Error(`no stream ${type}`);
  return found;
};
const lines = (file: string) =>
  readFileSync(new URL(`../../models/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n');

/** 9 November 23:00Z to 10 November 23:00Z: the 10th in Paris. */
const WINDOW = {
  fromMs: Date.UTC(2026, 10, 9, 23),
  toMs: Date.UTC(2026, 10, 10, 23),
  from: '2026-11-10',
  to: '2026-11-10',
};

describe('what is asked for', () => {
  test.each([
    ['getmeas', '/measure', 'getmeas', { startdate: '1794265200', enddate: '1794351600', category: '1' }],
    ['getactivity', '/v2/measure', 'getactivity', { startdateymd: '2026-11-10', enddateymd: '2026-11-10' }],
    ['getintradayactivity', '/v2/measure', 'getintradayactivity', { startdate: '1794265200', enddate: '1794351600' }],
    ['getworkouts', '/v2/measure', 'getworkouts', { startdateymd: '2026-11-10', enddateymd: '2026-11-10' }],
    ['sleep-get', '/v2/sleep', 'get', { startdate: '1794265200', enddate: '1794351600' }],
    ['sleep-getsummary', '/v2/sleep', 'getsummary', { startdateymd: '2026-11-10', enddateymd: '2026-11-10' }],
  ])('%s is a form to %s', (type, path, action, bounds) => {
    const request = stream(type).request(WINDOW, undefined);
    expect(request).toMatchObject({
      method: 'POST',
      url: `https://wbsapi.withings.net${path}`,
      form: { action, ...bounds },
    });
    expect(request.form).not.toHaveProperty('offset');
    expect(stream(type).request(WINDOW, '300').form).toEqual({ ...request.form, offset: '300' });
  });

  test('names the fields that are left out unless they are named', () => {
    // the difference between the two recorded answers of getsummary, with and without data_fields
    for (const field of ['hr_average', 'hr_min', 'rr_average', 'sleep_score', 'apnea_hypopnea_index', 'night_events']) {
      expect(stream('sleep-getsummary').request(WINDOW, undefined).form?.['data_fields']?.split(',')).toContain(field);
    }
    for (const field of ['hr', 'rr', 'rmssd', 'sdnn_1']) {
      expect(stream('sleep-get').request(WINDOW, undefined).form?.['data_fields']?.split(',')).toContain(field);
    }
  });

  test('is what the models read: every type of measure, and every field of a summary', () => {
    const codes = lines('withings_measures.csv')
      .slice(1)
      .map((line) => line.split(',')[0]);
    expect(stream('getmeas').request(WINDOW, undefined).form?.['meastypes']?.split(',')).toEqual(codes);
    const fields = lines('fields.csv')
      .map((line) => line.split(','))
      .filter(([type]) => type?.startsWith('withings.'));
    // the two deprecated or external figures come without being asked for
    const missing = fields.filter(([type = '', , , field = '']) => {
      const asked = stream(type.replace('withings.', '')).request(WINDOW, undefined).form?.['data_fields']?.split(',');
      return asked !== undefined && !asked.includes(field.replace('data.', ''));
    });
    expect(missing.map(([, , , field]) => field)).toEqual(['data.durationtosleep']);
  });

  test('is only metrics of the catalogue, and scopes that are asked for', () => {
    const known = new Set(lines('metrics.csv').map((line) => line.split(',')[0]));
    const named = [...streams.flatMap(({ metrics }) => metrics), ...withings.views.weight.metrics];
    expect(named.filter((metric) => !known.has(metric))).toEqual([]);
    const scopes = [...streams.map(({ scope }) => scope), ...withings.subscribe.wanted.map(({ scope }) => scope)];
    expect(scopes.filter((scope) => scope === undefined || !Object.hasOwn(withings.oauth.scopes, scope))).toEqual([]);
  });
});

const next = (name: string): unknown => stream('getactivity').next(JSON.parse(fixture(`withings/${name}.json`)));

describe('the next page', () => {
  test.each([
    [{ body: { more: true, offset: 300 } }, '300'],
    [{ body: { more: 1, offset: 200 } }, '200'],
    [{ body: { more: false, offset: 200 } }, undefined],
    [{ body: { more: 0, offset: 0 } }, undefined],
    [{ body: { more: true } }, undefined],
    [{ body: { more: true, offset: 0 } }, undefined], // it would be the first again
    [{ body: {} }, undefined],
    [null, undefined],
  ])('of %j is %j', (json, cursor) => {
    expect(stream('getmeas').next(json)).toBe(cursor);
  });

  test('of the recorded pages follows from them', () => {
    expect(next('aiowithings-sleep_summary-trimmed')).toBe('300');
    expect(next('aiowithings-activity')).toBeUndefined(); // more is false beside an offset of 200
    expect(next('captured-measurev2-getactivity-0-nodata')).toBeUndefined();
  });
});

describe('subscriptions', () => {
  const door = { callbackUrl: 'https://health.example.org/webhooks/withings/k', verificationToken: 'v', settings: {} };
  const { create, list, readList, remove, wanted } = withings.subscribe;

  test('are made, listed and ended one kind of notice at a time', () => {
    const url = 'https://wbsapi.withings.net/notify';
    const callbackurl = door.callbackUrl;
    expect(list()).toEqual({ method: 'POST', url, form: { action: 'list' } });
    expect(create(door, '44')).toEqual({
      method: 'POST',
      url,
      form: { action: 'subscribe', callbackurl, appli: '44' },
    });
    const old = { key: '44', callbackUrl: 'https://old.example.org/k' };
    expect(remove(door, old)).toEqual({
      method: 'POST',
      url,
      form: { action: 'revoke', callbackurl: 'https://old.example.org/k', appli: '44' },
    });
  });

  test('are wanted for all that is read, and for the end of the grant', () => {
    expect(Object.fromEntries(wanted.map(({ key, scope }) => [key, scope]))).toEqual({
      1: 'user.metrics',
      2: 'user.metrics',
      4: 'user.metrics',
      16: 'user.activity',
      44: 'user.activity',
      46: 'user.info',
      58: 'user.metrics',
    });
  });

  test('as listed end at their second, those of the last second of 32 bits never', () => {
    const json: unknown = JSON.parse(fixture('withings/aiowithings-notify_list.json'));
    expect(readList(json)).toEqual([{ key: '1', callbackUrl: 'https://www.withings.com' }]);
    const profiles = [
      { appli: 16, callbackurl: 'https://a.example', expires: 1_800_000_000 },
      { appli: 50, callbackurl: 'https://a.example' },
    ];
    expect(readList({ status: 0, body: { profiles } })).toEqual([
      { key: '16', callbackUrl: 'https://a.example', expiresAt: 1_800_000_000_000 },
    ]);
    expect(readList(JSON.parse(fixture('withings/aiowithings-notify_subscribe.json')))).toEqual([]);
  });
});

const read = (text: string, type?: string) =>
  withings.import({ name: 'saved.json', bytes: Buffer.from(text), ...(type === undefined ? {} : { type }) });
const part = (resource: string, text: string) => ({
  ok: true,
  parts: [{ externalId: undefined, resource, text, notice: false }],
});

describe('a saved answer', () => {
  test.each([
    ['aiowithings-measurement', 'withings.getmeas', 'getmeas'],
    ['aiowithings-measurement', undefined, 'getmeas'],
    ['aiowithings-activity', undefined, 'getactivity'],
    ['captured-measurev2-getintradayactivity-0', 'getintradayactivity', 'getintradayactivity'],
    ['shimmer-sleep-summary', 'withings.sleep-getsummary', 'sleep-getsummary'],
  ])('%s with the type %s is %s, as it is, and names no account', async (name, type, resource) => {
    const text = fixture(`withings/${name}.json`);
    expect(await read(`\uFEFF${text}`, type)).toEqual(part(resource, text));
  });

  test('may be the bare list of its rows when its type is named', async () => {
    expect(await read('[{"grpid":1}]', 'getmeas')).toEqual(
      part('getmeas', '{"status":0,"body":{"measuregrps":[{"grpid":1}]}}'),
    );
  });

  test.each([
    ['nothing that is JSON', 'x', 'getmeas'],
    ['an error', '{"status":601,"body":{"measuregrps":[]}}', 'getmeas'],
    ['an unknown type', '{"status":0,"body":{"measuregrps":[]}}', 'withings.ecg'],
    ['a name of Object’s own', '{"status":0,"body":{}}', 'constructor'],
    ['rows that do not say what they are', '{"status":0,"body":{"series":[]}}', undefined],
    ['an answer to something else', '{"status":0,"body":{"series":[]}}', 'getmeas'],
    ['a bare list without a type', '[]', undefined],
  ])('that is %s is refused with a remedy', async (_, text, type) => {
    expect(await read(text, type)).toMatchObject({
      ok: false,
      code: 'unknown_format',
      remedy: expect.stringContaining('--type'),
    });
  });
});
