import type { Bundle } from '../playbook/bundle.ts';
import { nextAction } from '../playbook/knowledge.ts';
import { fixed, wording } from '../phrase/sentences.ts';
import type { WordingKey } from '../phrase/wording.ts';
import { lookupOf } from '../understand/lookup.ts';
import type { Guess } from '../understand/classify.ts';
import { escalate, ruleFor } from './escalate.ts';
import { soothe } from './needs-person.ts';
import { wantCallBack } from './want-call-back.ts';
import { answerFacts, secondFact } from './answer-facts.ts';
import { keepAsItIs } from './answer-change.ts';
import { changeAside, optOut, spokenChange } from './change-asides.ts';
import type { CallerTurn, Candidate } from './candidate.ts';
import { isChanging, isStranger, takesAppointments } from './flow.ts';
import { ask, say, update, updateAppointment, updateLead, type Draft } from './draft.ts';
import { stepOf } from './focus.ts';
import { finish } from './finish.ts';
import { askAbout } from './ask-about.ts';
import { miss, proceed, resume } from './proceed.ts';

/** Below this a guess is not acted upon. */
const floor = 0.5;
/** "Can I say something". */
const callWords = 4;

/** Everything a caller may say at any moment, whatever is open. */
export function asides(draft: Draft, turn: CallerTurn): Candidate[] {
  const guesses = turn.heard.guesses.filter((guess) => guess.confidence >= floor);
  return [spokenChange(draft, turn), ...guesses.map((guess) => asideFor(draft, turn, guess))].filter(
    (candidate) => candidate !== null,
  );
}

function asideFor(draft: Draft, turn: CallerTurn, { label, confidence }: Guess): Candidate | null {
  switch (label.kind) {
    case 'intent':
      return ownIntentAside(draft.bundle, label.id, confidence) ?? intentAside(draft, turn, label.id, confidence);
    case 'fact': {
      // An answer and a question in one breath: the answer is kept, the question is answered.
      const both = turn.taken.length > 0 && turn.heard.question && confidence >= 0.7;
      // "Insurance pays it" to "what would you like to spend?", twice: nothing is asked, and the fact is known.
      const again =
        !turn.heard.question && turn.before.context.fact === label.id && turn.before.lead.askedAbout.includes(label.id);
      return aside(
        'answer',
        `fact-${label.id}`,
        both ? 0.97 : confidence * (again ? 0.1 : 0.92),
        `The caller asks about "${label.id}".`,
        (to) =>
          answerFacts(
            to,
            [label.id, ...secondFact(turn.heard.guesses, label.id)],
            nextAction(to.bundle, 'fact', label.id),
          ),
      );
    }
    case 'objection': {
      const name = lookupOf(draft.bundle).objections.get(label.id)?.label ?? label.id;
      return aside(
        'handle-objection',
        `objection-${label.id}`,
        confidence * 0.93,
        `The caller objects: ${name}.`,
        (to) => handleObjection(to, label.id),
      );
    }
    case 'answer':
    case 'high-stakes':
    case 'none':
      return null;
    default:
      return label.kind satisfies never;
  }
}

function aside(act: string, rule: string, score: number, why: string, run: (draft: Draft) => void): Candidate {
  return { act, rule, score, why, run };
}

/** An intent of the playbook's own, answered by its facts. */
function ownIntentAside(bundle: Bundle, id: string, confidence: number): Candidate | null {
  const intent = bundle.intents.find((known) => known.id === id);
  if (intent === undefined) return null;
  return aside('answer', `intent-${id}`, confidence * 0.92, `The caller means "${id}".`, (draft) =>
    answerFacts(draft, intent.answers, nextAction(bundle, 'intent', id)),
  );
}

