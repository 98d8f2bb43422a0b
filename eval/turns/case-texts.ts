/** What a caller has told when a question is open: the lines that lead there. */
const told = {
  need: [],
  size: ['i need a new roof'],
  timeline: ['two thousand square feet'],
  budget: ['next month'],
  name: ['ten thousand dollars'],
  contact: ['susan miller'],
  'confirm-phone': ['three oh three five five five oh one two three'],
  'want-appointment': ['yes'],
  slot: ['yes please'],
  'confirm-slot': ['the second one'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Told = keyof typeof told;
export type OpenQuestion = Told | 'email' | 'confirm-email';

/** The lines after which a question is open. */
export function linesBefore(question: OpenQuestion): readonly string[] {
  if (question === 'email') return [...linesBefore('contact'), 'can i give you my email instead'];
  if (question === 'confirm-email') return [...linesBefore('contact'), 'jane dot doe at gmail dot com'];
  const names = Object.keys(told) as Told[];
  return names.slice(0, names.indexOf(question) + 1).flatMap((name) => told[name]);
}

/** Whole answers. {phone} and {name} are drawn for each case. */
export const completeAnswers: Readonly<Record<OpenQuestion, readonly string[]>> = {
  need: [
    'i need a new roof',
    'my roof is leaking',
    'we had hail damage last week',
    'how much does a new roof cost',
    "i'd like to book an appointment",
    'i need a roof inspection',
    'do you work with my insurance',
  ],
  size: [
    'about two thousand square feet',
    'fifteen hundred square feet',
    "it's around three thousand square feet",
    'twenty squares',
    "that's too expensive",
    "i don't know",
  ],
  timeline: ['as soon as possible', 'next month', 'in a few weeks', 'sometime next year', "there's no rush"],
  budget: [
    'about fifteen thousand dollars',
    'ten thousand dollars',
    'between eight and twelve thousand dollars',
    'not really',
  ],
  name: ['my name is {name}', '{name}', 'this is {name}'],
  contact: ['{phone}', 'my number is {phone}', "it's {phone}"],
  email: ['{email}', 'my email is {email}', "it's {email}"],
  'confirm-phone': ['yes', "yes that's right", 'correct', "no that's wrong", 'yeah'],
  'confirm-email': ['yes', "that's right", "no that's wrong"],
  'want-appointment': ['yes please', 'sure', 'no thank you', 'yes that would be great'],
  slot: ['the first one', 'the second one please', 'tomorrow at ten', 'none of those work'],
  'confirm-slot': ['yes', 'yes please book it', "that's fine"],
};

/** Utterances with pauses where more is plainly to come. "|" is a pause. */
export const pausedUtterances: readonly { readonly about: string; readonly at: OpenQuestion; readonly say: string }[] =
  [
    { about: 'phone in groups', at: 'contact', say: '{phone|}' },
    { about: 'phone in groups', at: 'contact', say: '{phone|}' },
    { about: 'phone in groups', at: 'contact', say: "it's {phone|}" },
    { about: 'phone in groups', at: 'contact', say: 'my number is | {phone|}' },
    { about: 'phone in groups', at: 'contact', say: 'you can reach me at | {phone|}' },
    { about: 'phone in pairs', at: 'contact', say: '{phone||}' },
    { about: 'phone in pairs', at: 'contact', say: 'area code | {phone|}' },
    { about: 'e-mail', at: 'email', say: '{local} | at gmail dot com' },
    { about: 'e-mail', at: 'email', say: 'my email is | {local} at gmail dot com' },
    { about: 'e-mail', at: 'email', say: '{local} at | gmail dot com' },
    { about: 'e-mail', at: 'email', say: '{local} at gmail | dot com' },
    { about: 'e-mail spelled', at: 'email', say: '{spelled|} | at yahoo dot com' },
    { about: 'e-mail spelled', at: 'email', say: '{spelled|} | at gmail dot com' },
    { about: 'e-mail spelled', at: 'email', say: "it's | {spelled|} | at gmail dot com" },
    { about: 'name', at: 'name', say: 'my name is | {name}' },
    { about: 'name', at: 'name', say: '{first} | {last}' },
    { about: 'name', at: 'name', say: 'my name is {first} | {last}' },
    { about: 'name spelled', at: 'name', say: '{first} | {last}, that is {lastSpelled}' },
    { about: 'name spelled', at: 'name', say: 'my last name is | {lastSpelled}' },
    { about: 'after "um"', at: 'size', say: 'um | about two thousand square feet' },
    { about: 'after "um"', at: 'need', say: 'um | i need a new roof' },
    { about: 'after "um"', at: 'timeline', say: 'um | as soon as possible' },
    { about: 'after "and"', at: 'need', say: 'i need a new roof and | i also need gutters' },
    { about: 'after "and"', at: 'need', say: 'my roof is leaking and | i need someone to fix it' },
    { about: 'after "but"', at: 'size', say: 'about two thousand square feet but | how much does a new roof cost' },
    { about: 'inside a sentence', at: 'size', say: "it's | about two thousand square feet" },
    { about: 'inside a sentence', at: 'size', say: 'about | three thousand square feet' },
    { about: 'inside a sentence', at: 'need', say: "i'd like to | book an appointment" },
    { about: 'inside a sentence', at: 'need', say: "i'm calling about | a new roof" },
    { about: 'inside a sentence', at: 'need', say: 'how much | does a new roof cost' },
    { about: 'inside a sentence', at: 'need', say: 'do you | work with my insurance' },
    { about: 'inside a sentence', at: 'budget', say: 'between eight and | twelve thousand dollars' },
    { about: 'inside a sentence', at: 'budget', say: 'my budget is | fifteen thousand dollars' },
    { about: 'correction', at: 'confirm-phone', say: "no it's five | not nine" },
    { about: 'correction', at: 'confirm-phone', say: 'no | the last digit is four' },
  ];

/** Asked while the call is at the size of the roof: the agent answers for five seconds or more. */
export const longAnswers: readonly [string, ...string[]] = [
  'how much does a new roof cost',
  'how long is the warranty',
  'what are your opening hours',
  'how can i pay',
  'do you work with my insurance',
];

export const backchannels: readonly string[] = [
  'uh-huh',
  // As near as these voices come to "mm-hmm", which they spell.
  'um-hum',
  'okay',
  'right',
  'yeah',
  'i see',
  'all right',
  'got it',
  'sure',
  'okay, okay',
];

export const interruptions: readonly string[] = [
  'stop',
  'wait a second',
  'hold on',
  'no',
  'excuse me',
  "that's too expensive",
  'how much does a repair cost',
  'can i talk to a person',
  'okay but how long does it take',
  'yeah but what about insurance',
  'about two thousand square feet',
  "i don't need that",
  'are you a robot',
  'what did you say',
];

export const firstNames = ['susan', 'david', 'mary', 'james', 'linda', 'robert', 'karen', 'thomas'] as const;
export const lastNames = ['miller', 'clark', 'johnson', 'taylor', 'wilson', 'baker', 'cooper', 'turner'] as const;
