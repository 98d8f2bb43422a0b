import { sumsIn, type Sum } from '../capture/sum.ts';
import { wordsOf } from '../understand/words.ts';
import type { Fact, Price } from './bundle.ts';
import type { SourcePrice } from './knowledge-source.ts';

/** Prices as the bundle has them: a range, whose ends are the same when it is one amount. */
export function pricesOf(written: SourcePrice | readonly SourcePrice[] | undefined, currency: string): Price[] {
  const list = written === undefined ? [] : isList(written) ? written : [written];
  return list.map(({ amount, from, to, currency: own, per, for: whom }) => {
    const low = amount ?? from;
    const high = amount ?? to;
    return {
      ...(low === undefined ? {} : { from: low }),
      ...(high === undefined ? {} : { to: high }),
      currency: own ?? currency,
      ...(per === undefined ? {} : { per }),
      ...(whom === undefined ? {} : { for: whom }),
    };
  });
}

const isList = (value: SourcePrice | readonly SourcePrice[]): value is readonly SourcePrice[] => Array.isArray(value);

/** A dollar sign is the dollar of many countries. */
const dollars = new Set(['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN']);

const sameCurrency = (said: string, written: string): boolean =>
  said === written || (said === 'USD' && dollars.has(written));

/** Every sum of money that a sentence names, in digits or in words. */
export function sumsSaid(text: string): Sum[] {
  return sumsIn(wordsOf(text.replaceAll('€', ' euro ').replaceAll('£', ' pounds ').replaceAll('¥', ' yen ')));
}

/** The sums in a sentence that none of the facts holds as a price. */
export function unknownSums(text: string, facts: readonly Pick<Fact, 'prices'>[]): Sum[] {
  const known = facts.flatMap(({ prices }) => prices);
  return sumsSaid(text).filter(
    (sum) =>
      !known.some(
        ({ from, to, currency }) => sameCurrency(sum.currency, currency) && (from === sum.amount || to === sum.amount),
      ),
  );
}

/** "8500 to 16000 USD per month for children" */
export function priceText({ from, to, currency, per, for: whom }: Price): string {
  const range =
    from === undefined
      ? `up to ${to ?? 0}`
      : to === undefined
        ? `from ${from}`
        : from === to
          ? `${from}`
          : `${from} to ${to}`;
  return `${range} ${currency}${per === undefined ? '' : ` per ${per}`}${whom === undefined ? '' : ` for ${whom}`}`;
}
