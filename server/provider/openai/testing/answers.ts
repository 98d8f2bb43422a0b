/** What the fake vendor answers to one request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as it comes. When it throws, the connection is cut; while it waits, so does the client. */
  readonly body: () => AsyncIterable<string | Uint8Array>;
  /** Not even the status is sent before it resolves. */
  readonly before?: Promise<void>;
}

const json = { 'content-type': 'application/json' };

export function jsonAnswer(body: unknown): Answer {
  return { status: 200, headers: json, body: () => each([JSON.stringify(body)]) };
}

/** A success whose body is not the JSON it says it is. */
export function textAnswer(text: string): Answer {
  return { status: 200, headers: json, body: () => each([text]) };
}

/** Server-sent events; chat ends with `[DONE]`, transcription does not. */
export function eventsAnswer(events: readonly unknown[], { done }: { done: boolean }): Answer {
  const lines = events.map((event) => `data: ${JSON.stringify(event)}\n\n`);
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: () => each(done ? [...lines, 'data: [DONE]\n\n'] : lines),
  };
}

/** No chunk at all: the "success" without audio. */
export function audioAnswer(chunks: readonly Uint8Array[]): Answer {
  return { status: 200, headers: { 'content-type': 'audio/pcm' }, body: () => each(chunks) };
}

export function errorAnswer(status: number, { retryAfterS }: { retryAfterS?: number } = {}): Answer {
  const error = { message: `The fake answers ${status}`, type: 'fake_error', param: null, code: null };
  const headers = retryAfterS === undefined ? json : { ...json, 'retry-after': String(retryAfterS) };
  return { status, headers, body: () => each([JSON.stringify({ error })]) };
}

/** The connection breaks after so many chunks. */
export function cutAfter(chunks: number, answer: Answer): Answer {
  return {
    ...answer,
    body: async function* () {
      let sent = 0;
      for await (const chunk of answer.body()) {
        if (sent++ === chunks) throw new Error('cut');
        yield chunk;
      }
    },
  };
}

/** After so many chunks nothing comes until the promise resolves. Zero: a slow first token, headers there. */
export function pausedAfter(chunks: number, until: Promise<void>, answer: Answer): Answer {
  return {
    ...answer,
    body: async function* () {
      let sent = 0;
      for await (const chunk of answer.body()) {
        if (sent++ === chunks) await until;
        yield chunk;
      }
    },
  };
}

/** Takes the request and stays silent until the promise resolves; pass one that never does to hang. */
export function silentUntil(before: Promise<void>, answer: Answer = jsonAnswer({})): Answer {
  return { ...answer, before };
}

async function* each(chunks: readonly (string | Uint8Array)[]): AsyncIterable<string | Uint8Array> {
  yield* chunks;
}
