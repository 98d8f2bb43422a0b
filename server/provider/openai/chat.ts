import type OpenAI from 'openai';
import * as v from 'valibot';
import { type Consultation, type ConsultedMeaning, ConsultedSentence } from '../../../contract/consultation.ts';
import type { Consultant, ConsultantAnswer } from '../../agent/consult/consultant.ts';
import { ProviderFailure } from '../../agent/provider-failure.ts';
import { type ArrayItem, ArrayItems } from './array-items.ts';
import { chatMessages, promptHash } from './chat-prompt.ts';
import { chatSchema } from './chat-schema.ts';
import { toFailure } from './client.ts';

const what = 'The language model';
/** Three sentences and the JSON around them. */
const maxAnswerTokens = 400;

const Meaning = v.object({ id: v.string(), confidence: v.number() });
const Answer = v.object({ question: v.string(), option: v.string() });

/** Any OpenAI-compatible chat completion, asked for structured output and read while it comes. */
export class ChatConsultant implements Consultant {
  readonly engine = 'openai';
  readonly model: string;
  readonly prompt = promptHash;
  readonly #client: OpenAI;

  constructor(client: OpenAI, model: string) {
    this.#client = client;
    this.model = model;
  }

  async *consult(consultation: Consultation, signal: AbortSignal): AsyncIterable<ConsultantAnswer> {
    try {
      yield* this.#read(consultation, signal);
    } catch (error) {
      throw toFailure(what, error);
    }
  }

  async *#read(consultation: Consultation, signal: AbortSignal): AsyncIterable<ConsultantAnswer> {
    const stream = await this.#client.chat.completions.create(
      {
        model: this.model,
        messages: chatMessages(consultation),
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'reply', strict: true, schema: chatSchema(consultation) },
        },
        max_completion_tokens: maxAnswerTokens,
        stream: true,
        stream_options: { include_usage: true },
      },
      { signal },
    );
    const answer = new AnswerReader();
    for await (const chunk of stream) {
      const [choice] = chunk.choices;
      if (choice?.delta.refusal) throw new ProviderFailure(`${what} would not answer`);
      yield* answer.push(choice?.delta.content ?? '');
      const { usage } = chunk;
      if (usage) yield { type: 'usage', inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
    }
    answer.end();
  }
}

/** Turns pieces of JSON into answers. The meaning is whole once the sentences begin, or the object ends. */
class AnswerReader {
  readonly #items = new ArrayItems();
  readonly #meaning: ConsultedMeaning = { meanings: [], answers: [] };
  #meaningTold = false;
  #answered = false;

  *push(piece: string): Iterable<ConsultantAnswer> {
    for (const item of this.#pieces(piece)) {
      const json = parsed(item.json);
      if (item.key === 'meanings') this.#meaning.meanings.push(checked(Meaning, json));
      else if (item.key === 'answers') this.#meaning.answers.push(checked(Answer, json));
      else if (item.key === 'sentences') {
        yield* this.#tellMeaning();
        const { text, cites } = checked(ConsultedSentence, json);
        for (const sentence of sentencesOf(text)) {
          this.#answered = true;
          yield { type: 'sentence', sentence: { text: sentence, cites } };
        }
      }
    }
    if (this.#items.key === 'sentences' || this.#items.whole) yield* this.#tellMeaning();
  }

  /** Throws when all of it was nothing. */
  end(): void {
    if (!this.#items.whole) throw new ProviderFailure(`${what} answered with invalid JSON`);
    if (!this.#answered) throw new ProviderFailure(`${what} answered nothing`);
  }

  #pieces(piece: string): ArrayItem[] {
    try {
      return this.#items.push(piece);
    } catch (error) {
      throw new ProviderFailure(`${what} gave an endless answer`, { cause: error });
    }
  }

  *#tellMeaning(): Iterable<ConsultantAnswer> {
    if (this.#meaningTold) return;
    this.#meaningTold = true;
    if (this.#meaning.meanings.length + this.#meaning.answers.length === 0) return;
    this.#answered = true;
    yield { type: 'meaning', meaning: this.#meaning };
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new ProviderFailure(`${what} answered with invalid JSON`, { cause: error });
  }
}

function checked<S extends v.GenericSchema>(schema: S, json: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, json);
  if (!result.success) throw new ProviderFailure(`${what} answered in another shape than it was asked to`);
  return result.output;
}

/** Models put several sentences into one string now and then. Each is to be judged by itself. */
function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+(?=\p{Lu})/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}