function intentAside(
  draft: Draft,
  { before, heard, taken }: CallerTurn,
  id: string,
  confidence: number,
): Candidate | null {
  const speak =
    (keys: readonly WordingKey[], act: 'say' | 'answer' = 'say') =>
    (draft: Draft) => {
      const sentences = wording(draft.bundle, ...keys);
      // The aside and the question again are one turn of the agent.
      say(draft, act, sentences, id);
      if (draft.state.waitingFor === null) resume(draft, []);
    };
  switch (id) {
    case 'goodbye':
      return aside('goodbye', 'caller-says-goodbye', confidence * 0.96, 'The caller says goodbye.', (draft) =>
        finish(draft),
      );
    case 'not-interested':
      if (isChanging(before) && before.change.appointment !== null)
        return aside('say', 'appointment-stays', confidence * 0.94, 'The caller changes nothing.', keepAsItIs);
      return aside('goodbye', 'caller-not-interested', confidence * 0.94, 'The caller wants nothing.', (draft) => {
        const booked = draft.state.appointment.booked !== null;
        if (booked) finish(draft);
        else finish(draft, ['not-interested', 'goodbye'], 'not-interested');
      });
    case 'human':
      if (before.callBack.stage !== 'none') {
        return aside('ask', 'call-back-already', confidence * 0.6, 'A call back is arranged already.', (draft) =>
          proceed(draft, wording(draft.bundle, 'no-worries')),
        );
      }
      return aside(
        'promise',
        'caller-wants-a-person',
        confidence * 0.96,
        'The caller wants to talk to a person.',
        (draft) => {
          const rule = ruleFor(draft, 'asked-for-person');
          if (rule !== undefined) return escalate(draft, rule);
          wantCallBack(draft, 'The caller asked to talk to a person');
          proceed(draft, wording(draft.bundle, 'call-back-intro'));
        },
      );
    case 'robot':
      return aside(
        'answer',
        'honest-about-ai',
        confidence * 0.96,
        'The caller asks whether this is a machine.',
        speak(['robot'], 'answer'),
      );
    case 'identity':
      return aside('answer', 'who-is-this', confidence * 0.95, 'The caller asks who this is.', (draft) => {
        say(draft, 'answer', fixed(draft.bundle.greeting), id);
        resume(draft, []);
      });
    case 'help':
      if (isStranger(before))
        return aside(
          'answer',
          'not-for-others',
          confidence * 0.9,
          'We do not know yet who this is.',
          speak(['not-for-others'], 'answer'),
        );
      return aside(
        'answer',
        'what-i-can-do',
        confidence * 0.9,
        'The caller asks what can be done here.',
        speak(['what-i-do'], 'answer'),
      );
    case 'repeat':
      return aside('ask', 'say-it-again', confidence * 0.95, 'The caller wants it again.', (draft) => repeat(draft));
    case 'be-heard':
      // Whoever says more than that has begun already.
      return taken.length === 0 && heard.words.length <= callWords ? letSpeak(confidence) : null;
    case 'wait':
      // "Wait" over the agent's words is no wish to be left alone.
      if (!before.focusHeard && heard.words.length <= 2) return letSpeak(confidence);
      return aside('say', 'caller-needs-time', confidence * 0.9, 'The caller asks for a moment.', (draft) =>
        say(draft, 'say', wording(draft.bundle, 'take-your-time')),
      );
    case 'book':
      if (before.appointment.booked !== null || heard.when.ordinal !== null) return null;
      if (isChanging(before))
        return aside('ask', 'on-with-the-change', confidence * 0.6, 'The caller asks for times.', (draft) =>
          proceed(draft),
        );
      if (!takesAppointments(draft.bundle, before))
        return aside('ask', 'no-appointments-here', confidence * 0.88, 'No appointments are made in this call.', (to) =>
          askAbout(
            to,
            { kind: 'offer-call-back', reason: 'Wants an appointment' },
            wording(to.bundle, 'no-appointments-here'),
          ),
        );
      return aside(
        'ask',
        'caller-wants-appointment',
        confidence * 0.88,
        'The caller wants an appointment.',
        (draft) => {
          updateAppointment(draft, { wish: 'wanted' });
          const more = draft.bundle.questions.some(
            (question) =>
              draft.bundle.flow.includes(question.id) && draft.state.lead.answers[question.id] === undefined,
          );
          const first = (draft.state.asked['few-questions'] ?? 0) === 0 && more;
          update(draft, { asked: { ...draft.state.asked, 'few-questions': 1 } });
          proceed(draft, wording(draft.bundle, 'happy-to-book', ...(first ? (['few-questions'] as const) : [])));
        },
      );
    case 'reschedule':
      return changeAside('move', 'move-appointment', confidence * 0.93, before, heard);
    case 'cancel-appointment':
      return changeAside('cancel', 'cancel-appointment', confidence * 0.93, before, heard);
    case 'check-appointment':
      return changeAside('check', 'find-appointment', confidence * 0.93, before, heard);
    case 'opt-out':
      return aside('goodbye', 'caller-opts-out', confidence * 0.97, 'The caller wants no more calls.', optOut);
    case 'complaint':
      return aside('say', 'caller-complains', confidence * 0.9, 'The caller is unhappy.', (draft) => {
        if (draft.state.callBack.stage === 'none') soothe(draft);
        else resume(draft, wording(draft.bundle, 'sorry'));
      });
    case 'why-ask':
      // "Why not?" to an offer takes it.
      if (before.expecting.kind === 'yes-no' && heard.polarity.answer === 'yes') return null;
      return aside('answer', 'why-i-ask', confidence * 0.95, 'The caller asks why.', speak(['why-i-ask'], 'answer'));
    case 'meddling':
      return aside(
        'say',
        'keeps-to-the-playbook',
        confidence * 0.96,
        'The caller tries to change the rules.',
        speak(['what-i-do']),
      );
    case 'wrong-number': {
      // "That's the wrong number" is also what is said to a number that was read back.
      const { kind } = before.focus;
      if (kind === 'confirm-phone' || kind === 'contact') return null;
      return aside('goodbye', 'wrong-number', confidence * 0.96, 'The caller wanted somebody else.', (draft) => {
        updateLead(draft, { tags: [...new Set([...draft.state.lead.tags, 'wrong-number'])] });
        finish(draft, ['no-worries', 'goodbye'], 'not-interested');
      });
    }
    case 'thanks':
      return aside('say', 'caller-thanks', confidence * 0.5, 'The caller says thanks.', speak(['welcome']));
    case 'greeting':
      return aside('say', 'caller-greets', confidence * 0.5, 'The caller says hello.', speak(['hello']));
    default:
      // Refusals, "don't know" and the choice of phone or e-mail only mean something to a question.
      return null;
  }
}

