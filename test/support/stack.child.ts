import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import * as pulumi from '@pulumi/pulumi';
import callback from '@pulumi/pulumi/proto/callback_pb.js';
import * as state from '@pulumi/pulumi/runtime/state.js';
import * as z from 'zod';
import { ANSWERS, madeOf, stateOf } from './stack-state.ts';
import { plain, secretsIn } from './stack-wire.ts';

/** One registration as the engine gets it; pulumi's own type of it is not exported. */
const registration = z.custom<{
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getRemote(): boolean;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getIgnorechangesList(): string[];
  getDependenciesList(): string[];
  getObject(): { toJavaScript(): unknown } | undefined;
}>((value) => typeof value === 'object' && value !== null && 'getIgnorechangesList' in value);

const { program, project, stack, preview, config } = z
  .object({
    program: z.string(),
    project: z.string(),
    stack: z.string(),
    preview: z.boolean(),
    config: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(await text(process.stdin)));

const answered = z.custom<{ getUrn(): string }>(
  (value) => typeof value === 'object' && value !== null && 'getUrn' in value,
);
type Seen = { urn: string; readonly type: string; readonly name: string; readonly props: object };
type Answer = (failed: unknown, made: unknown) => void;

const resources: Seen[] = [];
const secrets = Object.keys(config).filter((key) => key.endsWith('Secret') || key === 'ownerToken');
pulumi.runtime.setAllConfig(
  Object.fromEntries(Object.entries(config).map(([key, value]) => [`${project}:${key}`, value])),
  secrets.map((key) => `${project}:${key}`),
);
// Before the program's first import: its modules read project, stack and account when they are loaded.
await pulumi.runtime.setMocks(
  {
    newResource: ({ type, name, inputs }) => stateOf(type, name, inputs, preview),
    call: ({ token }) => {
      const answer = ANSWERS[token];
      if (answer === undefined) throw new Error(`Nobody expected the call ${token}.`);
      return answer;
    },
  },
  project,
  stack,
  preview,
);
// awsx makes its bucket's policy in a process of its own, which mocks do not have, and ours is put in its place by a transform.
const transforms: pulumi.ResourceTransform[] = [];
const callbacks = {
  registerTransform(transform: pulumi.ResourceTransform) {
    transforms.push(transform);
    return Promise.resolve(new callback.Callback());
  },
  awaitStackRegistrations: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};
const { getStore } = z
  .looseObject({ getStore: z.custom<() => object>((value) => typeof value === 'function') })
  .parse({ ...state });
Object.assign(getStore(), { supportsTransforms: true, callbacks });
const monitor = z
  .object({
    registerResource: z.custom<(asked: unknown, answer: Answer) => unknown>((value) => typeof value === 'function'),
  })
  .loose()
  .parse(pulumi.runtime.getMonitor());
const register = monitor.registerResource.bind(pulumi.runtime.getMonitor());
// The mocks are not told of parents, protection and what is ignored; the monitor is.
Object.assign(pulumi.runtime.getMonitor() ?? {}, {
  registerResource(asked: unknown, answer: Answer) {
    const one = registration.parse(asked);
    const sent = one.getObject()?.toJavaScript() ?? {};
    const seen = {
      urn: '',
      type: one.getType(),
      name: one.getName(),
      custom: one.getCustom() || one.getRemote(),
      parent: one.getParent(),
      opts: {
        protect: one.getProtect(),
        retainOnDelete: one.getRetainondelete(),
        ignoreChanges: one.getIgnorechangesList(),
      },
      props: propsOf(one, sent),
      secrets: secretsIn(sent),
    };
    resources.push(seen);
    return register(asked, (failed, made) => {
      seen.urn = answered.safeParse(made).data?.getUrn() ?? '';
      answer(failed, made);
    });
  },
});

try {
  const exported: unknown = await import(pathToFileURL(program).href);
  await pulumi.runtime.disconnect();
  resources.push(...(await transformed()));
  const outputs = await Promise.all(Object.entries(z.looseObject({}).parse(exported)).map(outputOf));
  writeFileSync('recording.json', JSON.stringify({ resources, outputs: Object.fromEntries(outputs) }));
} catch (error) {
  const kind = pulumi.RunError.isInstance(error) ? 'RunError' : 'Error';
  const message = error instanceof Error ? error.message : String(error);
  writeFileSync('recording.json', JSON.stringify({ resources, refused: { kind, message } }));
}
process.exit(0);

/** The policies that transforms put in the place of a component's own. */
async function transformed(): Promise<readonly Seen[]> {
  const type = 'aws:s3/bucketPolicy:BucketPolicy';
  const trail = resources.find((one) => one.type === 'awsx:cloudtrail:Trail');
  const bucket = z.looseObject({ bucket: z.looseObject({ bucket: z.string() }) }).safeParse(trail?.props).data
    ?.bucket.bucket;
  if (trail === undefined || bucket === undefined) return [];
  const made = await Promise.all(
    transforms.map(async (transform) =>
      transform({ type, name: 'own', custom: true, props: { bucket, policy: 'own' }, opts: {} }),
    ),
  );
  const { policy } = z.looseObject({ policy: z.unknown() }).parse(made.find((one) => one !== undefined)?.props ?? {});
  const written = await known(policy);
  return [
    { ...trail, type, name: `${trail.name}-policy`, urn: `${trail.urn}-policy`, props: { bucket, policy: written } },
  ];
}

/** What was asked for and, as in a policy pack, what came of it. */
function propsOf(one: z.output<typeof registration>, sent: unknown) {
  const asked = z.looseObject({}).parse(plain(sent));
  return one.getCustom() || one.getRemote()
    ? { ...asked, ...madeOf(one.getType(), one.getName(), asked, preview) }
    : asked;
}

/** The outputs of a preview are mostly unknown: they would never come. */
async function outputOf([name, given]: [string, unknown]) {
  const output: pulumi.Output<unknown> = pulumi.output(given);
  return [name, { value: preview ? undefined : await known(output), secret: await pulumi.isSecret(output) }] as const;
}

function known(value: unknown): Promise<unknown> {
  const output: pulumi.Output<unknown> = pulumi.output(value);
  return new Promise((resolve) => void output.apply(resolve));
}
