import type { AnsweredBy } from '../../contract/outbound.ts';

/** What is said when a call is answered. Stretches of speech, with pauses between them. */
export type Said = readonly string[];

/** Half of each list is for the held-out seeds: every second one. */
export const texts: Readonly<Record<AnsweredBy, readonly Said[]>> = {
  person: [
    ['Hello?'],
    ['Hi, who is this?'],
    ['Yes?'],
    ['Hello, Susan speaking.'],
    ['Good morning.'],
    ['This is Susan.'],
    ['Miller residence, hello.'],
    ['Hello? Hello?'],
    ['Yeah, hi, what is it?'],
    ['Hello, can I help you?'],
    ['Good afternoon, Miller Plumbing, this is Susan, how can I help you today?'],
    ['Thank you for calling Summit Dental, this is Kate speaking, how may I help you?'],
    ['Hi there.', 'Who am I talking to?'],
    ['Hello.', 'Is somebody there?'],
    ['Oh hello, sorry, I was just about to leave the house, who is calling?'],
    ['Hang on, let me turn the radio down.', 'Okay, now I can hear you.'],
    ['Front desk, Maria speaking, one second please.'],
    ['Hello, yes, this is she.'],
    ['Mom? Is that you?'],
    ['I am in the car, you have to speak up.'],
  ],
  machine: [
    ["Hi, you've reached Susan Miller.", "I can't take your call right now, so please leave a message after the tone."],
    ['Hello, this is Bob. Leave me your name and your number after the beep and I will call you back.'],
    ['You have reached the voicemail box of 3 0 3, 5 5 5, 0 1 2 3.', 'At the tone, please record your message.'],
    ["We can't come to the phone. You know what to do.", 'Leave a message.'],
    [
      'Your call has been forwarded to an automated voice messaging system.',
      'Susan is not available.',
      'At the tone, please record your message.',
    ],
    [
      'Thank you for calling Miller Plumbing.',
      'Our office is closed.',
      'Please leave your name and number and we will get back to you.',
    ],
    ["Hey, it's Dave, I'm not here right now, leave a message and I will get back to you as soon as I can."],
    ['The person you are trying to reach is not available.', 'Please leave your message after the tone.'],
    ["Sorry I missed you! I'm probably at work.", 'Leave a quick message after the beep. Thanks, bye.'],
    ['Hello.', "You've reached the Johnson family, we're out at the moment.", 'Please leave a message.'],
    ['The mailbox you have called belongs to Susan Miller.', 'Please leave a message after the tone.'],
    ["Hi, this is Kate's phone. I'm either on the other line or away, so please leave a voicemail."],
  ],
  screening: [
    ["Hi. If you record your name and reason for calling, I'll see if this person is available."],
    [
      "Hello. The person you're calling is using a screening service, and will get a copy of this conversation.",
      "Go ahead and say your name, and why you're calling.",
    ],
    ['Before I try to connect you, please say your name after the tone.'],
    ['This call is being screened.', 'Please state your name and the reason for your call.'],
    ['Hi, who should I say is calling? Please record your name and why you are calling.'],
    ['The person you are calling is using call screening.', 'State your name, and I will see if they are available.'],
  ],
};
