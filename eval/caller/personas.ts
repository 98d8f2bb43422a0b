import type { Persona, Rule } from './persona.ts';
import type { CallerVoice } from '../speech/caller-voice.ts';

/** What the CRM must hold after `bookingCaller`'s call. */
export const bookingFacts = { name: 'Susan Miller', phone: '+13035550142' };

/** Where the agent asks which time suits; answered the same way by every caller that books. */
const takesTheFirst: Rule = {
  when: /which (?:one|time|of)|work for you|suits? you|works? best/i,
  say: 'the first one please',
  times: 2,
};

/** Answers what it is asked, agrees to every read-back, takes the first time. */
export function bookingCaller(voice: CallerVoice): Persona {
  return {
    voice,
    rules: [
      takesTheFirst,
      {
        when: /(?:is that|did i get that|have i got that) (?:right|correct)|correct\?/i,
        say: 'yes that is right',
        times: 4,
      },
      { when: /your name|who am i (?:talking|speaking)/i, say: 'my name is susan miller', times: 2 },
      {
        when: /phone number|number (?:to|can|should|for)|reach you/i,
        say: 'three oh three, five five five, oh one four two',
        times: 2,
      },
      { when: /how (?:big|large)|square feet|what size/i, say: 'about two thousand square feet', times: 2 },
      { when: /how soon|when (?:would|do|are|should)|timeline|time ?frame/i, say: 'as soon as possible', times: 2 },
      { when: /budget|spend|price range/i, say: 'around fifteen thousand dollars', times: 2 },
      { when: /anything else/i, say: 'no that is all thank you' },
      {
        when: /what (?:can|do|kind|brings)|how (?:can|may) i help|need|looking for|going on/i,
        say: 'i need a new roof',
        times: 2,
      },
    ],
  };
}

/** Asked in the middle of a call; each has a long answer. */
export const questions = [
  'how much does a new roof cost',
  'what are your opening hours',
  'do you offer financing',
  'what does the warranty cover',
  'are you licensed and insured',
  'which areas do you serve',
];
