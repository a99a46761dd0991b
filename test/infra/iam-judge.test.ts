import { describe, expect, test } from 'vitest';
import { holds, type Context } from '../../infra/rules/iam/condition.ts';
import { statementsOf } from '../../infra/rules/iam/document.ts';
import { judge, type Call } from '../../infra/rules/iam/judge.ts';

// Each title is a sentence of IAM's user guide: "Policy evaluation logic", "IAM JSON policy elements".

const policy = (...Statement: readonly object[]) => statementsOf({ Version: '2012-10-17', Statement });
const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::raw/*' };
const role = 'arn:aws:iam::123456789012:role/receive';
const read: Call = { action: 's3:GetObject', resource: 'arn:aws:s3:::raw/a/b.json' };

/** What is decided about a call by the role's own policy and that of the resource. */
function allowed(call: Call, identity: readonly object[], resource: readonly object[] = []): boolean {
  return judge(call, { principal: role, kind: 'AWS', identity: policy(...identity) }, policy(...resource)).allowed;
}

/** The resource lets somebody in. */
const to = (Principal: unknown) => ({ ...allow, Principal });
const can = (Action: string, action: string) => allowed({ ...read, action }, [{ ...allow, Action }]);
const reaches = (Resource: string, resource: string) => allowed({ ...read, resource }, [{ ...allow, Resource }]);
const met = (condition: Record<string, Record<string, readonly string[]>>, context: Context) =>
  holds(condition, context);

describe('allowing and denying', () => {
  test('by default all requests are implicitly denied', () => {
    expect(allowed(read, [])).toBe(false);
  });

  test('an explicit allow overrides the default', () => {
    expect(allowed(read, [allow])).toBe(true);
  });

  test('an explicit deny in any policy overrides any allows', () => {
    expect(allowed(read, [allow, { ...allow, Effect: 'Deny' }])).toBe(false);
    expect(allowed(read, [allow], [{ ...allow, Effect: 'Deny', Principal: '*' }])).toBe(false);
  });

  test('within one account an allow of the resource alone is enough, for whom it names', () => {
    expect(allowed(read, [], [to({ AWS: role })])).toBe(true);
    expect(allowed(read, [], [to('*')])).toBe(true);
    expect(allowed(read, [], [to({ AWS: `${role}-other` })])).toBe(false);
    expect(allowed(read, [], [to({ Service: 'events.amazonaws.com' })])).toBe(false);
    // A name of another kind is somebody else.
    expect(allowed(read, [], [to({ Service: role })])).toBe(false);
    // The account itself only lets its own policies decide.
    expect(allowed(read, [], [to({ AWS: 'arn:aws:iam::123456789012:root' })])).toBe(false);
  });

  test('a deny whose condition does not hold denies nothing', () => {
    const withoutTls = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    expect(allowed({ ...read, context: { 'aws:SecureTransport': 'true' } }, [allow], [withoutTls])).toBe(true);
    expect(allowed({ ...read, context: { 'aws:SecureTransport': 'false' } }, [allow], [withoutTls])).toBe(false);
  });
});

