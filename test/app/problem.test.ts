import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { expect, test } from 'vitest';
import { WellspringError } from '../../app/errors.ts';
import { notFound, onError } from '../../app/problem.ts';

function failing(error: Error): Hono {
  const app = new Hono();
  app.onError(onError);
  app.notFound(notFound);
  app.get('/', () => {
    throw error;
  });
  return app;
}

test('an error of ours is told with its code, its remedy and its status', async () => {
  const error = new WellspringError({
    code: 'unknown_user',
    message: 'Nobody has this name.',
    detail: 'Looked for: Ada.',
    remedy: 'See user list.',
    status: 404,
  });
  const answer = await failing(error).request('/');
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await answer.json()).toEqual({
    type: 'urn:wellspring:problem:unknown_user',
    title: 'Nobody has this name.',
    status: 404,
    detail: 'Looked for: Ada.',
    remedy: 'See user list.',
    code: 'unknown_user',
  });
});

test('when storage is away the answer says when to come back', async () => {
  const error = new WellspringError({ code: 'storage_unavailable', message: 'Full.', status: 503 });
  const answer = await failing(error).request('/');
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
});

test('an error of the framework keeps its status', async () => {
  const answer = await failing(new HTTPException(400, { message: 'Malformed JSON in request body' })).request('/');
  expect(await answer.json()).toMatchObject({ status: 400, code: 'http_400' });
});

test('any other error is 500 and tells nothing of itself', async () => {
  const answer = await failing(new Error('token abc, steps 4210')).request('/');
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toMatch(/abc|4210/);
});

test('an address nobody serves is a problem document too', async () => {
  const answer = await failing(new Error('x')).request('/nowhere');
  expect(await answer.json()).toMatchObject({ status: 404, code: 'not_found' });
});
