import type { Row } from '../ports/warehouse/warehouse.ts';
import { textOf } from './cells.ts';
import { isSecret, masked } from './mask.ts';
import { namesOf } from './passage.ts';

/** A row whose texts may be a provider's own, without the access tokens and callback addresses in them; its `text` at a `pointer` to one is `…`. */
export function maskedRow(row: Row): Row {
  const isHidden = namesOf(textOf(row['pointer'])).some(isSecret);
  const cells = Object.entries(row).map(([name, cell]) => {
    if (typeof cell !== 'string') return [name, cell] as const;
    return [name, name === 'text' && isHidden ? '…' : masked(cell)] as const;
  });
  return Object.fromEntries(cells);
}
