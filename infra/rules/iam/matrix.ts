import { ON_EVERYTHING, FOR_DEPLOYING } from '../everything.ts';
import { MANAGED } from '../managed.ts';
import { prefixOf } from '../resources.ts';
import type { Stack } from '../rule.ts';
import type { PolicyStatement } from './document.ts';
import { rolesOf, type Role } from './roles.ts';

/** What is written in a policy, and what a reader should see: names for what a stack, an account and a region are. */
function shown(stack: Stack): (arn: string) => string {
  const prefix = prefixOf(stack);
  const underscored = prefix.replaceAll('-', '_');
  return (arn) =>
    arn
      .replace(/^arn:aws:/, '')
      .replace(/:[a-z]{2}-[a-z]+-\d:\d{12}:/, ':')
      .replace(/::\d{12}:/, ':')
      .replace(/^s3:::/, 's3:')
      .replaceAll(prefix, '<stack>')
      .replaceAll(underscored, '<stack>')
      .replace(/-0a1b2c3/g, '')
      .replace(/-AbCdEf/g, '');
}

const code = (texts: readonly string[]): string =>
  texts.map((text) => `\`${text.replaceAll('|', String.raw`\|`)}\``).join('<br>');

function conditionsOf({ Condition }: PolicyStatement, show: (text: string) => string): string {
  const each = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(
      ([key, values]) =>
        `${operator} ${key} ${values.map((value) => show(value).replace(/\b\d{12}\b/, '<account>')).join(', ')}`,
    ),
  );
  return each.length === 0 ? '' : code(each);
}

function sectionOf(role: Role, show: (text: string) => string): readonly string[] {
  const who = role.trust.flatMap(({ Principal }) => Object.values(Principal ?? {}).flat());
  const when = role.trust.map((one) => conditionsOf(one, show)).filter((text) => text !== '');
  return [
    `## ${role.name}`,
    `Taken on by ${code(who.map(show))}${when.length === 0 ? '' : ` if ${when.join(' and ')}`}.`,
    '',
    '| statement | may | on | if |',
    '|---|---|---|---|',
    ...role.identity.map(
      (one) =>
        `| ${one.Sid ?? ''} | ${code(one.Action ?? [])} | ${code((one.Resource ?? []).map(show))} | ${conditionsOf(one, show)} |`,
    ),
    '',
  ];
}

const listed = (reasons: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(reasons).map(([what, why]) => `- \`${what}\`: ${why}`);

/** The rights of every role of a stack, and of those only `other` has, as a document for people who want to know who may do what. */
export function matrixOf(stack: Stack, other: Stack): string {
  const here = rolesOf(stack);
  const there = rolesOf(other).filter(({ name }) => !here.some((one) => one.name === name));
  const sections = [
    ...here.map((role) => ({ role, show: shown(stack) })),
    ...there.map((role) => ({ role, show: shown(other) })),
  ].toSorted((a, b) => (a.role.name < b.role.name ? -1 : 1));
  return `${[
    '# Who may do what',
    '',
    'Written from the recorded program with everything on by `npm run iam`; a test holds it to the program. `<stack>` is project and stack,',
    'the account and the region are left out. With `encryption=kms` every role that reads or writes data may also use the key.',
    `What each role must not do is a table of calls in \`test/infra/calls.ts\`. With \`engine=spark\` there is ${code(there.map(({ name }) => name))}, and neither \`transform\` nor \`calls-transform\`.`,
    '',
    ...sections.flatMap(({ role, show }) => sectionOf(role, show)),
    '## On everything',
    'IAM knows no resource for these; no other statement names `*`.',
    '',
    ...listed(ON_EVERYTHING),
    '',
    'The role `deploy` does what `pulumi up` does. Its statements name what is called after the stack, but for these:',
    '',
    ...listed(FOR_DEPLOYING),
    '',
    'Policies AWS wrote that a role has:',
    '',
    ...listed(MANAGED),
  ].join('\n')}\n`;
}
