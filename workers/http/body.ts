import type { Context } from 'hono';
import * as v from 'valibot';
import { readBoundedBytes, readBoundedText } from '../bounded-text.ts';
import { halfCharacterIn } from './half-characters.ts';
import { FaultError } from './problem.ts';

type Schema = v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>;

/** The request's body as JSON, never reading more than `maxBytes` of it. Its text can be kept as it is. */
export async function readJson(c: Context, maxBytes: number): Promise<unknown> {
  const text = await readText(c.req.raw, maxBytes);
  const value = parseJson(text);
  const field = halfCharacterIn(text, value);
  if (field === null) return value;
  throw new FaultError({
    status: 400,
    code: 'bad-request',
    message: `'${field}' has half of a character in it (a lone surrogate, as \\ud83d): it was cut in two.`,
    action: `Correct '${field}' and send it again.`,
    field,
  });
}

/** JSON, whatever its text is. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new FaultError({
      status: 400,
      code: 'bad-request',
      message: 'The body is not JSON.',
      action: 'Send a JSON object.',
    });
  }
}

/** Checks data from outside; the first thing wrong with it becomes the answer. */
export function check<const S extends Schema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue);
  throw new FaultError({
    status: 400,
    code: 'bad-request',
    message: issue.message,
    action: field === null ? 'Correct the request and send it again.' : `Correct '${field}' and send it again.`,
    ...(field === null ? {} : { field }),
  });
}

export async function readBody<const S extends Schema>(
  c: Context,
  schema: S,
  maxBytes: number,
): Promise<v.InferOutput<S>> {
  return check(schema, await readJson(c, maxBytes));
}

/** The body as text, never reading more than `maxBytes` of it. */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  return (await readBoundedText(request, maxBytes)) ?? refuseLarge(maxBytes);
}

/** The body as it came, never reading more than `maxBytes` of it. */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  return (await readBoundedBytes(request, maxBytes)) ?? refuseLarge(maxBytes);
}

function refuseLarge(maxBytes: number): never {
  throw new FaultError({
    status: 413,
    code: 'too-large',
    message: `The body is larger than ${maxBytes} bytes.`,
    action: 'Send less at once.',
  });
}
