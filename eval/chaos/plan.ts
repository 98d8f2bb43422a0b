import { seeded } from '../../dialogue/learn/random.ts';
import type { Cut } from './link.ts';

/** Programs that can be killed. */
export const programs = ['control-plane', 'media-node', 'crm', 'calendar'] as const;
export type Program = (typeof programs)[number];

/** Networks that can be cut: the node's to the control plane, and the control plane's to others. */
export const links = ['node', 'crm', 'webhook', 'calendar'] as const;
export type LinkName = (typeof links)[number];

const cuts = ['request-lost', 'answer-lost', 'answer-late'] as const satisfies readonly Cut[];

export type Fault =
  /** `SIGKILL`. The CRM and the calendar stay down for so long; the others are restarted at once. */
  | { readonly kind: 'kill'; readonly program: Program; readonly downMs: number }
  /** `SIGSTOP`, then `SIGCONT`: it hangs, and is there again as if nothing had been. */
  | { readonly kind: 'freeze'; readonly program: 'control-plane' | 'media-node'; readonly forMs: number }
  | { readonly kind: 'cut'; readonly link: LinkName; readonly cut: Cut; readonly forMs: number }
  /** The next requests arrive, and their answers do not: any, or those that change something on the other side. */
  | { readonly kind: 'lose-answers'; readonly link: LinkName; readonly of: 'all' | 'changes'; readonly count: number }
  /** The page's own network: it resumes its call after so long. */
  | { readonly kind: 'page-gone'; readonly forMs: number };

/** Strikes so long after a caller has said something. */
export interface PlannedFault {
  readonly call: number;
  readonly turn: number;
  readonly afterMs: number;
  readonly fault: Fault;
}

export interface PlannedCall {
  readonly index: number;
  readonly wish: 'book' | 'move' | 'cancel';
  /** Hangs up after so many answers. Null: stays to the end. */
  readonly leavesAfter: number | null;
  /** How long the caller thinks before each answer, over and over. */
  readonly thinksMs: readonly number[];
}

export interface Person {
  readonly name: string;
  readonly email: string;
  /** One after the other. */
  readonly calls: readonly PlannedCall[];
}

export interface Plan {
  readonly people: readonly Person[];
  readonly faults: readonly PlannedFault[];
}

const firstNames = ['Susan', 'David', 'Jane', 'Robert', 'Linda', 'Mark', 'Laura', 'Paul'] as const;
const lastNames = ['Miller', 'Clark', 'Baker', 'Turner', 'Walker', 'Cooper', 'Parker', 'Hughes'] as const;
/** Turns of a call in which something can go wrong. */
const turns = 12;
/** The fleet takes a node for dead after ten seconds. */
const deadNodeMs = [1_000, 16_000] as const;
export interface PlanOptions {
  readonly calls: number;
  readonly seed: number;
  /** One fault for so many calls. Default 3. */
  readonly callsPerFault?: number;
}

/** Who calls, what they want, and what goes wrong when: the same for the same seed. */
export function planChaos({ calls, seed, callsPerFault = 3 }: PlanOptions): Plan {
  const random = seeded(seed);
  const upTo = (limit: number): number => Math.floor(random() * limit);
  const between = (low: number, high: number): number => Math.round(low + random() * (high - low));
  const people: Person[] = [];
  for (let index = 0; index < calls;) {
    const returns = index + 1 < calls && random() < 0.3;
    const planned: PlannedCall[] = [];
    for (let nth = 0; nth < (returns ? 2 : 1); nth += 1) {
      planned.push({
        index,
        wish: nth === 0 ? 'book' : random() < 0.6 ? 'move' : 'cancel',
        leavesAfter: random() < 0.2 ? 1 + upTo(8) : null,
        thinksMs: Array.from({ length: 5 }, () => between(50, 500)),
      });
      index += 1;
    }
    const [first, last] = [firstNames[upTo(firstNames.length)]!, lastNames[upTo(lastNames.length)]!];
    people.push({
      name: `${first} ${last}`,
      email: `${first}.${last}.${people.length + 1}@example.com`.toLowerCase(),
      calls: planned,
    });
  }
  const faults = Array.from({ length: Math.ceil(calls / callsPerFault) }, (_, nth) => ({
    call: Math.min(calls - 1, nth * callsPerFault + upTo(callsPerFault)),
    turn: upTo(turns),
    afterMs: upTo(120),
    fault: pickFault(nth, upTo, between),
  }));
  return { people, faults };
}

/** Each kind comes in turn, so that a short run has them all. */
function pickFault(
  nth: number,
  upTo: (limit: number) => number,
  between: (low: number, high: number) => number,
): Fault {
  const link = links[upTo(links.length)]!;
  switch (nth % 6) {
    case 0:
      return { kind: 'kill', program: programs[Math.floor(nth / 6) % 2]!, downMs: 0 };
    case 1:
      return {
        kind: 'lose-answers',
        link: upTo(2) === 0 ? 'node' : link,
        of: upTo(3) === 0 ? 'all' : 'changes',
        count: 1 + upTo(3),
      };
    case 2:
      return { kind: 'cut', link, cut: cuts[upTo(cuts.length)]!, forMs: between(200, 4_000) };
    case 3:
      return { kind: 'kill', program: upTo(2) === 0 ? 'crm' : 'calendar', downMs: between(100, 4_000) };
    case 4:
      return upTo(3) === 0
        ? { kind: 'freeze', program: 'media-node', forMs: between(...deadNodeMs) }
        : { kind: 'freeze', program: 'control-plane', forMs: between(500, 5_000) };
    default:
      return { kind: 'page-gone', forMs: between(50, 3_000) };
  }
}
