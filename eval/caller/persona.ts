import type { CallerVoice } from '../speech/caller-voice.ts';

/** What a caller does about an agent's turn. The first rule whose words the agent said and that is not used up. */
export interface Rule {
  readonly when: RegExp;
  readonly say: string;
  /** How often the caller gives this answer. Once, unless it says otherwise. */
  readonly times?: number;
}

export interface Persona {
  readonly voice: CallerVoice;
  readonly rules: readonly Rule[];
}

/** Chooses a caller's next words by what the agent just said. Remembers what it has answered. */
export class Answers {
  private readonly persona: Persona;
  private readonly used = new Map<Rule, number>();

  constructor(persona: Persona) {
    this.persona = persona;
  }

  /** Undefined when the caller has nothing to say to that. */
  to(agentTurn: string): string | undefined {
    const rule = this.persona.rules.find(
      (one) => one.when.test(agentTurn) && (this.used.get(one) ?? 0) < (one.times ?? 1),
    );
    if (rule === undefined) return undefined;
    this.used.set(rule, (this.used.get(rule) ?? 0) + 1);
    return rule.say;
  }
}
