import * as v from 'valibot';
import { BundleHash, EpochMs, ShortText, Slug, Uuid } from './primitives.ts';

/** A continent, as Cloudflare says where a request comes from. */
export const Region = v.picklist(['af', 'an', 'as', 'eu', 'na', 'oc', 'sa']);
export type Region = v.InferOutput<typeof Region>;

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000));
const NodeName = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(100),
  v.regex(/^[\w.-]+$/, 'may have letters, digits, _ . -'),
);

/** `POST /v1/node/fleet`: a media node says that it lives, and how it is. The first time this registers it. */
export const NodeReport = v.object({
  name: NodeName,
  /** Another one after each start. */
  run: Uuid,
  version: ShortText,
  signalingUrl: v.pipe(v.string(), v.maxLength(500), v.url(), v.regex(/^wss?:/, 'must be a ws: or wss: URL')),
  /** Where it takes SIP, as `sip:192.0.2.7:5060`. Absent: it has no telephone. */
  sipUri: v.optional(v.pipe(v.string(), v.maxLength(200), v.regex(/^sips?:[^\s<>"]+$/))),
  region: v.optional(Region),
  /** Calls it takes at most, and has. */
  capacity: count,
  activeCalls: count,
  /** It ends when its calls are over, and gets no more. `gone`: it has ended. */
  state: v.picklist(['up', 'draining', 'gone']),
  /** Playbooks whose models are loaded. */
  playbooks: v.pipe(v.array(BundleHash), v.maxLength(500)),
  /** Whose calls it has. */
  businesses: v.pipe(v.array(Slug), v.maxLength(2_000)),
});
export type NodeReport = v.InferOutput<typeof NodeReport>;

/** The next report is due in so many ms. `drain`: the operator wants the node to end when its calls are over. */
export const NodeOrders = v.object({ nextInMs: v.pipe(v.number(), v.minValue(100)), drain: v.boolean() });
export type NodeOrders = v.InferOutput<typeof NodeOrders>;

/** `GET /v1/fleet`: every media node that has not been silent for a day. */
export const FleetList = v.object({
  nodes: v.array(
    v.object({
      ...v.omit(NodeReport, ['playbooks', 'businesses', 'run', 'state']).entries,
      state: v.picklist(['up', 'draining', 'dead']),
      heardAtMs: EpochMs,
      warmPlaybooks: count,
    }),
  ),
});
export type FleetList = v.InferOutput<typeof FleetList>;
export type FleetNode = FleetList['nodes'][number];
