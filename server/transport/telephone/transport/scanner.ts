import { headerOf, type SipMessage } from '../message/sip-message.ts';

/** What tools that look for open phone systems call themselves. They get no answer, which would tell them they found one. */
const names =
  /friendly-scanner|sipvicious|sipcli|sip-scan|sipsak|sundayddr|iwar|sipptk|vaxsipuseragent|pplsip|eyebeam-scan|smap|vaxasip|siparmyknife/i;

export function isScanner(message: SipMessage): boolean {
  const agent = headerOf(message, 'user-agent');
  return agent !== undefined && names.test(agent);
}