describe('actions and resources', () => {
  test('the names of actions are the same in any case', () => {
    expect(can('S3:getobject', 's3:GetObject')).toBe(true);
  });

  test('a * stands for any letters, a ? for one', () => {
    expect(can('s3:Get*', 's3:GetObjectVersion')).toBe(true);
    expect(can('s3:Get*', 's3:PutObject')).toBe(false);
    expect(can('s3:GetObject', 's3:GetObjectVersion')).toBe(false);
    expect(reaches('arn:aws:s3:::raw/?/b', 'arn:aws:s3:::raw/a/b')).toBe(true);
    expect(reaches('arn:aws:s3:::raw/?/b', 'arn:aws:s3:::raw/aa/b')).toBe(false);
  });

  test('what is below a bucket is not the bucket, and the other way round', () => {
    expect(reaches('arn:aws:s3:::raw/*', 'arn:aws:s3:::raw')).toBe(false);
    expect(reaches('arn:aws:s3:::raw', 'arn:aws:s3:::raw/a')).toBe(false);
    expect(reaches('arn:aws:s3:::raw/raw/*', 'arn:aws:s3:::raw/uploads/a')).toBe(false);
  });

  test('the letters of resources are told apart by case, and others than * and ? stand for themselves', () => {
    expect(reaches('arn:aws:s3:::raw/A.json', 'arn:aws:s3:::raw/a.json')).toBe(false);
    expect(reaches('arn:aws:s3:::raw/a.json', 'arn:aws:s3:::raw/aXjson')).toBe(false);
  });

  test('NotAction and NotResource match everything but what they list', () => {
    expect(allowed(read, [{ Effect: 'Allow', NotAction: 's3:Put*', Resource: '*' }])).toBe(true);
    expect(allowed(read, [{ Effect: 'Allow', NotAction: 's3:Get*', Resource: '*' }])).toBe(false);
    expect(allowed(read, [{ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::raw/*' }])).toBe(false);
  });
});

describe('conditions', () => {
  const arn = 'arn:aws:events:us-east-1:123456789012:rule/bus/one';

  test('several keys and operators must all hold, of several values one', () => {
    const both = { StringEquals: { a: ['1', '2'], b: ['3'] } };
    expect(met(both, { a: '2', b: '3' })).toBe(true);
    expect(met(both, { a: '2', b: '4' })).toBe(false);
    expect(met({ StringEquals: { a: ['1'] }, StringLike: { b: ['x*'] } }, { a: '1', b: 'y' })).toBe(false);
  });

  test('the names of keys are the same in any case, their values are not', () => {
    expect(met({ StringEquals: { 'AWS:SourceAccount': ['1'] } }, { 'aws:sourceaccount': '1' })).toBe(true);
    expect(met({ StringEquals: { a: ['X'] } }, { a: 'x' })).toBe(false);
    expect(met({ StringEqualsIgnoreCase: { a: ['X'] } }, { a: 'x' })).toBe(true);
  });

  test('StringEquals takes a * for a star, StringLike for any letters', () => {
    expect(met({ StringEquals: { p: ['raw/*'] } }, { p: 'raw/a' })).toBe(false);
    expect(met({ StringLike: { p: ['raw/*'] } }, { p: 'raw/a' })).toBe(true);
    expect(met({ StringLike: { p: ['raw/*'] } }, { p: 'uploads/a' })).toBe(false);
  });

  test('ArnLike and ArnEquals compare each part of an ARN on its own', () => {
    for (const operator of ['ArnLike', 'ArnEquals']) {
      expect(met({ [operator]: { s: ['arn:aws:events:*:123456789012:rule/bus/*'] } }, { s: arn })).toBe(true);
      expect(met({ [operator]: { s: ['arn:aws:events:*:rule/bus/*'] } }, { s: arn })).toBe(false);
      expect(met({ [operator]: { s: ['arn:aws:events:us-east-1:999999999999:rule/*'] } }, { s: arn })).toBe(false);
    }
  });

  test('a key the request does not have makes a condition fail, a negated one and an …IfExists hold', () => {
    for (const operator of ['StringEquals', 'StringLike', 'ArnLike', 'Bool'])
      expect(met({ [operator]: { a: [arn] } }, {})).toBe(false);
    for (const operator of ['StringNotEquals', 'StringNotLike', 'ArnNotLike', 'StringEqualsIfExists']) {
      expect(met({ [operator]: { a: [arn] } }, {})).toBe(true);
    }
  });

  test('a negated operator holds when no value equals', () => {
    expect(met({ StringNotEquals: { a: ['1', '2'] } }, { a: '3' })).toBe(true);
    expect(met({ StringNotEquals: { a: ['1', '2'] } }, { a: '2' })).toBe(false);
  });

  test('Null asks whether a key is absent', () => {
    expect(met({ Null: { a: ['true'] } }, {})).toBe(true);
    expect(met({ Null: { a: ['true'] } }, { a: '1' })).toBe(false);
    expect(met({ Null: { a: ['false'] } }, { a: '1' })).toBe(true);
  });

  test('ForAllValues wants every value of the request and holds for none, ForAnyValue wants one', () => {
    expect(met({ 'ForAllValues:StringEquals': { a: ['1', '2'] } }, { a: ['1', '2'] })).toBe(true);
    expect(met({ 'ForAllValues:StringEquals': { a: ['1'] } }, { a: ['1', '2'] })).toBe(false);
    expect(met({ 'ForAllValues:StringEquals': { a: ['1'] } }, {})).toBe(true);
    expect(met({ 'ForAnyValue:StringEquals': { a: ['1'] } }, { a: ['1', '2'] })).toBe(true);
    expect(met({ 'ForAnyValue:StringEquals': { a: ['1'] } }, {})).toBe(false);
  });

  test('numbers are compared as numbers', () => {
    expect(met({ NumericLessThanEquals: { a: ['10'] } }, { a: '9' })).toBe(true);
    expect(met({ NumericLessThanEquals: { a: ['10'] } }, { a: '11' })).toBe(false);
  });

  test('what is not judged here is refused instead of guessed', () => {
    expect(() => met({ IpAddress: { 'aws:SourceIp': ['10.0.0.0/8'] } }, { 'aws:SourceIp': '10.1.1.1' })).toThrow(
      /not one that is judged/,
    );
    expect(() => met({ StringEquals: { a: ['${aws:username}'] } }, { a: 'x' })).toThrow(/Variables/);
  });
});

describe('documents', () => {
  test('one statement, one action and one resource need no list', () => {
    expect(statementsOf({ Version: '2012-10-17', Statement: allow })).toEqual([
      { Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::raw/*'], Condition: {} },
    ]);
  });

  test('a statement IAM would refuse is refused', () => {
    expect(() => policy({ ...allow, Effect: 'allow' })).toThrow();
    expect(() => policy({ ...allow, NotAction: 's3:*' })).toThrow();
    expect(() => policy({ ...allow, Actions: 's3:*' })).toThrow();
  });
});
