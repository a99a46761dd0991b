import { type Bill, billOf, type Term } from './bill.ts';
import type { Load } from './load.ts';
import { type Price, type PriceName, prices } from './prices.ts';

/** A line of the bill: a price, why and how much of it, and the dollars of a month. */
export interface Line {
  readonly name: PriceName;
  readonly price: Price;
  readonly terms: readonly Term[];
  readonly quantity: number;
  readonly usd: number;
}

export const times = ({ factors }: Term): number => factors.reduce((product, [n]) => product * n, 1);

const isPrice = (name: string): name is PriceName => name in prices;

/** The lines of a load, the dearest first. */
export function linesOf(load: Load): readonly Line[] {
  const bill: Bill = billOf(load);
  const names = Object.keys(prices).filter(isPrice);
  return names
    .map((name): Line => {
      const [price, terms]: [Price, readonly Term[]] = [prices[name], bill[name]];
      const quantity = terms.reduce((sum, one) => sum + times(one), 0);
      return { name, price, terms, quantity, usd: (Math.max(0, quantity - price.free) * price.usd) / price.per };
    })
    .toSorted((a, b) => b.usd - a.usd);
}

/** Dollars of a month. */
export function totalOf(load: Load): number {
  return linesOf(load).reduce((sum, { usd }) => sum + usd, 0);
}

/** Dollars of a month in an account where something else uses up all that is free every month. */
export function totalWithoutFree(load: Load): number {
  return linesOf(load).reduce((sum, { quantity, price }) => sum + (quantity * price.usd) / price.per, 0);
}
