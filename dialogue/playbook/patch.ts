import type { Bundle, Patch } from './bundle.ts';
import type { Content } from './content.ts';

/** What stands in `changed` and not in `content`. */
export function differenceOf(content: Content, changed: Content): Patch {
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  const others = <Item extends { readonly id: string }>(before: readonly Item[], after: readonly Item[]): Item[] =>
    after.filter(
      (item) =>
        !same(
          item,
          before.find(({ id }) => id === item.id),
        ),
    );
  const { greeting, disclosure, spokenDisclosure, flow, qualification } = changed;
  return {
    ...(same(content.greeting, greeting) ? {} : { greeting }),
    ...(same(content.disclosure, disclosure) ? {} : { disclosure }),
    ...(same(content.spokenDisclosure, spokenDisclosure) ? {} : { spokenDisclosure }),
    ...(same(content.flow, flow) ? {} : { flow }),
    ...(same(content.qualification, qualification) ? {} : { qualification }),
    wording: Object.fromEntries(
      Object.entries(changed.wording).filter(([key, lines]) => !same(content.wording[key], lines)),
    ),
    facts: others(content.facts, changed.facts),
    questions: others(content.questions, changed.questions),
    objections: others(content.objections, changed.objections),
  };
}

/** A bundle with the changes in it. Its name stays: it is the published bundle that a call is pinned to. */
export function applyPatch(bundle: Bundle, patch: Patch): Bundle {
  const replaced = <Item extends { readonly id: string }>(items: readonly Item[], by: readonly Item[]): Item[] =>
    items.map((item) => by.find(({ id }) => id === item.id) ?? item);
  return {
    ...bundle,
    greeting: patch.greeting ?? bundle.greeting,
    disclosure: patch.disclosure ?? bundle.disclosure,
    spokenDisclosure: patch.spokenDisclosure ?? bundle.spokenDisclosure,
    flow: patch.flow ?? bundle.flow,
    qualification: patch.qualification ?? bundle.qualification,
    wording: { ...bundle.wording, ...patch.wording },
    facts: replaced(bundle.facts, patch.facts),
    questions: replaced(bundle.questions, patch.questions),
    objections: replaced(bundle.objections, patch.objections),
  };
}

const variants = new WeakMap<Bundle, Map<string, Bundle>>();

/** A changed bundle, made once: what is looked up of a bundle is made once for all calls that share it. */
export function variantOf(bundle: Bundle, name: string, make: () => Bundle): Bundle {
  const known = variants.get(bundle) ?? new Map<string, Bundle>();
  variants.set(bundle, known);
  const variant = known.get(name) ?? make();
  known.set(name, variant);
  return variant;
}
