import { type CallerVoice, callerSpeech } from '../speech/caller-voice.ts';

/** What a caller does about an agent's turn. The first rule whose words the agent said and that is not used up. */
export interface Rule {
  readonly when: RegExp;
  readonly say: string;
  /** How often the caller gives this answer. Once, unless it says otherwise. */
  readonly times?: number;
  /** The answer has served its purpose once the agent has said this: whoever was misheard says it again, and then no more. */
  readonly until?: RegExp;
}

export interface Persona {
  readonly voice: CallerVoice;
  readonly rules: readonly Rule[];
}

/** Has a machine that never heard the persona make its sentences before it calls: made in a call, they delay its sound. */
export async function rehearse({ voice, rules }: Persona): Promise<void> {
  for (const text of new Set(rules.map(({ say }) => say))) await callerSpeech(text, voice);
}

/** Chooses a caller's next words by what the agent just said. Remembers what it has answered. */
export class Answers {
  private readonly persona: Persona;
  private readonly used = new Map<Rule, number>();
  private heard = '';

  constructor(persona: Persona) {
    this.persona = persona;
  }

  /** Undefined when the caller has nothing to say to that. */
  to(agentTurn: string): string | undefined {
    this.heard += `\n${agentTurn}`;
    const rule = this.persona.rules.find(
      (one) =>
        one.when.test(agentTurn) &&
        (this.used.get(one) ?? 0) < (one.times ?? 1) &&
        one.until?.test(this.heard) !== true,
    );
    if (rule === undefined) return undefined;
    this.used.set(rule, (this.used.get(rule) ?? 0) + 1);
    return rule.say;
  }
}
