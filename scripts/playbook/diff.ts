import * as v from 'valibot';
import { Line, Price, type Bundle } from '../../dialogue/playbook/bundle.ts';
import { priceText } from '../../dialogue/playbook/prices.ts';

/** One thing that two playbooks say differently. Without `before` it is new, without `after` it is gone. */
export interface Change {
  /** As `facts`. */
  readonly section: string;
  /** As `warranty`; empty where the section has no items. */
  readonly item: string;
  /** As `says`. */
  readonly field: string;
  readonly before?: string;
  readonly after?: string;
}

const voiced = 'as the voice reads it';

/** What an owner changed between two playbooks: words, prices, points, order, examples. */
export function diffBundles(before: Bundle, after: Bundle): Change[] {
  const old = entriesOf(before);
  const fresh = entriesOf(after);
  const keys = [...new Set([...old.keys(), ...fresh.keys()])];
  const differs = (key: string) => old.get(key)?.value !== fresh.get(key)?.value;
  return keys.flatMap((key) => {
    // How the voice reads a sentence goes without saying when the sentence itself is another.
    if (key.endsWith(`\n${voiced}`) && differs(key.slice(0, -voiced.length - 1))) return [];
    const [was, is] = [old.get(key), fresh.get(key)];
    const { section, item, field } = was ?? is ?? { section: '', item: '', field: '' };
    if (!differs(key)) return [];
    const gone = was === undefined ? {} : { before: was.value };
    return [{ section, item, field, ...gone, ...(is === undefined ? {} : { after: is.value }) }];
  });
}

interface Entry {
  readonly section: string;
  readonly item: string;
  readonly field: string;
  readonly value: string;
}

/** A bundle as lines that can be compared, in its own order. What is only worked out from the rest is left out. */
function entriesOf(bundle: Bundle): Map<string, Entry> {
  const { classifier, graph } = bundle;
  const workedOut = new Set(['hash', 'classifier', 'speech', 'graph']);
  const entries = new Map<string, Entry>();
  const add = (path: readonly string[], value: string): void => {
    const [section = '', item = '', ...rest] = path;
    const [last = ''] = path.slice(-1);
    const field = (rest.join(' ') || (path.length === 1 ? '' : last)).replace(/\blines\b/, 'says');
    const single = path.length === 2;
    entries.set(path.join('\n'), { section, item: single ? '' : item, field, value });
  };
  const walk = (path: readonly string[], value: unknown): void => {
    if (value === undefined || value === null) return;
    if (!Array.isArray(value)) {
      if (typeof value === 'object') for (const [key, each] of Object.entries(value)) walk([...path, key], each);
      else add(path, typeof value === 'string' ? value : JSON.stringify(value));
      return;
    }
    const items: readonly unknown[] = value;
    const lines = v.safeParse(v.pipe(v.array(v.strictObject(Line.entries)), v.minLength(1)), items);
    const prices = v.safeParse(v.pipe(v.array(v.strictObject(Price.entries)), v.minLength(1)), items);
    if (items.every((each) => typeof each !== 'object')) {
      if (items.length > 0) add(path, items.join(', '));
    } else if (lines.success) {
      add(path, lines.output.map((line) => line.text).join(' '));
      const spoken = lines.output.flatMap((line) => (line.spoken === undefined ? [] : [line.spoken]));
      if (spoken.length > 0) add([...path, voiced], spoken.join(' '));
    } else if (prices.success) add(path, prices.output.map(priceText).join('; '));
    else items.forEach((each, index) => walk([...path, idOf(each) ?? String(index + 1)], each));
  };
  for (const [section, value] of Object.entries(bundle)) if (!workedOut.has(section)) walk([section], value);
  for (const { from, kind, to } of graph.edges) add(['graph', from, `${kind} ${to}`], `${kind} ${to}`);
  for (const [words, index] of Object.entries(classifier.exact)) {
    const label = classifier.labels[index];
    if (label === undefined) continue;
    const name = [label.kind, label.question, label.id].filter((part) => part !== undefined).join(' ');
    add(['examples', name, words], words);
  }
  return entries;
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
    ? value.id
    : undefined;
}

/** Changes as an owner reads them: by section and item, the old with a minus, the new with a plus. */
export function formatDiff(changes: readonly Change[]): string {
  const out: string[] = [];
  let [section, item] = ['', ''];
  for (const change of changes) {
    if (change.section !== section) {
      out.push(...(out.length === 0 ? [] : ['']), change.section);
      [section, item] = [change.section, ''];
    }
    if (change.item !== item && change.item !== '') out.push(`  ${change.item}`);
    item = change.item;
    const value = change.before ?? change.after;
    const named = change.field !== '' && change.field !== value;
    const indent = '  '.repeat((item === '' ? 1 : 2) + (named ? 1 : 0));
    if (named) out.push(`${indent.slice(2)}${change.field}`);
    if (change.before !== undefined) out.push(`${indent}- ${change.before}`);
    if (change.after !== undefined) out.push(`${indent}+ ${change.after}`);
  }
  return out.join('\n');
}
