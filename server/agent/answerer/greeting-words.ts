/** What words that were heard say about who has answered. */
export type Evidence = 'machine' | 'screening' | 'maybe-machine' | 'on-hold' | 'none';

/** No person says these when they pick up. */
const machine = [
  'after the tone',
  'after the beep',
  'at the tone',
  'at the beep',
  'leave a message',
  'leave a brief message',
  'leave a short message',
  'leave a detailed message',
  'leave your message',
  'leave me a message',
  'leave us a message',
  'leave your name',
  'leave your name and number',
  'record your message',
  'voice mail',
  'voicemail',
  'voice mailbox',
  'mailbox',
  "can't take your call",
  'cannot take your call',
  'unable to take your call',
  "can't come to the phone",
  'cannot come to the phone',
  "can't get to the phone",
  'get back to you',
  'return your call',
  'is not available',
  'not available right now',
  'you are calling is not',
  'the person you are trying to reach',
  'the number you have dialed',
  'when you are finished',
  'press pound',
];

/** An assistant wants to know who calls before it rings. */
const screening = [
  'state your name',
  'say your name',
  'record your name',
  'your name and reason',
  'reason for calling',
  'reason for your call',
  "why you're calling",
  'why you are calling',
  'screening service',
  'call screening',
  'get a copy of this conversation',
  'before i try to connect',
  'if this person is available',
  "if they're available",
];

/** Machines say it, and some businesses as well. */
const maybeMachine = [
  "you've reached",
  'you have reached',
  'not here right now',
  'sorry we missed your call',
  'sorry i missed your call',
  'our office is closed',
  'our office hours',
  'no one is available',
];

/** An assistant that puts us through, or has not made up its mind. */
const onHold = [
  'stay on the line',
  'please hold',
  'hold on',
  'one moment',
  'just a moment',
  'please wait',
  'connecting you',
  'connect you',
  'trying to reach',
  'try to reach',
  'asking if',
  'let me see',
];

/** @param text lower-case words, single spaces. */
export function evidenceIn(text: string): Evidence {
  const padded = ` ${text} `;
  const has = (phrases: readonly string[]): boolean => phrases.some((phrase) => padded.includes(` ${phrase} `));
  if (has(screening)) return 'screening';
  if (has(machine)) return 'machine';
  if (has(onHold)) return 'on-hold';
  return has(maybeMachine) ? 'maybe-machine' : 'none';
}

/** People, as they pick up: what else a recogniser must know, so that it does not hear machines in them. */
const people = [
  'hello',
  'hello hello',
  'hi',
  'hey',
  'yes',
  'yeah',
  'yes hello',
  'yes speaking',
  'speaking',
  'hello this is',
  'hi this is',
  'this is she',
  'this is he',
  'good morning',
  'good afternoon',
  'good evening',
  'good morning how can i help you',
  'hello who is this',
  "hello who's calling please",
  "who's this",
  'how can i help you',
  'how may i help you',
  'thank you for calling how can i help you',
  'thanks for calling this is',
  'thank you for calling this is',
  'what can i do for you',
  'sorry who is this',
  'who are you',
  'what do you want',
  'can you hear me',
  'hold on a second please',
  'one second',
  'just a second let me get her',
  "she's not here can i take a message",
  "i'm driving can you call me back later",
  'i am in a meeting',
  'is this about the roof',
  'oh hi',
  'okay',
  'no',
];

/** Whole greetings of machines and assistants, for a recogniser's language model. */
const greetings = [
  "hi you've reached i can't take your call right now please leave a message after the tone",
  'hello you have reached the voicemail of please leave your name and number after the beep',
  "i'm sorry i can't come to the phone right now please leave a message and i'll get back to you as soon as i can",
  'the person you are trying to reach is not available at the tone please record your message',
  'your call has been forwarded to an automatic voice message system',
  'your call has been forwarded to voicemail the person you are trying to reach is not available',
  'when you are finished recording you may hang up or press pound for more options',
  'the number you have dialed is not in service please check the number and dial again',
  "we're sorry we are unable to take your call at this time our office hours are monday to friday",
  "you've reached our office is closed please leave us a message and we will return your call",
  'the mailbox is full and cannot accept any messages at this time goodbye',
  "hi if you record your name and reason for calling i'll see if this person is available",
  "hi the person you're calling is using a screening service and will get a copy of this conversation",
  "go ahead and say your name and why you're calling",
  'before i try to connect you please state your name and the reason for your call',
  'thanks please stay on the line while i try to reach them',
  'thank you one moment please i am connecting you',
  'please hold while i see if they are available',
  "sorry they can't talk right now please leave a message after the tone",
];

/** What a recogniser of answerers must know. */
export const answererPhrases: readonly string[] = [
  ...greetings,
  ...people,
  ...machine,
  ...screening,
  ...maybeMachine,
  ...onHold,
];
