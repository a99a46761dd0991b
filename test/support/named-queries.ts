import { readFileSync } from 'node:fs';
import ts from 'typescript';
import type { NamedQuery } from '../../ports/warehouse/warehouse.ts';
import { filesBelow } from './tree.ts';

/** Its statements are made from the models while it runs; test/aws/explain.test.ts asks all of them. */
const MADE = 'app/explain/statement.ts';

/** Every query `app/` names, read from the sources, so that none is forgotten: whatever is an object with `sql` in it. */
export function namedQueries(): readonly (NamedQuery & { readonly file: string })[] {
  const files = filesBelow('app', /\.tsx?$/).filter((file) => !file.endsWith(MADE));
  return files.flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    return objectsIn(source)
      .filter((object) => propertyOf(object, 'sql') !== undefined)
      .map((object) => ({
        file,
        name: textOf(source, propertyOf(object, 'name')),
        sql: textOf(source, propertyOf(object, 'sql')),
      }));
  });
}

function all(node: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [node];
  node.forEachChild((child) => void found.push(...all(child)));
  return found;
}

const objectsIn = (source: ts.SourceFile) => all(source).filter((node) => ts.isObjectLiteralExpression(node));

function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const found = object.properties.find((property) => property.name?.getText() === name);
  if (found === undefined) return undefined;
  if (!ts.isPropertyAssignment(found))
    throw new Error(`${found.getText()}: the text of a query stands beside its name.`);
  return found.initializer;
}

/** The text of a literal, with the constants of the same file in their places. */
function textOf(source: ts.SourceFile, node: ts.Expression | undefined): string {
  if (node !== undefined && ts.isStringLiteralLike(node)) return node.text;
  if (node !== undefined && ts.isIdentifier(node)) {
    const declared = all(source).find((one) => ts.isVariableDeclaration(one) && one.name.getText() === node.text);
    if (declared !== undefined && ts.isVariableDeclaration(declared)) return textOf(source, declared.initializer);
  }
  if (node !== undefined && ts.isTemplateExpression(node)) {
    return node.templateSpans.reduce(
      (text, span) => text + textOf(source, span.expression) + span.literal.text,
      node.head.text,
    );
  }
  throw new Error(
    `${source.fileName}: ${node?.getText() ?? 'an object with sql'} is no text that can be read without running it.`,
  );
}
