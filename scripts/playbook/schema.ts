import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { examples } from '../../dialogue/playbook/example-source.ts';
import { sentences, wording } from '../../dialogue/playbook/sentence-source.ts';
import { sections } from '../../dialogue/playbook/source.ts';

/** What an editor shows beside each section. */
const descriptions: Readonly<Record<keyof typeof sections, string>> = {
  business: 'Who the agent speaks for.',
  locale: 'The language of the playbook, as en-US.',
  disclosure: 'What every caller is told first: `text` on the website, `spoken` on the phone. New text, new `version`.',
  voice: 'How the brand sounds, what nobody says, and how difficult words are pronounced.',
  greeting: 'The first words of a call.',
  keypad: "What a telephone's keys stand for, and what is said of them.",
  scheduling: 'When customers are seen, and which service the agent offers.',
  lists: 'Words that examples name as {list}.',
  soundsLike: 'Words that the recogniser does not know, and how callers say them in words it knows.',
  facts: 'What the agent knows. It states nothing else.',
  intents: 'What callers want that several facts answer, or more ways to say a built-in intent.',
  flow: 'Questions by id, and `name`, `contact`, `appointment`, in the order they are asked.',
  questions: 'What the agent asks, and how the answers score.',
  objections: 'How doubts are met, and when the agent steps back.',
  qualification: 'From which score on a lead is qualified.',
  routing: 'Who takes a lead.',
  escalation: 'When a person takes over.',
  scenarios: 'Calls that are not a lead calling in.',
  outbound: 'When and how often the business calls people.',
  wording: 'What the engine says by itself, in your words. `npm run playbook -- show` lists the names.',
  experiments: 'What is tried on a part of the calls.',
  locales: 'The same sentences in other languages, by tag, as es or en-GB.',
};

/** The JSON Schema of one file of a playbook, for editors: any of the sections, and nothing else. */
export function playbookSchema(): object {
  const described = Object.fromEntries(
    Object.entries(sections).map(([name, section]) => [
      name,
      v.pipe(section, v.description(descriptions[name as keyof typeof sections])),
    ]),
  );
  const { $schema, ...schema } = toJsonSchema(v.partial(v.strictObject(described)), {
    typeMode: 'input',
    definitions: { sentences, examples, wording },
    // A JSON Schema knows no time zones and no sums that must agree: `check` tells these.
    errorMode: 'ignore',
  });
  return { $schema, title: 'A file of a Parley playbook', ...schema };
}
