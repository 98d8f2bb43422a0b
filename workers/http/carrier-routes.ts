import { type Context, Hono } from 'hono';
import * as v from 'valibot';
import { Carrier, CarrierCallId } from '../../contract/carrier-stream.ts';
import { PhoneNumber } from '../../contract/primitives.ts';
import type { Env } from '../env.ts';
import { errorText, log } from '../log.ts';
import { signToken } from '../session/token.ts';
import { settingsOf } from '../settings.ts';
import { accountOf, type CarrierAccount } from '../telephony/carriers/accounts.ts';
import type { CarrierCall, CarrierDesk, CarrierOrder } from '../telephony/carriers/carrier-desk.ts';
import { dialSip, justHangUp, reject, sayAndHangUp, streamTo } from '../telephony/carriers/instructions.ts';
import { check, readBytes } from './body.ts';
import { FaultError } from './problem.ts';
import { regionOf } from './region.ts';

const maxHookBytes = 32_768;
/** A node that hangs up has its record here before, nearly always. One that died is known as dead after ten seconds. */
const lookAgainMs = 1_000;
const maxLooks = 4;

/** What carriers say of a call. They say much more. */
const Form = v.object({
  CallSid: CarrierCallId,
  From: v.optional(v.string()),
  To: v.optional(v.string()),
  CallStatus: v.optional(v.string()),
  DialCallStatus: v.optional(v.string()),
});

const overStatuses: ReadonlySet<string> = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

interface Hook {
  readonly carrier: Carrier;
  readonly account: CarrierAccount;
  readonly form: v.InferOutput<typeof Form>;
  /** Null for a number that no business has. */
  readonly business: string | null;
}

/** What carriers' webhooks ask: who they are is proven by the signature. Once it is, they always get an answer. */
export const carrierRoutes = new Hono<{ Bindings: Env }>();

type CarrierContext = Context<{ Bindings: Env }>;

/** Somebody calls. */
carrierRoutes.post('/v1/carriers/:carrier/voice', async (c) => {
  const hook = await readHook(c);
  return answer(c, hook, (desk) => desk.take(callOf(c, hook)));
});

/** The agent's part is over: the call as well, unless its node was lost. */
carrierRoutes.post('/v1/carriers/:carrier/after', async (c) => {
  const hook = await readHook(c);
  const { carrier, form } = hook;
  return answer(c, hook, async (desk) => {
    if (form.DialCallStatus !== undefined) {
      const talked = form.DialCallStatus === 'completed' || form.DialCallStatus === 'answered';
      return talked ? { kind: 'hang-up' } : desk.takeAgain(callOf(c, hook));
    }
    const hungUp = overStatuses.has(form.CallStatus ?? '');
    for (let looks = 1; ; looks += 1) {
      const over = await desk.over(carrier, form.CallSid);
      if (over === true || hungUp) return { kind: 'hang-up' };
      if (over === false || looks === maxLooks) return desk.takeAgain(callOf(c, hook));
      await scheduler.wait(lookAgainMs);
    }
  });
});

/** How a call stands. */
carrierRoutes.post('/v1/carriers/:carrier/status', async (c) => {
  const { carrier, form, business } = await readHook(c);
  if (business !== null && overStatuses.has(form.CallStatus ?? '')) {
    try {
      using desk = await c.env.BUSINESS.getByName(business).carriers();
      await desk.ended(carrier, form.CallSid);
    } catch (error) {
      log('error', 'the end of a carrier call was not noted', { business, error: errorText(error) });
    }
  }
  return c.body(null, 204);
});

async function readHook(c: CarrierContext): Promise<Hook> {
  const { CARRIER_ACCOUNTS, PHONE_NUMBERS, PUBLIC_URL } = settingsOf(c.env);
  const carrier = check(v.object({ carrier: Carrier }), { carrier: c.req.param('carrier') }).carrier;
  const body = await readBytes(c.req.raw, maxHookBytes);
  const { pathname, search } = new URL(c.req.url);
  const signed = { url: PUBLIC_URL + pathname + search, headers: c.req.raw.headers, body };
  const account = await accountOf(CARRIER_ACCOUNTS, carrier, signed, Date.now());
  if (account === null) throw new FaultError(forged);
  const fields = new URLSearchParams(new TextDecoder().decode(body));
  const form = check(Form, Object.fromEntries(fields));
  const business = PHONE_NUMBERS[form.To ?? ''] ?? null;
  const signature = c.req.header('telnyx-signature-ed25519');
  if (business !== null && signature !== undefined) {
    using desk = await c.env.BUSINESS.getByName(business).carriers();
    if (!(await desk.isNew(signature))) throw new FaultError(replayed);
  }
  return { carrier, account, form, business };
}

function callOf(c: CarrierContext, { carrier, account, form }: Hook): CarrierCall {
  const numberOf = (text: string | undefined): string | undefined => {
    const number = v.safeParse(PhoneNumber, text);
    return number.success ? number.output : undefined;
  };
  return {
    carrier,
    carrierCallId: form.CallSid,
    callerNumber: numberOf(form.From),
    dialledNumber: numberOf(form.To),
    region: regionOf(c),
    way: account.answer,
  };
}

/** Whatever goes wrong, the caller hears something and the carrier sees no error. */
async function answer(
  c: CarrierContext,
  { carrier, account, business }: Hook,
  ask: (desk: Rpc.Stub<CarrierDesk>) => Promise<CarrierOrder>,
): Promise<Response> {
  const xml = (text: string): Response => c.body(text, 200, { 'Content-Type': 'text/xml' });
  if (business === null) {
    log('warn', 'a carrier brought a call for a number that no business has', { carrier, account: account.name });
    return xml(reject());
  }
  try {
    using desk = await c.env.BUSINESS.getByName(business).carriers();
    return xml(await instruction(c, carrier, await ask(desk)));
  } catch (error) {
    log('error', 'a carrier call could not be answered', { carrier, business, error: errorText(error) });
    return xml(
      sayAndHangUp(["I'm sorry, we cannot take your call just now.", 'Please call us again a little later.'], 'en-US'),
    );
  }
}

async function instruction(c: CarrierContext, carrier: Carrier, order: CarrierOrder): Promise<string> {
  const { PUBLIC_URL, SESSION_KEY } = settingsOf(c.env);
  const afterUrl = `${PUBLIC_URL}/v1/carriers/${carrier}/after`;
  switch (order.kind) {
    case 'stream':
      return streamTo(carrier, order.signalingUrl, await signToken(order.claims, SESSION_KEY), afterUrl);
    case 'sip':
      return dialSip(order.uri, afterUrl);
    case 'say':
      return sayAndHangUp(order.sentences, order.locale);
    case 'hang-up':
      return justHangUp();
    case 'reject':
      return reject();
    default:
      return order satisfies never;
  }
}

const forged = {
  status: 403,
  code: 'unauthorized',
  message: 'The signature is missing, old or wrong.',
  action: 'Check CARRIER_ACCOUNTS, and that the carrier calls this very address: PUBLIC_URL and the path.',
} as const;
const replayed = {
  status: 403,
  code: 'unauthorized',
  message: 'This webhook has come before.',
  action: 'Sign it anew.',
} as const;
