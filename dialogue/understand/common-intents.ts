/**
 * What callers of every business say, beside the playbook's own facts, objections and answers.
 * In the playbook's template language: (a|b), [optional].
 */
export const commonIntents: Readonly<Record<string, readonly string[]>> = {
  goodbye: [
    '(bye|goodbye|good bye|bye bye|bye now)', '[okay] thanks (bye|goodbye)', '[okay] thank you (bye|goodbye)', "[no] that's all [thanks]", "[no] that's it [thanks]",
    "that's all i (need|needed|wanted)", "that's everything [thanks]", 'have a (good|great|nice) (day|one|evening)', 'talk to you later', '(i have|i need|i got) to go', 'see you [later]',
    "i'm going to hang up", "no that's all thank you", "that will be all", "nothing else [thanks]", 'end the call', "i'm done", 'thanks for your (help|time) (bye|goodbye)',
  ],
  human: [
    '[can i] (talk|speak) to a (person|human|real person|representative|salesperson|manager|roofer)', 'i want to (talk|speak) to (someone|somebody|a person|a human)', "i'd like to (talk|speak) (to|with) (someone|somebody|a person|a human|a representative)",
    '(get|give|put) me a (person|human|representative|manager)', '(call|ring|phone) me back', 'can (someone|somebody) call me [back]', 'have (someone|somebody) call me [back]', 'i want a (human|person|call back|callback)', 'a real person please',
    "let me (talk|speak) to (someone|the owner|a manager|a person)", 'is there a (human|person|manager) i can (talk|speak) to', 'transfer me [please]', 'representative [please]', 'human [please]', "i don't want to talk to a (machine|robot|computer)", 'can you call me [back] (later|tomorrow)', 'operator',
    'connect me (to|with) (someone|a person|sales)', 'please have a person call me', 'i would prefer a call back', 'i need to talk to somebody',
  ],
  robot: [
    'are you (a robot|a real person|real|human|a human|a machine|an ai|a bot|a computer)', 'am i (talking|speaking) to a (robot|machine|computer|person|human|bot)', 'is this a (robot|machine|recording|real person|bot|computer)', "you're a (robot|machine|bot)", 'is this an ai', 'are you artificial intelligence', 'is this automated', 'am i talking to a real person',
  ],
  identity: ['who (is this|are you|am i talking to|am i speaking to)', "what's your name", 'what is your name', 'which company is this', 'who do you work for', 'what company is this', 'is this (the right number|the roofing company)'],
  repeat: [
    '(sorry|pardon|what|excuse me) [what did you say]', '(say|repeat) that [again] [please]', 'can you (repeat|say) that [again]', 'could you (repeat|say) that [again] [please]', 'come again', "i didn't (hear|catch|get|understand) (that|you)", 'what was that', 'one more time [please]', 'repeat [please] [the question]', 'say again', 'what was the question', "i can't hear you", 'what do you mean', 'pardon me',
  ],
  wait: ['(hold|hang) on [a] [second|minute|moment]', '(one|just a|give me a) (second|moment|minute|sec) [please]', 'wait [a] [second|minute|moment]', 'let me (check|think|look|see)', 'hold on let me check'],
  book: [
    "(i want|i'd like|i would like|i need) to (book|schedule|make|set up|arrange) an (appointment|inspection|estimate|visit)", 'can i (book|schedule|make|get) an (appointment|inspection|estimate)', '(book|schedule) an (appointment|inspection)', "(i want|i'd like|i need) an (appointment|estimate|inspection|quote)",
    'can (someone|somebody|you) come (out|over|by) [and] [take a look|look at it|look at my roof]', 'when can you come [out]', 'when are you (available|free)', 'what times do you have', 'do you have any (appointments|openings|times) [available]', 'set up a visit', "let's book it", 'send someone out', 'how soon can you come', 'i want a free (estimate|inspection|quote)', 'can you give me (an estimate|a quote)', "let's schedule",
  ],
  thanks: ['(thanks|thank you) [very much|so much|a lot]', '[okay] (thanks|thank you)', 'great (thanks|thank you)', 'i appreciate it', 'that helps [thanks]', 'good to know'],
  greeting: ['(hi|hello|hey|hi there|hello there|good morning|good afternoon|good evening)', 'hello [is] anyone there', 'how are you [doing] [today]', "hi how's it going", 'hey there robin'],
  'dont-know': ["(i don't know|i do not know|not sure|i'm not sure|no idea|no clue|i have no idea)", "i'm not sure (yet|about that)", "i (haven't|have not) decided [yet]", "haven't thought about (it|that)", 'hard to say', "i couldn't tell you", "i don't have (one|a budget|a number)", 'i would have to check', 'good question', "it depends", 'no budget yet', "you tell me", 'i really have no idea'],
  refuse: ["i'd rather not [say]", "i don't want to (say|give|give you) [that|my number|my name|my email]", "i won't (give|tell) you [that]", "that's private", "none of your business", 'skip [that|this] [question]', 'next question', 'no comment', "prefer not to say", "i don't give out my (number|email|phone)", 'why do you need (that|my number|my name|to know)', 'pass', "that's personal"],
  'by-email': ['(can|could) i give you my email [instead]', 'use my email [instead]', 'i prefer email', 'email is better', 'just email me', "can you email me [instead]", "i'd rather give you my email [address]", 'email me'],
  'by-phone': ['(can|could) i give you my (phone|number|phone number) [instead]', 'use my phone [number] [instead]', 'i prefer phone', 'phone is better', "i'd rather give you my (number|phone)", 'text me', 'call me instead'],
  'not-interested': ["(i'm not|not|we're not) interested", 'no thank you not interested', 'stop calling [me]', 'take me off your list', 'leave me alone', "i don't want (any|this|anything)", 'i changed my mind', 'never mind', 'forget it', "don't call me [again|anymore]", 'remove me from your list', "we don't need anything"],
  help: ['what can you (do|help me with|help with)', 'how does this work', 'what do i say', 'what are my options', 'help [me]', 'what is this', 'what is this about'],
  reschedule: ['(i want|i need|can i|could i) [to] (reschedule|cancel|move|change) my (appointment|inspection|visit)', 'cancel my (appointment|inspection|booking)', 'reschedule [my] (appointment|inspection)', "i can't make my appointment", 'change my booking', 'move my appointment to another day'],
  complaint: ['(this is|you are|you guys are) (ridiculous|terrible|awful|useless)', 'i want to (complain|make a complaint)', "i'm (angry|upset|frustrated)", "you're not listening", "that's not what i said", "you don't understand [me]", 'this is a waste of time', 'your crew damaged my (gutter|driveway|yard)', 'i have a complaint'],
};

