import type { ApiRequest } from '../../../providers/kit/api.ts';
import { isAddress } from './identity.ts';

/** What is wrong with a request; nothing for one that may be sent. */
export function problemsOf(request: ApiRequest): readonly string[] {
  const { method, url, query, form, json } = request;
  const path = url.replace(/^https:\/\//, '');
  return [
    ...(isAddress(url) ? [] : [`${url} is no https address`]),
    ...(url.includes('?') || url.includes('#') ? [`${url} carries a query of its own`] : []),
    ...(/undefined|NaN|\[object|\/\//.test(path) ? [`${url} has a hole in it`] : []),
    ...(form !== undefined && json !== undefined ? [`${url} has two bodies`] : []),
    ...(method === 'GET' && (form !== undefined || json !== undefined) ? [`${url} is a GET with a body`] : []),
    ...Object.entries({ ...query, ...form }).flatMap(([name, value]) =>
      typeof value === 'string' && !/undefined|NaN|Invalid/.test(value) ? [] : [`${url}: ${name} is "${value}"`],
    ),
  ];
}
