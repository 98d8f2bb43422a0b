import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import type { CaptureCase } from './case.ts';

const now = '2016-11-07T00:00:00';
const scales = new Map([
  ['b', 1e9],
  ['billion', 1e9],
  ['million', 1e6],
  ['trillion', 1e12],
]);
const currencies = new Map([
  ['$', 'USD'],
  ['£', 'GBP'],
  ['₩', 'KRW'],
  ['¥', 'JPY'],
  ['yuan', 'CNY'],
]);
const dateFormats =
  `LLLL d yyyy|LLL d yyyy|d LLLL yyyy|d LLL yyyy|yyyy-MM-dd|yyyy/M/d|M/d/yyyy|MM.dd.yyyy|dd-MM-yyyy|dd.MM.yyyy|
LLL-dd-yyyy|M/d/yy|LLLL d|LLL d|d LLLL|d LLL|LLL-dd`
    .replaceAll('\n', '')
    .split('|');

/** NVIDIA NeMo's pairs of written and spoken form: the spoken one is heard, the written one is wanted. */
export function nemoCases(folder: string): CaptureCase[] {
  const pairs = (name: string, kind: CaptureCase['kind'], wanted: (written: string) => CaptureCase['expected']) =>
    readFileSync(join(folder, `test_cases_${name}.txt`), 'utf8')
      .split('\n')
      .flatMap((line): CaptureCase[] => {
        const [written = '', spoken = ''] = line.split('~');
        const expected = spoken === '' ? null : wanted(written);
        return expected === null ? [] : [{ kind, text: spoken, now, zone: 'UTC', expected, source: `nemo-tn ${name}` }];
      });
  return [
    ...pairs('electronic', 'email', emailOf),
    ...pairs('telephone', 'phone', phoneOf),
    ...pairs('date', 'time', dateOf),
    ...pairs('time', 'time', timeOf),
    ...pairs('money', 'money', moneyOf),
  ];
}

// Null: the pair is no single value of its kind (a web page, an IP address, a social security number, a year, a range).

const emailOf = (written: string) => (/\//.test(written) ? null : (/\S+@\S+/.exec(written)?.[0] ?? null));

function phoneOf(written: string): string | null {
  const number = written.replace(/^\D*?(?=[+(]?\d)/, '');
  if (/^\d+\.\d+\.\d+\.\d+$/.test(number) || /^\d{3}-\d{2}-\d{4}$/.test(number)) return null;
  return number;
}

function dateOf(written: string): string | null {
  const plain = written
    .replaceAll(/(?<=\d)(?:st|nd|rd|th)\b/g, '')
    .replaceAll(/(?<=[a-z])\./gi, '')
    .replace(/sept\b/i, 'sep');
  let noSuchDay = false;
  for (const format of dateFormats) {
    const at = DateTime.fromFormat(plain, format, { zone: 'UTC', locale: 'en' });
    noSuchDay ||= at.invalidReason === 'unit out of range';
    if (!at.isValid) continue;
    if (format.includes('y')) return at.toISODate();
    const upcoming = at.set({ year: 2016 }).toISODate();
    return upcoming >= now.slice(0, 10) ? upcoming : at.set({ year: 2017 }).toISODate();
  }
  return noSuchDay ? '0001-01-01' : null;
}

function timeOf(written: string): string | null {
  const match = /^(\d{1,2})(?:[:.](\d{2}))?(?::(\d{2}))?\s*(?:([ap])\.?m\b.*)?$/i.exec(written);
  if (match === null) return null;
  const half = match[4]?.toLowerCase();
  const hour = (Number(match[1]) % (half === undefined ? 24 : 12)) + (half === 'p' ? 12 : 0);
  return [String(hour).padStart(2, '0'), match[2] ?? '00', match[3] ?? '00'].join(':');
}

function moneyOf(written: string): CaptureCase['expected'] {
  if ((written.match(/[$£₩¥]/g) ?? []).length > 1) return null;
  const match = /([$£₩¥])\s?([\d,]*\.?\d+)\s?(b|billion|million|trillion)?(?![a-z])/i.exec(written) ?? yuan(written);
  if (match === null) return null;
  const amount = Number((match[2] ?? '').replaceAll(',', '')) * (scales.get((match[3] ?? '').toLowerCase()) ?? 1);
  return { amount: Number(amount.toPrecision(15)), currency: currencies.get(match[1] ?? '') };
}

function yuan(written: string): (string | undefined)[] | null {
  const match = /^([\d.]+) (billion|million) (yuan)$/.exec(written);
  return match === null ? null : [match[0], match[3], match[1], match[2]];
}
