import { writeFileSync } from 'node:fs';
import { tablesPage } from './tables-page.ts';

/** Writes docs/tables.md from the descriptions of the models: node --import tsx test/models/tables.ts */
writeFileSync('docs/tables.md', tablesPage());
