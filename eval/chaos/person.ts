import type { Persona, Rule } from '../caller/persona.ts';
import { timesOffered } from '../caller/personas.ts';
import type { Person, PlannedCall } from './plan.ts';

const readBack = /(?:is that|did i get that|have i got that|got it) (?:right|correct)|correct\?|right\?|shall i book/i;
const often = 4;

/** What somebody types who wants this. */
export function personaOf({ name, email }: Person, { wish }: PlannedCall): Persona {
  const wants = {
    book: 'Hail damage from last week',
    move: 'I need to move my appointment',
    cancel: 'I want to cancel my appointment',
  };
  const rules: Rule[] = [
    { when: /appointment under/i, say: email, times: often },
    { when: timesOffered, say: wish === 'move' ? 'The second one' : 'The first one', times: often },
    { when: readBack, say: 'Yes', times: often * 2 },
    { when: /shall i (?:move|cancel)/i, say: 'Yes, please', times: often },
    {
      when: /find you a time|like a free roof inspection/i,
      say: wish === 'book' ? 'Yes, please' : 'No, thank you',
      times: often,
    },
    { when: /your (?:full )?name|who am i (?:talking|speaking)|last name|spell/i, say: `I'm ${name}`, times: often },
    { when: /(?:phone|best) number|number (?:to|can|should|for)|reach you|e-?mail/i, say: email, times: often },
    { when: /how (?:big|large)|square feet/i, say: '2,400 sq ft', times: often },
    { when: /when would you like|urgent/i, say: 'Next month', times: often },
    { when: /budget|like to spend/i, say: '$12,000', times: often },
    { when: /anything else/i, say: "No, that's all. Bye!", times: often },
    { when: /help with your roof|a repair, or/i, say: wants[wish], times: often },
  ];
  return { voice: 'rms', rules };
}
