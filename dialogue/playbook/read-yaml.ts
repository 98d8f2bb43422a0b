import * as v from 'valibot';
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { nearest, type PlaybookIssue } from './issue.ts';
import { tooLarge } from './limits.ts';
import { salvage } from './salvage.ts';
import { sections, Source } from './source.ts';

/** How much a file may grow by its anchors. */
const maxAliasCount = 100;

type Path = readonly (string | number)[];

/** One file's YAML with the lines of its fields. */
interface Parsed {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Where each merged list item came from, so that later checks can name a line. */
export interface Located {
  readonly source: Source;
  /** False when parts could not be read and stand in `source` as empty ones. */
  readonly whole: boolean;
  locate(path: Path): { file: string; line: number; field: string };
}

/** Reads and merges all files. Problems go to `issues`; what has none can still be checked further. */
export function readYaml(files: readonly { path: string; text: string }[], issues: PlaybookIssue[]): Located {
  issues.push(...tooLarge(files));
  // Without a prototype: a section may be called `constructor`, and is then merely unknown.
  const merged: Record<string, unknown> = Object.create(null);
  /** By "section" or "section.index": the file and the path in it. */
  const origin = new Map<string, { parsed: Parsed; path: Path }>();
  // Nothing of what is too large is looked at.
  for (const { path: file, text } of issues.length > 0 ? [] : [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const lines = new LineCounter();
    const read = readDocument(text, lines);
    if (typeof read === 'string') {
      issues.push({ file, line: 1, field: '', message: read });
      continue;
    }
    const { document, json } = read;
    const parsed: Parsed = { file, document, lines };
    for (const error of document.errors) {
      issues.push({
        file,
        line: lines.linePos(error.pos[0]).line,
        field: '',
        message: error.message.split('\n')[0] ?? error.code,
      });
    }
    if (document.errors.length > 0 || document.contents === null) continue;
    if (!isMap(document.contents) || json === null || typeof json !== 'object') {
      issues.push({
        file,
        line: 1,
        field: '',
        message: 'A playbook file is a list of sections such as `business:` and `facts:`.',
      });
      continue;
    }
    for (const [section, value] of Object.entries(json)) {
      const earlier = merged[section];
      if (Array.isArray(earlier) && Array.isArray(value)) {
        value.forEach((_, index) =>
          origin.set(`${section}.${earlier.length + index}`, { parsed, path: [section, index] }),
        );
        merged[section] = [...earlier, ...value];
      } else if (section in merged) {
        const first = origin.get(section)?.parsed.file ?? '';
        issues.push({
          file,
          line: lineOf(parsed, [section]),
          field: section,
          message: `This section stands in ${first} already.`,
          suggestion: 'keep one of them',
        });
      } else {
        origin.set(section, { parsed, path: [section] });
        if (Array.isArray(value))
          value.forEach((_, index) => origin.set(`${section}.${index}`, { parsed, path: [section, index] }));
        merged[section] = value;
      }
    }
  }
  const locate = (path: Path) => {
    const [section, index] = path;
    const item = origin.get(`${String(section)}.${String(index)}`);
    const from = item ?? origin.get(String(section));
    if (from === undefined) return { file: files[0]?.path ?? 'playbook', line: 1, field: fieldName(path) };
    const inFile = item === undefined ? path : [...from.path, ...path.slice(2)];
    return { file: from.parsed.file, line: lineOf(from.parsed, inFile), field: fieldName(inFile) };
  };
  const result = v.safeParse(Source, merged);
  if (result.success) return { source: result.output, locate, whole: issues.length === 0 };
  const located = { source: salvage(merged), locate, whole: false };
  const before = issues.length;
  for (const issue of result.issues.flatMap(innermost)) {
    const path: Path = (issue.path ?? []).map((item) => (typeof item.key === 'number' ? item.key : String(item.key)));
    issues.push({ ...locate(path), ...describe(issue, path) });
  }
  // A misspelt field is one problem, not also a missing one.
  const misspelt = new Set(
    issues.map(
      ({ file, field, suggestion }) =>
        `${file} ${field.replace(/[^.]*$/, '')}${/^did you mean "(.*)"\?$/.exec(suggestion ?? '')?.[1] ?? ''}`,
    ),
  );
  const kept = issues.filter(
    ({ file, field, message }) => !(message.startsWith('Missing field') && misspelt.has(`${file} ${field}`)),
  );
  issues.splice(0, issues.length, ...kept);
  // Missing sections are noise when a file could not be read at all.
  if (before > 0)
    issues.splice(
      0,
      issues.length,
      ...issues.filter((issue, index) => index < before || !issue.message.startsWith('Missing section')),
    );
  return located;
}

/** The YAML and its values, or why there are none: files may be written to be unreadable. */
function readDocument(text: string, lines: LineCounter): { document: Document; json: unknown } | string {
  try {
    const document = parseDocument(text, { lineCounter: lines });
    return { document, json: document.errors.length > 0 ? null : document.toJS({ maxAliasCount }) };
  } catch (error) {
    return `The file cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** In a union, the problem of the branch the owner meant: the one that got furthest in. */
function innermost(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown>[] {
  if (issue.type !== 'union' || issue.issues === undefined) return [issue];
  const deeper = issue.issues.filter(
    (inner) =>
      (inner.path?.length ?? 0) > (issue.path?.length ?? 0) ||
      inner.type === 'min_length' ||
      inner.type === 'strict_object',
  );
  return deeper.length === 0 ? [issue] : deeper.flatMap(innermost);
}

function describe(issue: v.BaseIssue<unknown>, path: Path): { message: string; suggestion?: string } {
  const key = String(path.at(-1) ?? '');
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const known = fieldsAt(path.slice(0, -1)).filter((field) => field !== key);
    const near = nearest(key, known);
    const suggestion = near === undefined ? `known fields: ${known.join(', ')}` : `did you mean "${near}"?`;
    return { message: `Unknown field "${key}".`, suggestion };
  }
  if (issue.received === 'undefined') {
    return path.length === 1
      ? { message: `Missing section "${key}".`, suggestion: `add "${key}:" to one of the files` }
      : { message: `Missing field "${key}".` };
  }
  if (issue.type === 'picklist' && typeof issue.input === 'string') {
    const known = (issue.expected ?? '').replaceAll(/[()"]/g, '').split(' | ');
    const near = nearest(issue.input, known);
    return {
      message: `"${issue.input}" is not known here.`,
      suggestion: near === undefined ? `one of: ${known.join(', ')}` : `did you mean "${near}"?`,
    };
  }
  if (issue.type === 'regex') return { message: `"${String(issue.input)}" has the wrong form.`, ...formHint(key) };
  if (issue.kind === 'schema' && issue.expected !== null && issue.type !== 'union') {
    return { message: `Expected ${typeName(issue.expected)}, found ${typeName(issue.received)}.` };
  }
  return { message: issue.message };
}

function formHint(key: string): { suggestion?: string } {
  if (key === 'from' || key === 'to') return { suggestion: 'write times as "08:30", in quotes' };
  if (key === 'phone') return { suggestion: 'write it as "+13035550100", in quotes' };
  if (key === 'id' || key === 'service' || /^\d+$/.test(key))
    return { suggestion: 'lower-case words joined by hyphens' };
  return {};
}

const typeNames: Readonly<Record<string, string>> = {
  Array: 'a list',
  Object: 'a group of fields',
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
};
const typeName = (name: string): string => typeNames[name] ?? name;

interface Shape {
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly item?: unknown;
  /** Of a record. */
  readonly value?: unknown;
  readonly wrapped?: unknown;
  readonly pipe?: readonly unknown[];
  readonly options?: readonly unknown[];
}
const isShape = (value: unknown): value is Shape => typeof value === 'object' && value !== null;

/** The fields that the schema knows at a path. */
function fieldsAt(path: Path): string[] {
  let shapes: Shape[] = [{ entries: sections }];
  const unwrap = (value: unknown): Shape[] => {
    if (!isShape(value)) return [];
    if (value.wrapped !== undefined) return unwrap(value.wrapped);
    const options = Array.isArray(value.options) ? value.options.filter(isShape).flatMap(unwrap) : [];
    return [value, ...options];
  };
  for (const key of path) {
    shapes = shapes.flatMap((shape) =>
      unwrap(typeof key === 'number' ? shape.item : (shape.entries?.[key] ?? shape.value)),
    );
  }
  return shapes.flatMap((shape) => Object.keys(shape.entries ?? {}));
}

/** The line of a field, or of the nearest thing around it that exists. */
function lineOf({ document, lines }: Parsed, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    if (isMap(parent)) {
      const pair = parent.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(path[length - 1]),
      );
      if (pair !== undefined && isScalar(pair.key) && pair.key.range !== undefined && pair.key.range !== null)
        return lines.linePos(pair.key.range[0]).line;
      continue;
    }
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range !== undefined && node.range !== null) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** `facts[2].says` */
function fieldName(path: Path): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join('');
}
