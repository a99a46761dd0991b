import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LINES = 200;

const unless = (holds: boolean, sentence: string): readonly string[] => (holds ? [] : [sentence]);

/** What a provider lacks to be whole, each as a sentence; `root` is the tree to look at. Nothing is imported from it. */
export function missingPieces(id: string, root = '.'): readonly string[] {
  const has = (path: string): boolean => existsSync(join(root, path));
  const text = (path: string): string => (has(path) ? readFileSync(join(root, path), 'utf8') : '');
  const names = (folder: string): readonly string[] => (has(folder) ? readdirSync(join(root, folder)) : []);

  const file = `providers/${id}.ts`;
  const fixtures = `test/fixtures/${id}/README.md`;
  const tests = `test/providers/${id}.test.ts`;
  const staging = `models/staging/${id}`;
  const models = names(staging).filter((name) => name.endsWith('.sql'));
  const undescribed = models.filter((name) => !has(join(staging, name.replace(/\.sql$/, '.yml'))));
  const lines = text(file).trimEnd().split('\n').length;
  const golden = names('test/models/golden').some((name) => name.startsWith(id) && name.endsWith('.test.ts'));
  const hasOAuth = /^ {2}oauth: /m.test(text(file));

  return [
    ...unless(has(file), `there is no ${file}`),
    ...unless(
      lines <= LINES,
      `${file} has ${lines} lines, more than ${LINES}: what is generic belongs in providers/kit`,
    ),
    ...unless(!has(`providers/${id}`), `providers/${id}/ stands beside its file: a provider is one file`),
    ...unless(text('providers/index.ts').includes(`from './${id}.ts'`), `providers/index.ts has no line for ${id}`),
    ...unless(has(fixtures), `there is no ${fixtures} that says where each recorded payload is from`),
    ...unless(
      !has(fixtures) || hasSandbox(text(fixtures), has),
      `${fixtures} has no line "Sandbox: <file>" or "Sandbox: none, because …"`,
    ),
    ...unless(text(tests).includes(`providerContract(${id}`), `${tests} does not call providerContract(${id}, …)`),
    ...unless(models.length > 0, `there is no staging model in ${staging}`),
    ...undescribed.map((name) => `${join(staging, name)} has no .yml beside it`),
    ...unless(golden, `there is no golden test test/models/golden/${id}.test.ts`),
    ...unless(
      new RegExp(`^${id}\\.`, 'm').test(text('models/records.csv')),
      `models/records.csv has no line for ${id}`,
    ),
    ...unless(has(`docs/providers/${id}.md`), `there is no guide docs/providers/${id}.md`),
    ...unless(!hasOAuth || text('local/keys.ts').includes(`${id}ClientId`), `local/keys.ts has no ${id}ClientId`),
  ];
}

/** Whether a README names the file that plays the provider, or says why none does. */
function hasSandbox(readme: string, has: (path: string) => boolean): boolean {
  const [, stated = ''] = /^Sandbox: (.+)$/m.exec(readme) ?? [];
  if (/^none, because .{10,}/.test(stated)) return true;
  const path = /local\/sandbox\/[\w/.-]+\.tsx?/.exec(stated)?.[0];
  return path !== undefined && has(path);
}
