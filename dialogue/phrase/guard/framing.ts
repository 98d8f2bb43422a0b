/**
 * What may stand around a fact: courtesy, sympathy, a bridge. None of it says yes, agrees, promises or states anything
 * of the world: "sure" and "no problem" after "can I have it for half?" would. None of it asks: the answer would be
 * taken for one to the question that is open.
 */
export const framing: readonly string[] = [
  // Courtesy
  'that is a good question',
  'that is a great question',
  'good question',
  'great question',
  'thank you for asking',
  'thank you for your question',
  'thank you for telling me',
  'thank you for letting me know',
  'thank you',
  'hello',
  'hi',
  'hi there',
  // Sympathy
  'i understand',
  'i understand that',
  'i see',
  'i hear you',
  'i am sorry',
  'i am sorry to hear that',
  'sorry to hear that',
  'that sounds stressful',
  'that sounds frustrating',
  'that must be stressful',
  'that must be frustrating',
  'take your time',
  // Bridges
  'well',
  'now',
  'in short',
  'about that',
  'let me explain',
  'let me tell you what i know',
  'here is what i know',
  'here is what i can tell you',
  'here is what i can say about that',
  'what i can tell you is that',
  'what i can tell you is',
  'i can tell you that',
  'to answer your question',
  'i hope that helps',
];

/** That the agent does not know. Nothing may hang on it: "I can't promise that" and then a fact would deny the fact. */
export const notKnowing: readonly string[] = [
  'i do not know',
  'i do not know that',
  'i am not sure',
  'i am not sure about that',
  'i am afraid i do not know',
  'i am afraid i do not know that',
  'i do not have that information',
  'i do not have an answer to that',
  'i can not answer that',
  'i can not say',
  'i can not help with that',
  'i can not promise that',
  'that is not something i can answer',
  'that is not something i can decide',
  'i do not want to guess',
  'i would rather not guess',
  'i do not want to tell you anything wrong',
];

/** What may join two approved pieces. */
export const joints: readonly string[] = ['and', 'but', 'so'];
