import { expect, test } from 'vitest';
import { createSystemClock } from '../../../../ports/clock/system.ts';
import { FAULT_NAMES, FAULTS, type FaultName } from '../../../../local/sandbox/fault.ts';
import { held, holding, NOW_S, openSandbox, ouraTokens, withingsTokens, type Opened } from './harness.ts';

const USER = '00000000-0000-4000-8000-00000000000a';
const days = Array.from({ length: 8 }, (_, at) => held('sleep', at + 1));
const holdings = [holding('oura', USER, days), holding('withings', '42', [held('getactivity', 1)])];
const PATH = `/oura/v2/usercollection/sleep?start_date=${days[7]?.day}&end_date=${days[0]?.day}`;

/** What came: the text and the status, or the word for none. */
async function come(opened: Opened, token: string, path = PATH): Promise<string> {
  try {
    const answer = await opened.get(path, token);
    return `${answer.status} ${await answer.text()}`;
  } catch {
    return 'broken';
  }
}

const WHOLE = `200 ${JSON.stringify({ data: days.map(({ record }) => record).toReversed(), next_token: null })}`;

/** What each fault makes of an answer. */
const MARKS: Partial<Record<FaultName, RegExp>> = {
  rate_limited: /^429 /,
  server_error: /^500 /,
  error_in_200: /^500 /,
  not_json: /^200 <!doctype html>/,
  truncated_body: /^200 \{"data".*[^}]$/,
  reset_after_served: /^broken$/,
};

test.each(Object.entries(MARKS))('%s hits a request twice at most, then the answer is whole', async (name, mark) => {
  const names = FAULT_NAMES.filter((one) => one === name);
  const opened = await openSandbox({ holdings, names });
  const { access } = await ouraTokens(opened, USER);
  const answers = [await come(opened, access), await come(opened, access), await come(opened, access)];
  expect(answers[0]).toMatch(mark);
  expect(answers[1]).toMatch(mark);
  expect(answers[2]).toBe(WHOLE);
  expect(opened.log.entries().filter(({ fault }) => fault === name)).toHaveLength(2);
});

test('with every recoverable fault at once the third answer is whole', async () => {
  const names = FAULT_NAMES.filter((name) => FAULTS[name].kind === 'recoverable');
  const opened = await openSandbox({ holdings, names });
  const { access } = await ouraTokens(opened, USER);
  await come(opened, access);
  await come(opened, access);
  expect(await come(opened, access)).toBe(WHOLE);
});

test('a limit made up by a fault says how long to wait', async () => {
  const opened = await openSandbox({ holdings, names: ['rate_limited'], pauseS: 7 });
  const { access } = await ouraTokens(opened, USER);
  const answer = await opened.get(PATH, access);
  expect(answer.headers.get('retry-after')).toBe('7');
  expect(answer.headers.get('x-ratelimit-reset')).toBe(String(NOW_S + 7));
});

test('errors inside 200 come from the provider that documents them', async () => {
  const opened = await openSandbox({ holdings, names: ['error_in_200'] });
  const { access } = await withingsTokens(opened, '42');
  const ask = async () => {
    const answer = await opened.post('/withings/v2/measure', { action: 'getactivity' }, access);
    return [answer.status, Object(await answer.json()).status];
  };
  expect([await ask(), await ask(), await ask()]).toEqual([
    [200, 2556],
    [200, 2556],
    [200, 0],
  ]);
});

test('a stalled answer comes later than whoever asked waits', async () => {
  const opened = await openSandbox({ holdings, names: ['stall'], stallMs: 300, clock: createSystemClock() });
  const { access } = await ouraTokens(opened, USER);
  const init = { headers: { authorization: `Bearer ${access}` }, signal: AbortSignal.timeout(50) };
  await expect(fetch(`${opened.url}${PATH}`, init)).rejects.toThrow(/timeout/i);
});

