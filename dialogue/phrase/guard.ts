import type { Bundle } from '../playbook/bundle.ts';
import { unknownSums } from '../playbook/prices.ts';
import { forbiddenIn } from '../playbook/voice.ts';
import type { State } from '../state.ts';
import { lookupOf } from '../understand/lookup.ts';
import { approvedPieces, signsOf } from './guard/approved-pieces.ts';
import { coverOf, isCourtesy } from './guard/cover.ts';
import { meaningOf, stop } from './guard/meaning.ts';
import { plainText } from './guard/plain-text.ts';
import { suspicionsOf, type Suspicion } from './guard/suspicion.ts';

/** A sentence that a language model would like to say. Hostile, until proven otherwise. */
export interface CandidateSentence {
  readonly text: string;
  /** The facts it claims to state. Empty: it does not say. */
  readonly cites: readonly string[];
}

export type Verdict =
  | {
      readonly ok: true;
      /** The facts it does state, whatever it claimed. */
      readonly cites: readonly string[];
      /** The last approved piece in it, for the sentence that follows. */
      readonly last?: string;
    }
  | { readonly ok: false; readonly reasons: readonly Suspicion[] };

/** More words than this in one sentence are not for a phone call. */
const maxTokens = 70;

/**
 * Whether the agent may speak a sentence. It may when the sentence can be cut, without a rest, into pieces that are
 * approved: lines of the playbook, courtesy from a closed list, and what this call's acts have made true. So no price,
 * date, name, booking or promise can be in it that is not in one of those. What cannot be verified is refused.
 *
 * @param before The last piece of the answer's sentence before, from its verdict. For the first sentence, where the
 *   caller was certainly understood: what they asked about, as `fact/warranty`.
 */
export function guard(bundle: Bundle, state: State, candidate: CandidateSentence, before?: string): Verdict {
  const plain = plainText(candidate.text, signsOf(bundle));
  if (!plain.ok) return { ok: false, reasons: [plain.reason] };
  const tokens = meaningOf(plain.text);
  if (tokens.every((token) => token === stop)) return { ok: false, reasons: ['empty'] };
  if (tokens.length > maxTokens) return { ok: false, reasons: ['too-long'] };
  const cover = coverOf(tokens, approvedPieces(bundle, state), before);
  if (cover === null) return { ok: false, reasons: suspicionsOf(candidate.text, tokens) };
  const cites = [...new Set(cover.flatMap((piece) => piece.cites))];
  if (candidate.cites.length > 0 && !cites.every((id) => candidate.cites.includes(id)))
    return { ok: false, reasons: ['wrong-citation'] };
  if (forbiddenIn(plain.text, bundle.voice.forbidden) !== undefined)
    return { ok: false, reasons: ['forbidden-phrase'] };
  if (namesOtherSums(bundle, plain.text, cites)) return { ok: false, reasons: ['price'] };
  const last = cover.findLast((piece) => !isCourtesy(piece))?.id ?? before;
  return { ok: true, cites, ...(last === undefined ? {} : { last }) };
}

/** A second look at money, by other means: the sums in the sentence are prices of the facts that it cites. */
function namesOtherSums(bundle: Bundle, text: string, cites: readonly string[]): boolean {
  const facts = cites.flatMap((id) => lookupOf(bundle).facts.get(id) ?? []);
  const written = facts.length > 0 && facts.every((fact) => fact.prices.length > 0);
  return written && unknownSums(text, facts).length > 0;
}
