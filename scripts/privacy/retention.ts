import * as v from 'valibot';
import { Region } from '../../contract/fleet.ts';
import { defaultRetention, RetentionDays, RetentionPreview, RetentionRules } from '../../contract/privacy.ts';
import { askBusiness } from '../call/ask-business.ts';
import type { RecordSource } from '../call/records.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

const classes = v.keyof(RetentionDays);
type Class = v.InferOutput<typeof classes>;

export async function fetchRetention(source: RecordSource): Promise<RetentionRules> {
  return v.parse(RetentionRules, await askBusiness(source, 'GET', 'retention'));
}

/** As it was typed: `set CLASS DAYS`, `reset` or `reset CLASS`, of one region or of all. */
export interface RetentionWish {
  readonly words: readonly string[];
  readonly region?: string | undefined;
}

/** The rules as they are to be; nothing is asked of anybody. */
export function changedRules(rules: RetentionRules, { words, region: typed }: RetentionWish): RetentionRules {
  const [verb = '', what, days, ...more] = words;
  const region = typed === undefined ? undefined : regionOf(typed);
  if (more.length > 0 || (verb === 'reset' && days !== undefined)) throw new SetUpError(usage);
  switch (verb) {
    case 'set':
      if (what === undefined || days === undefined) throw new SetUpError(usage);
      return withDays(rules, classOf(what, region), daysOf(days), region);
    case 'reset':
      return what === undefined ? resetAll(rules, region) : resetOne(rules, classOf(what, region), region);
    default:
      throw new SetUpError(`There is no "retention ${verb}". ${usage}`);
  }
}

/** What changes, what is deleted because of it, and the rules. They hold only where `yes` was said. */
export interface RetentionChange extends RetentionPreview {
  readonly before: RetentionRules;
  readonly rules: RetentionRules;
  readonly applied: boolean;
}

/** Looks first what the other rules would delete; sets them only with `yes`. */
export async function changeRetention(
  source: RecordSource,
  wish: RetentionWish,
  { yes }: { yes: boolean },
): Promise<RetentionChange> {
  const before = await fetchRetention(source);
  const rules = changedRules(before, wish);
  const preview = v.parse(RetentionPreview, await askBusiness(source, 'POST', 'retention/preview', rules));
  if (!yes) return { ...preview, before, rules, applied: false };
  const set = v.parse(RetentionRules, await askBusiness(source, 'PUT', 'retention', rules));
  return { ...preview, before, rules: set, applied: true };
}

/** For how long what is kept: a line for all calls, and one for each region with days of its own. Ends with a line break. */
export function formatRetention({ all, regions }: RetentionRules): string {
  const line = (name: string, days: Days): string =>
    `${name.padEnd(3)}  ${Object.entries(days)
      .map(([what, count]) => `${what} ${daysText(count)}`)
      .join(', ')}\n`;
  return [line('all', all), ...Object.entries(regions).map(([region, days]) => line(region, days))].join('');
}

/** Ends with a line break. */
export function formatChange({ before, rules, proposed, present, applied }: RetentionChange): string {
  const changes = changedLines(before, rules);
  if (changes.length === 0) return 'That is how it is already. Nothing was changed.\n';
  const extra = Object.entries(proposed).flatMap(([what, n]) => {
    const more = n - (present[what] ?? 0);
    return more > 0 ? [`  ${words[what] ?? what}: ${more}`] : [];
  });
  const effect =
    extra.length === 0
      ? ['Nothing that is kept now is too old because of it.']
      : ['Too old because of it, and deleted for good:', ...extra];
  const end = applied
    ? 'It is so from now on. What is too old is deleted in an hour at the earliest; until then it can be set back.'
    : 'Nothing was changed. To do it, say the same again with --yes.';
  return `${[...changes, ...effect, end].join('\n')}\n`;
}

/** What is counted, in words. */
const words: Readonly<Record<string, string>> = {
  transcripts: 'calls that lose what was said',
  recordings: 'calls that lose their recording',
  contacts: 'calls that lose who called',
  customers: 'appointments that lose their customer',
  people: 'people, as other systems told of them',
  orders: 'orders to call',
  events: 'calls that lose all that is left of them',
  deliveries: 'deliveries to CRMs',
  inbox: 'webhooks that came in',
};

function changedLines(before: RetentionRules, after: RetentionRules): string[] {
  const regions = new Set([...Object.keys(before.regions), ...Object.keys(after.regions)]);
  const scopes: [string, Days, Days][] = [
    ['all', before.all, after.all],
    ...v
      .parse(v.array(Region), [...regions])
      .map((region): [string, Days, Days] => [region, before.regions[region] ?? {}, after.regions[region] ?? {}]),
  ];
  return scopes.flatMap(([scope, was, is]) =>
    classes.options.flatMap((what) =>
      was[what] === is[what] ? [] : [`${scope}  ${what}: ${daysText(was[what])} -> ${daysText(is[what])}`],
    ),
  );
}

type Days = { readonly [Kind in Class]?: number | null | undefined };

function daysText(count: number | null | undefined): string {
  if (count === undefined) return 'as for all';
  return count === null ? 'for ever' : `${count} days`;
}

function withDays(rules: RetentionRules, what: Class, days: number | null, region: Region | undefined): RetentionRules {
  if (region === undefined) return { ...rules, all: { ...rules.all, [what]: days } };
  return { ...rules, regions: { ...rules.regions, [region]: { ...rules.regions[region], [what]: days } } };
}

function resetAll(rules: RetentionRules, region: Region | undefined): RetentionRules {
  if (region === undefined) return defaultRetention;
  const { [region]: _, ...others } = rules.regions;
  const own = defaultRetention.regions[region];
  return { ...rules, regions: own === undefined ? others : { ...others, [region]: own } };
}

function resetOne(rules: RetentionRules, what: Class, region: Region | undefined): RetentionRules {
  if (region === undefined) return withDays(rules, what, defaultRetention.all[what], region);
  const own = defaultRetention.regions[region]?.[what];
  if (own !== undefined) return withDays(rules, what, own, region);
  const { [what]: _, ...others } = rules.regions[region] ?? {};
  const { [region]: __, ...elsewhere } = rules.regions;
  return { ...rules, regions: Object.keys(others).length === 0 ? elsewhere : { ...elsewhere, [region]: others } };
}

function classOf(text: string, region: Region | undefined): Class {
  const result = v.safeParse(classes, text);
  if (!result.success) throw new SetUpError(`There is no "${text}" to keep. Known: ${classes.options.join(', ')}.`);
  if (result.output === 'inbox' && region !== undefined)
    throw new SetUpError('Webhooks that came in go by no region. Leave out --region.');
  return result.output;
}

function regionOf(text: string): Region {
  const result = v.safeParse(Region, text);
  if (!result.success) throw new SetUpError(`There is no region "${text}". Known: ${Region.options.join(', ')}.`);
  return result.output;
}

function daysOf(text: string): number | null {
  if (text === 'forever') return null;
  const days = v.safeParse(RetentionDays.entries.events, /^\d{1,6}$/.test(text) ? Number(text) : text);
  if (!days.success) throw new SetUpError(`"${text}" is no number of days. Write 1 to 36500, or forever.`);
  return days.output;
}

const usage = 'Say "retention set CLASS DAYS" or "retention reset [CLASS]", as: retention set transcripts 90';
