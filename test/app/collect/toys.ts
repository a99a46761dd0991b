import * as z from 'zod';
import type { Stream } from '../../../providers/kit/collect.ts';
import { defineProvider } from '../../../providers/kit/provider.ts';
import type { Provider } from '../../../providers/kit/provider.ts';

/** Three made-up providers shaped like real ones, in the place of `providers/index.ts`: `vi.mock` names this file. */

const policy = { mixing: true, ai: true, mustDeregister: false };
const oauth = {
  authorizeUrl: 'https://toy.example/authorize',
  tokenUrl: 'https://toy.example/token',
  scopes: { body: 'weight', sleep: 'nights' },
  scopeSeparator: ' ',
  pkce: false,
  clientAuth: 'body',
  account: { field: 'userid' },
  refresh: { rotates: true },
} as const;

const member = (json: unknown, name: string): unknown =>
  typeof json === 'object' && json !== null ? Object.entries(json).find(([key]) => key === name)?.[1] : undefined;

const list = (type: string, more: Pick<Stream, 'title' | 'scope' | 'metrics' | 'windowDays'>): Stream => ({
  type,
  ...more,
  request: (window, cursor) => ({
    method: 'POST',
    url: `https://scale.example/${type}`,
    form: {
      startdate: String(window.fromMs / 1000),
      enddate: String(window.toMs / 1000),
      ...(cursor === undefined ? {} : { offset: cursor }),
    },
  }),
  next: (json) => (member(json, 'more') === true ? String(member(json, 'offset')) : undefined),
});

/** Form requests by instants, offsets, 200 for errors, unsigned form notices, subscriptions of each account. */
export const scale = defineProvider({
  id: 'scale',
  name: 'Scale',
  docs: 'https://scale.example/docs',
  portal: 'https://scale.example/portal',
  webhook: { limit: 64_000, auth: 'path', format: 'form', split: () => [] },
  oauth,
  collect: {
    streams: [
      list('measures', { title: 'weight', scope: 'body', metrics: ['weight_kg'], windowDays: 30 }),
      list('nights', { title: 'nights', scope: 'sleep', metrics: ['sleep_total_s'], windowDays: 1 }),
    ],
    limits: [{ per: 'app', requests: 120, windowS: 60 }],
    judge: ({ status, body }) => {
      if (status !== 200) return { kind: 'later', detail: `The provider answered ${status}.` };
      const text = new TextDecoder().decode(body);
      const code = /"status":(\d+)/.exec(text)?.[1] ?? '0';
      if (code === '0') return { kind: 'ok' };
      if (code === '401') return { kind: 'unauthorised' };
      if (code === '601') return { kind: 'limited', retryAfter: '60' };
      return code === '503'
        ? { kind: 'refused', detail: 'A field is wrong.' }
        : { kind: 'later', detail: 'It failed.' };
    },
    readNotice: (notice) => {
      const form = new URLSearchParams(typeof notice === 'string' ? notice : '');
      const [from, to] = [form.get('startdate'), form.get('enddate')];
      const times = from === null || to === null ? {} : { fromMs: Number(from) * 1000, toMs: Number(to) * 1000 };
      if (form.get('appli') === '1') return [{ kind: 'fetch', type: 'measures', ...times }];
      if (form.get('appli') === '44') return [{ kind: 'fetch', type: 'nights', ...times }];
      return form.get('appli') === '46' ? [{ kind: 'ended', how: 'revoked' }] : [];
    },
    backfillDays: 330,
  },
  subscribe: {
    per: 'account',
    wanted: [{ key: '1', scope: 'body' }, { key: '44', scope: 'sleep' }, { key: '46' }],
    list: () => ({ method: 'POST', url: 'https://scale.example/notify', form: { action: 'list' } }),
    readList: (json) => {
      const all = member(json, 'profiles');
      return (Array.isArray(all) ? all : []).map((one: unknown) => ({
        key: String(member(one, 'appli')),
        callbackUrl: String(member(one, 'callbackurl')),
      }));
    },
    create: ({ callbackUrl }, key) => ({
      method: 'POST',
      url: 'https://scale.example/notify',
      form: { action: 'subscribe', appli: key, callbackurl: callbackUrl },
    }),
    remove: (_, { key, callbackUrl }) => ({
      method: 'POST',
      url: 'https://scale.example/notify',
      form: { action: 'revoke', appli: key, callbackurl: callbackUrl },
    }),
  },
  policy,
});