test('a page may point at itself or be shorter than usual, and all is there in the end', async () => {
  for (const name of ['looping_page', 'shrinking_page'] as const) {
    const opened = await openSandbox({ holdings, names: [name], pageSize: 3 });
    const { access } = await ouraTokens(opened, USER);
    const ids = new Set<string>();
    const tokens: string[] = [];
    let requests = 0;
    for (let token: string | null = ''; token !== null && requests < 30; requests += 1) {
      const page: { data: { id: string }[]; next_token: string | null } = Object(
        JSON.parse((await come(opened, access, `${PATH}&next_token=${token}`)).slice(4)),
      );
      for (const { id } of page.data) ids.add(id);
      token = page.next_token;
      tokens.push(token ?? 'end');
    }
    expect(ids.size).toBe(8);
    // Without the fault: 3, 3 and 2 rows.
    expect(requests).toBeGreaterThan(3);
    const loops = tokens.filter((token, at) => token === tokens[at - 1]);
    expect(loops.length > 0).toBe(name === 'looping_page');
  }
});

test('a clock that is off says so in Date and nowhere else', async () => {
  const opened = await openSandbox({ holdings, names: ['clock_skew'] });
  const { access } = await ouraTokens(opened, USER);
  const answer = await opened.get(PATH, access);
  expect(Date.parse(answer.headers.get('date') ?? '')).toBe((NOW_S - 90) * 1000);
  expect(`200 ${await answer.text()}`).toBe(WHOLE);
});

test('a field called otherwise keeps its value', async () => {
  const opened = await openSandbox({ holdings, names: ['renamed_field'] });
  const { access } = await ouraTokens(opened, USER);
  const { data } = Object(JSON.parse((await come(opened, access)).slice(4)));
  expect(data[0]).toMatchObject({ steps_v3: 1008 });
  expect(data[0]).not.toHaveProperty('steps');
});

test('a grant taken back stays so, and a scope taken away leaves the others', async () => {
  const revoked = await openSandbox({ holdings, names: ['revoked_grant'] });
  const first = await ouraTokens(revoked, USER);
  const statuses = [await come(revoked, first.access), await come(revoked, first.access)];
  expect(statuses.map((text) => text.slice(0, 3))).toEqual(['401', '401']);
  const reduced = await openSandbox({ holdings, names: ['reduced_scopes'] });
  const second = await ouraTokens(reduced, USER, 'daily workout');
  expect(await come(reduced, second.access)).toBe(WHOLE);
  expect((await come(reduced, second.access, '/oura/v2/usercollection/workout')).slice(0, 3)).toBe('403');
});

const present = async (opened: Opened, token: string): Promise<number> => {
  const fields = {
    grant_type: 'refresh_token',
    refresh_token: token,
    client_id: 'oura-id',
    client_secret: 'oura-secret',
  };
  return opened.post('/oura/oauth/token', fields).then(
    ({ status }) => status,
    () => 0,
  );
};

test('a token endpoint in trouble issues nothing, or what nobody hears of', async () => {
  const down = await openSandbox({ holdings, names: ['server_error'] });
  const kept = (await ouraTokens(down, USER)).refresh;
  expect([await present(down, kept), await present(down, kept), await present(down, kept)]).toEqual([503, 503, 200]);
  expect(down.ledger.reuses()).toBe(0);
  const lossy = await openSandbox({ holdings, names: ['refresh_answer_lost', 'refresh_answer_lost_for_good'] });
  const lost = (await ouraTokens(lossy, USER)).refresh;
  expect([await present(lossy, lost), await present(lossy, lost)]).toEqual([0, 400]);
  expect(lossy.ledger.reuses()).toBe(1);
});

test('two refreshes at once are noticed', async () => {
  const opened = await openSandbox({ holdings, clock: createSystemClock(), tokenMs: 50 });
  const { refresh } = await ouraTokens(opened, USER);
  const fields = {
    grant_type: 'refresh_token',
    refresh_token: refresh,
    client_id: 'oura-id',
    client_secret: 'oura-secret',
  };
  await Promise.all([opened.post('/oura/oauth/token', fields), opened.post('/oura/oauth/token', fields)]);
  expect(opened.ledger.overlaps()).toBeGreaterThan(0);
});
