import { everySentence } from './every-sentence.ts';
import { nodeKey } from './graph.ts';
import type { Report } from './report.ts';
import { pricesOf, priceText, sumsSaid, unknownSums } from './prices.ts';
import { linesOf } from './sentences.ts';
import type { Source } from './source.ts';
import type { Price } from './bundle.ts';

/** No sentence names a sum that the graph does not hold, and the graph holds one price for one thing. */
export function checkPrices(source: Source, report: Report): void {
  const priced = source.facts.map(({ id, price }) => ({ id, prices: pricesOf(price, source.business.currency) }));
  for (const { path, says, cites } of everySentence(source)) {
    const facts = cites === null ? priced : priced.filter(({ id }) => cites.includes(id));
    for (const { text, spoken } of linesOf(says)) {
      for (const sum of unknownSums(text, facts))
        report.error(
          path,
          `"${text}" names ${sum.amount} ${sum.currency}, which is no price ${cites === null ? 'of any fact' : `of ${cites.join(', ') || 'a fact it cites'}`}.`,
          knownPrices(facts) ?? `write it down as \`price: { amount: ${sum.amount} }\``,
        );
      if (spoken !== undefined && !sameSums(text, spoken))
        report.error(path, `The voice would read other sums than are written: "${spoken}".`, `the text says "${text}"`);
    }
  }
  contradictions(source, priced, report);
}

function knownPrices(facts: readonly { id: string; prices: readonly Price[] }[]): string | undefined {
  const known = facts.flatMap(({ id, prices }) => prices.map((price) => `${id} has ${priceText(price)}`));
  return known.length === 0 ? undefined : known.slice(0, 4).join('; ');
}

function sameSums(text: string, spoken: string): boolean {
  const amounts = (of: string) =>
    sumsSaid(of)
      .map(({ amount }) => amount)
      .sort((a, b) => a - b)
      .join(' ');
  return amounts(text) === amounts(spoken);
}

/** Two prices for the same thing, for the same people, by the same unit, that are not the same. */
function contradictions(
  source: Source,
  priced: readonly { id: string; prices: readonly Price[] }[],
  report: Report,
): void {
  const first = new Map<string, { price: Price; path: readonly (string | number)[] }>();
  source.facts.forEach(({ id, priceOf }, index) => {
    for (const price of priced[index]?.prices ?? []) {
      for (const product of priceOf.length === 0 ? [id] : priceOf) {
        const key = [nodeKey('fact', product), price.per ?? '', price.for ?? ''].join(' | ').toLowerCase();
        const path = ['facts', index, 'price'];
        const known = first.get(key);
        if (known === undefined) first.set(key, { price, path });
        else if (priceText(known.price) !== priceText(price)) {
          const { file, line } = report.locate(known.path);
          report.error(
            path,
            `"${product}" has two prices: ${priceText(known.price)} and ${priceText(price)}.`,
            `the other stands at ${file}:${line}; tell them apart with \`for:\` or \`per:\``,
          );
        }
      }
    }
  });
}
