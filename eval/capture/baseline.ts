import { momentOfCase } from './capture-value.ts';
import type { CaptureCase } from './case.ts';

export interface Baseline {
  readonly engine: string;
  /** 0 to 1: of the dates and times in the two parser files. */
  readonly exact: number;
  readonly how: string;
}

/** The usual English date parser. Only this comparison would use it, so it is not installed with the rest. */
const engine = 'chrono-node';
const version = '2.10.3';
/** Measured with this file on the 227 cases; taken as it is where the library is not installed. */
const recorded = 0.4934;

/** What chrono-node makes of the same cases; null when they are not the ones of the two parser files. */
export async function baselineOf(cases: readonly CaptureCase[]): Promise<Baseline | null> {
  const timed = cases.filter(({ source }) => source === 'DateParser.json' || source === 'TimeParser.json');
  if (timed.length === 0) return null;
  const parse = await parserIn(process.env['PARLEY_CHRONO'] ?? engine);
  if (parse === null)
    return { engine, exact: recorded, how: `version ${version}, measured earlier and not again: it is not installed` };
  const right = timed.filter((given) => parse(given) === given.expected).length;
  return { engine, exact: Math.round((10_000 * right) / timed.length) / 10_000, how: 'measured now' };
}

type Parse = (given: CaptureCase) => string | null;

async function parserIn(name: string): Promise<Parse | null> {
  const library: unknown = await import(name).catch(() => null);
  if (typeof library !== 'object' || library === null || !('parse' in library)) return null;
  const { parse } = library;
  if (typeof parse !== 'function') return null;
  return (given) => {
    const results: unknown = parse(given.text, momentOfCase(given).toJSDate(), { forwardDate: true });
    const first: unknown = Array.isArray(results) ? results[0] : null;
    if (typeof first !== 'object' || first === null || !('start' in first)) return null;
    const { start } = first;
    if (typeof start !== 'object' || start === null || !('get' in start) || typeof start.get !== 'function')
      return null;
    const get = start.get.bind(start);
    const two = (part: string, width = 2): string => String(get(part)).padStart(width, '0');
    return given.source === 'DateParser.json'
      ? `${two('year', 4)}-${two('month')}-${two('day')}`
      : `${two('hour')}:${two('minute')}:${two('second')}`;
  };
}
