import type { CallRecord } from '../../contract/call-record.ts';
import { Answers, type Persona } from '../caller/persona.ts';
import { eventually } from '../product/eventually.ts';
import { Baresip, type BaresipOptions } from './baresip.ts';
import { dialled, type PhoneProduct } from './phone-product.ts';

/** The agent has nothing more to say when it has been silent for so long. */
const turnOverMs = 1_000;

/** A caller with a telephone, who follows the call through its record. */
export class PhoneCaller {
  readonly phone: Baresip;
  readonly callId: string;
  readonly #product: PhoneProduct;
  /** Agent turns that were waited for. */
  #turns = 0;

  private constructor(product: PhoneProduct, phone: Baresip, callId: string) {
    this.#product = product;
    this.phone = phone;
    this.callId = callId;
  }

  /** Dials, and is answered. */
  static async call(
    product: PhoneProduct,
    options: BaresipOptions & { transport?: 'udp' | 'tcp' | 'tls' },
  ): Promise<PhoneCaller> {
    const known = new Set((await product.staff.calls()).map(({ callId }) => callId));
    const { transport = 'udp' } = options;
    const port = transport === 'tls' ? product.sipTlsPort : product.sipPort;
    const phone = await Baresip.start(options);
    try {
      await phone.dial(`sip:${dialled}@127.0.0.1:${port};transport=${transport}`);
      const callId = await eventually(
        async () => (await product.staff.calls()).find((call) => !known.has(call.callId))?.callId,
        { timeoutMs: 10_000, what: 'the call to be recorded' },
      );
      return new PhoneCaller(product, phone, callId);
    } catch (cause) {
      await phone.stop();
      throw cause;
    }
  }

  /** What the agent said since this was last asked, once it has nothing more to say. Null when the call is over. */
  async agentTurn(timeoutMs = 30_000): Promise<string | null> {
    return await eventually(
      async () => {
        const record = await this.#record();
        if (record.summary.endReason !== null) return { text: null };
        const turns = agentTurns(record);
        if (turns.length <= this.#turns || !(await this.phone.silentFor(turnOverMs))) return undefined;
        const text = turns
          .slice(this.#turns)
          .map((turn) => turn.text)
          .join(' ');
        this.#turns = turns.length;
        return { text };
      },
      { timeoutMs, what: 'the agent to have spoken' },
    ).then(({ text }) => text);
  }

  /** Talks as the persona until the agent hangs up, or the persona has nothing to say. */
  async converse(persona: Persona): Promise<void> {
    const answers = new Answers(persona);
    for (let exchanges = 0; exchanges < 40; exchanges += 1) {
      const agentSaid = await this.agentTurn();
      const answer = agentSaid === null ? undefined : answers.to(agentSaid);
      if (answer === undefined) return;
      await this.phone.say(answer, persona.voice);
    }
    throw new Error('Going in circles.');
  }

  async #record(): Promise<CallRecord> {
    return await this.#product.staff.record(this.callId);
  }
}

function agentTurns(record: CallRecord) {
  return record.events.map(({ fact }) => fact).filter((fact) => fact.type === 'agent-turn');
}