/** JSON, statuses, next_token, notices that name an id, subscriptions of the app that end. */
export const ring = defineProvider({
  id: 'ring',
  name: 'Ring',
  docs: 'https://ring.example/docs',
  portal: 'https://ring.example/portal',
  webhook: { limit: 1_000_000, auth: 'signature', split: () => [] },
  oauth,
  collect: {
    streams: [
      {
        type: 'sleep',
        title: 'nights',
        metrics: ['sleep_total_s'],
        windowDays: 90,
        request: ({ from, to }, cursor) => ({
          method: 'GET',
          url: 'https://ring.example/sleep',
          query: { start_date: from, end_date: to, ...(cursor === undefined ? {} : { next_token: cursor }) },
        }),
        next: (json) => {
          const token = member(json, 'next_token');
          return typeof token === 'string' ? token : undefined;
        },
        locate: {
          request: (id) => ({ method: 'GET', url: `https://ring.example/sleep/${id}` }),
          read: (json) => {
            const day = member(json, 'day');
            return typeof day === 'string' ? day : undefined;
          },
        },
      },
    ],
    limits: [],
    readNotice: (notice) => {
      const [event, type, id] = ['event_type', 'data_type', 'object_id'].map((name) => String(member(notice, name)));
      if (type === undefined || id === undefined) return [];
      return event === 'delete' ? [{ kind: 'deleted', type, id }] : [{ kind: 'fetch', type, id }];
    },
  },
  subscribe: {
    per: 'app',
    wanted: [{ key: 'update/sleep' }],
    list: () => ({ method: 'GET', url: 'https://ring.example/subscription' }),
    readList: (json) =>
      (Array.isArray(json) ? json : []).map((one: unknown) => ({
        key: 'update/sleep',
        id: String(member(one, 'id')),
        callbackUrl: String(member(one, 'callback_url')),
        expiresAt: Date.parse(String(member(one, 'expiration_time'))),
      })),
    create: ({ callbackUrl, verificationToken }) => ({
      method: 'POST',
      url: 'https://ring.example/subscription',
      json: { callback_url: callbackUrl, verification_token: verificationToken },
    }),
    remove: (_, { id }) => ({ method: 'DELETE', url: `https://ring.example/subscription/${id}` }),
    renew: {
      request: (_, { id }) => ({ method: 'PUT', url: `https://ring.example/subscription/renew/${id}` }),
      beforeDays: 30,
    },
  },
  policy,
});

/** Pushes everything: pings with an address, deregistrations, permissions, old data on request. */
export const watch = defineProvider({
  id: 'watch',
  name: 'Watch',
  docs: 'https://watch.example/docs',
  portal: 'https://watch.example/portal',
  webhook: { limit: 1_000_000, auth: 'path', split: () => [] },
  oauth,
  collect: {
    streams: [
      {
        type: 'dailies',
        title: 'days',
        metrics: ['steps'],
        windowDays: 30,
        request: () => ({ method: 'GET', url: 'https://watch.example/never' }),
        next: () => undefined,
      },
    ],
    limits: [],
    callbacks: {
      hosts: ['watch.example'],
      paths: ['/rest/'],
      answer: z.array(z.unknown()),
      wrap: (type, text) => `{"${type}":${text}}`,
    },
    readNotice: (notice, resource) => {
      if (resource === 'ping') return [{ kind: 'follow', type: 'dailies', url: String(member(notice, 'callbackURL')) }];
      if (resource === 'deregistrations') return [{ kind: 'ended', how: 'deregistered' }];
      const scopes = member(notice, 'permissions');
      return [
        {
          kind: 'permissions',
          scopes: Array.isArray(scopes) ? scopes.map(String) : [],
          atMs: Number(member(notice, 'at')),
        },
      ];
    },
    requestBackfill: (type, { fromMs, toMs }) => ({
      method: 'GET',
      url: `https://watch.example/backfill/${type}`,
      query: { from: String(fromMs / 1000), to: String(toMs / 1000) },
    }),
  },
  policy,
});

export const providers: Readonly<Record<string, Provider>> = { scale, ring, watch };

export const findProvider = (id: string): Provider | undefined => providers[id];
