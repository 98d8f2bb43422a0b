import * as v from 'valibot';
import { Problem } from '../../contract/problem.ts';
import { Session, type SessionRequest, WidgetConfig } from '../../contract/session.ts';
import type { Failure } from './failure.ts';

export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure };

/** A host that has not answered by then is called unreachable. */
const ANSWER_TIMEOUT_MS = 10_000;

/** The two questions the widget asks the host over HTTP. Never throws: a failure is an answer. */
export class ControlPlane {
  readonly #host: string;
  readonly #fetch: typeof fetch;

  constructor(host: string, fetchImplementation: typeof fetch) {
    this.#host = host;
    this.#fetch = fetchImplementation;
  }

  widgetConfig(business: string, locale: string | undefined): Promise<Answer<WidgetConfig>> {
    const query = locale === undefined ? '' : `?locale=${encodeURIComponent(locale)}`;
    return this.#ask(`/v1/businesses/${encodeURIComponent(business)}/widget${query}`, WidgetConfig, {});
  }

  createSession(request: SessionRequest): Promise<Answer<Session>> {
    return this.#ask('/v1/sessions', Session, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
  }

  async #ask<Schema extends v.GenericSchema>(
    path: string,
    schema: Schema,
    init: RequestInit,
  ): Promise<Answer<v.InferOutput<Schema>>> {
    let status: number;
    let body: unknown;
    try {
      const response = await this.#fetch(new URL(path, this.#host), {
        ...init,
        mode: 'cors',
        credentials: 'omit',
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      status = response.status;
      body = await response.json().catch(() => undefined);
    } catch {
      return { ok: false, failure: { kind: 'unreachable' } };
    }
    const answer = v.safeParse(schema, body);
    if (status < 400 && answer.success) return { ok: true, value: answer.output };
    const problem = v.safeParse(Problem, body);
    if (!problem.success) return { ok: false, failure: { kind: 'bad-answer' } };
    const { code, message, action } = problem.output.error;
    return { ok: false, failure: { kind: 'problem', code, message, action } };
  }
}