/** "Stop": nothing is asked again before the caller has said what they want to say. */
function letSpeak(confidence: number): Candidate {
  return aside('say', 'caller-wants-to-be-heard', confidence * 0.95, 'The caller wants to be heard.', (draft) =>
    say(draft, 'say', wording(draft.bundle, 'go-ahead')),
  );
}

/** What was said last, or at least what is open. */
function repeat(draft: Draft): void {
  const { focus } = draft.state;
  if (focus.kind === 'none') {
    proceed(draft);
    return;
  }
  // The long form: the caller may not have heard any of it.
  const { [focus.kind === 'question' ? focus.id : focus.kind]: _, ...asked } = draft.state.asked;
  update(draft, { asked });
  askAbout(draft, focus, []);
}

function handleObjection(draft: Draft, id: string): void {
  const { bundle, state } = draft;
  const objection = lookupOf(bundle).objections.get(id);
  if (objection === undefined) return proceed(draft);
  const before = state.lead.objections.find((known) => known.id === id);
  const attempts = before?.attempts ?? 0;
  const others = state.lead.objections.filter((known) => known.id !== id);
  const attempt = state.noSelling ? undefined : objection.attempts[attempts];
  if (attempt !== undefined) {
    updateLead(draft, { objections: [...others, { id, attempts: attempts + 1, outcome: 'open' }] });
    say(draft, 'handle-objection', fixed(attempt.lines, attempt.cites), id);
    if (draft.state.waitingFor === null) resume(draft, []);
    return;
  }
  // Enough: step back rather than push.
  updateLead(draft, { objections: [...others, { id, attempts, outcome: 'stood' }] });
  say(draft, 'handle-objection', fixed(objection.stepBack), id);
  if (draft.state.waitingFor !== null) return;
  if (objection.afterwards === 'escalate' && draft.state.callBack.stage === 'none') {
    const label = `Objection: ${objection.label}`.slice(0, 200);
    return escalate(draft, { id: `objection-${id}`.slice(0, 64), label, how: 'offer', lines: [] });
  }
  if (objection.afterwards === 'stop') {
    update(draft, { noSelling: true });
    return ask(draft, { kind: 'anything-else' }, wording(bundle, 'anything-else'));
  }
  // A caller who only objects is not asked the same for ever.
  miss(draft);
  if (stepOf(draft.state.focus) === 'appointment') updateAppointment(draft, { wish: 'declined' });
  proceed(draft);
}