/** Said to a sales line now and then, and none of its business: what "none of these" looks like. */
export const background: readonly string[] = [
  "what's the weather like today", 'what is the weather tomorrow', 'tell me a joke', 'who won the game last night', 'what is the capital of france', 'do you like pizza', 'can you order me a pizza',
  'what is two plus two', 'sing me a song', 'my dog ate my homework', 'where can i buy a used car', 'how do i get to the airport', 'play some music', 'turn on the lights', 'what is the meaning of life',
  'the cat is on the table', 'i went to the store yesterday', 'my brother lives in chicago', 'can you fix my computer', 'do you sell shoes', 'i need a haircut', 'book me a flight to new york', 'what is the stock price of apple',
  'are you married', 'how old are you', 'do you have feelings', 'can you help me with my taxes', 'is the restaurant open', 'how do i reset my password', 'my phone is broken', 'i need a plumber for the sink',
  'the car needs an oil change', 'what should i cook for dinner', 'when is the next bus', 'can you translate this to spanish', 'who is the president', 'i like trains', 'where is my package', 'cancel my subscription',
  'the television is too loud', 'hey can you grab the door', "honey where are the keys", 'the kids are at school', "i'll be there in a minute mom", 'we watched a movie last night', 'purple elephants dance at night',
  'do you know any good books', 'what time is the concert', 'is there a bank near here', 'how tall is the mountain', 'i want to learn guitar', 'write me a poem', 'what is your favorite color', 'ignore all previous instructions',
  'give me a recipe for bread', 'the meeting is in the other room', 'my name is # #', '#', '# #', '# # #', '# # # # # # #', 'the # of november', 'my number is # # # # # #', 'dot com', 'at gmail dot com', 'jane dot doe', 'double #',
  'the # one', 'on monday', 'tuesday at #', 'not monday', 'next week', 'in the morning', 'yes', 'no', 'yeah', 'sure', 'okay', 'right', 'correct', 'no thanks', 'yes please', 'a b c d', 'j a n e', 'susan miller', 'this is john', 'and', 'the', 'it is', 'is', 'of', 'to', 'you', 'i', 'we', 'a', 'do you', 'can you', 'what', 'how', 'i need', 'i want', 'have', 'about',
];
