import type { Trunk } from '../auth/trunk.ts';
import { voiceCodecs } from '../sdp/media-policy.ts';
import { isPrivateAddress } from '../transport/private-address.ts';
import type { TrunkFacts } from './trunk-facts.ts';

export interface Finding {
  readonly level: 'good' | 'doubtful' | 'bad';
  /** How it is. */
  readonly what: string;
  /** What to change, for a person. */
  readonly change?: string;
}

/** Before that, somebody should see to it. */
const renewDays = 21;

/** What the facts mean, in plain words, the path of a call from beginning to end. */
export function judgeTrunk(trunk: Trunk, facts: TrunkFacts, announcedAddress: string): Finding[] {
  return [
    ...reach(facts),
    ...login(trunk, facts),
    ...nat(facts, announcedAddress),
    ...codecs(trunk, facts),
    ...oneWayAudio(facts),
    ...certificate(facts),
    ...secrecy(trunk, facts),
    ...directions(trunk),
  ];
}

function reach({ ways, options }: TrunkFacts): Finding[] {
  if (ways.length === 0)
    return [
      bad(
        'The name of the trunk leads nowhere.',
        'Check "address": is it spelled right, and does this machine have DNS?',
      ),
    ];
  const closed = ways.filter(({ fault }) => fault !== undefined);
  const findings: Finding[] = closed.map(({ transport, place, fault }) =>
    doubtful(
      `${place} cannot be reached over ${transport}: ${fault}.`,
      'Check the port, the transport and both firewalls.',
    ),
  );
  if (!options) {
    const where = ways.map(({ transport, place }) => `${place} over ${transport}`).join(', ');
    const change =
      'Does the trunk know our address, and does its firewall let it in? Is the transport right (";udp", ";tcp", ";tls")?';
    return [...findings, bad(`Nobody answers OPTIONS at ${where}.`, change)];
  }
  const { status, elapsedMs, transport, peer } = options;
  const answer = `${peer.address}:${peer.port} answers OPTIONS over ${transport} with ${status} after ${Math.round(elapsedMs)} ms.`;
  if (status === 403)
    return [...findings, bad(answer, 'The trunk does not know us: have it let our address in, or set "account".')];
  if (status === 401 || status === 407)
    return [
      ...findings,
      doubtful(answer, 'It wants a login: set "account" with the user name and password that the trunk gave you.'),
    ];
  if (status === 503) return [...findings, bad(answer, 'It takes no calls now. If that stays so, ask the trunk why.')];
  return [...findings, good(answer)];
}

function login({ account, register }: Trunk, { login: { asked, status } }: TrunkFacts): Finding[] {
  if (!account) return register ? [bad('It is to be registered, but has no account.', 'Set "account".')] : [];
  if (!asked) return [];
  if (status === undefined)
    return [
      doubtful(
        'REGISTER was not answered.',
        'If the trunk knows you by your address, leave "register" and "account" out.',
      ),
    ];
  if (status < 300) {
    const missing = 'The login is right, but the node does not register.';
    return register
      ? [good('It lets us register.')]
      : [doubtful(missing, 'Set "register": true if the trunk sends calls to whoever is registered.')];
  }
  if (status === 401 || status === 407 || status === 403)
    return [bad(`It refuses the login (${status}).`, 'Check the user name and the password of "account".')];
  const change = register ? 'Leave "register" out if the trunk knows you by your address.' : undefined;
  return [
    register
      ? bad(`It takes no registrations (${status}).`, change)
      : good(`It takes no registrations (${status}); none is wanted.`),
  ];
}

function nat({ options }: TrunkFacts, announced: string): Finding[] {
  if (!options) return [];
  const { seenAs, sentAs, peer } = options;
  const inside = isPrivateAddress(announced);
  if (seenAs.address === undefined) {
    if (inside && !isPrivateAddress(peer.address))
      return [
        bad(
          `We announce ${announced}, which means nothing to the trunk, and it does not say how it sees us.`,
          'Set --public-address to your address on the internet.',
        ),
      ];
    return [good(`We announce ${announced}. The trunk does not say that it sees us otherwise.`)];
  }
  if (seenAs.address !== announced)
    return [
      bad(
        `We announce ${announced}, but the trunk sees us as ${seenAs.address}: calls and their audio would go astray.`,
        `Start with --public-address ${seenAs.address}, and forward the SIP port and the RTP ports unchanged if there is a NAT.`,
      ),
    ];
  if (seenAs.port !== undefined && seenAs.port !== sentAs.port)
    return [
      doubtful(
        `The trunk sees us as ${seenAs.address}, as announced, but our port ${sentAs.port} as ${seenAs.port}: a NAT changes ports.`,
        'Forward the SIP port and the RTP ports unchanged, and switch "SIP ALG" off in the router.',
      ),
    ];
  return [good(`The trunk sees us as we announce ourselves, ${announced}.`)];
}

function codecs(trunk: Trunk, { options }: TrunkFacts): Finding[] {
  if (!options) return [];
  const ours = trunk.codecs ?? voiceCodecs;
  if (!options.media) {
    if (options.acceptsSdp === false)
      return [bad('It takes no session descriptions.', 'This does not look like a trunk for calls. Check "address".')];
    return [good(`It does not say which codecs it speaks; we offer ${ours.join(', ')}.`)];
  }
  const theirs = new Set(options.media.codecs.map((name) => name.toUpperCase()));
  const common = ours.filter((name) => theirs.has(name.toUpperCase()));
  const said = options.media.codecs.join(', ');
  if (common.length === 0)
    return [bad(`It speaks ${said}, and we do not.`, 'Have the trunk allow G.711 (PCMU or PCMA).')];
  const keys = theirs.has('TELEPHONE-EVENT') ? '' : ' It does not name telephone-event.';
  const change = 'Choose RFC 2833 / RFC 4733 for keys (DTMF) at the trunk.';
  const codecsInCommon = `Codecs in common: ${common.join(', ')}.`;
  return [keys === '' ? good(codecsInCommon) : doubtful(`${codecsInCommon}${keys}`, change)];
}

function oneWayAudio({ options, rtp }: TrunkFacts): Finding[] {
  const findings: Finding[] = [];
  if (options?.media && isPrivateAddress(options.media.address) && !isPrivateAddress(options.peer.address)) {
    const what = `Its session description names ${options.media.address}, an address behind a NAT.`;
    findings.push(
      doubtful(what, 'Audio still works once the other side sends; have the trunk announce its outside address.'),
    );
  }
  if (rtp.opened === 0)
    findings.push(
      bad(
        'None of the RTP ports can be opened on this machine.',
        'Is another program using PARLEY_RTP_PORTS? Choose another range.',
      ),
    );
  else if (rtp.opened < rtp.tried)
    findings.push(
      doubtful(
        `${rtp.tried - rtp.opened} of ${rtp.tried} RTP ports that were tried are in use.`,
        'Calls that are up use some; if there are none, choose another range for PARLEY_RTP_PORTS.',
      ),
    );
  else
    findings.push(
      good('The RTP ports are free here. Let them in (UDP) at your firewall: that cannot be seen from this side.'),
    );
  return findings;
}

function certificate({ certificate: shown }: TrunkFacts): Finding[] {
  if (!shown) return [];
  const days = shown.daysLeft === 1 ? '1 day' : `${shown.daysLeft} days`;
  if (shown.daysLeft < 0) return [bad('Its certificate has run out.', 'The trunk has to renew it.')];
  if (shown.fault !== undefined)
    return [
      bad(
        `Its certificate cannot be trusted: ${shown.fault}.`,
        'Name the trunk as its certificate does, or give its authority with PARLEY_SIP_TLS_CA.',
      ),
    ];
  if (shown.daysLeft < renewDays)
    return [doubtful(`Its certificate is good for ${days}.`, 'The trunk should renew it.')];
  return [good(`Its certificate is good for ${days}.`)];
}

function secrecy({ srtp = 'off' }: Trunk, { options }: TrunkFacts): Finding[] {
  if (srtp === 'off' || !options || options.transport === 'TLS') return [];
  const what = `Audio is to be encrypted, but the keys travel over ${options.transport} for everyone on the way to read.`;
  return [doubtful(what, 'Use TLS: ";tls" at the end of "address".')];
}

function directions({ addresses, login: theirLogin, register, dial = [] }: Trunk): Finding[] {
  const findings: Finding[] = [];
  if (addresses.length === 0 && !theirLogin) {
    const what = 'It cannot bring calls: it has neither "addresses" nor a "login".';
    findings.push(
      register
        ? bad(what, 'Set "addresses" to those it sends calls from.')
        : doubtful(what, 'Fine for calling out only; else set "addresses".'),
    );
  }
  if (dial.length === 0) findings.push(good('It has no "dial": no calls are placed through it.'));
  return findings;
}

const good = (what: string): Finding => ({ level: 'good', what });
const doubtful = (what: string, change: string): Finding => ({ level: 'doubtful', what, change });
const bad = (what: string, change?: string): Finding => ({
  level: 'bad',
  what,
  ...(change === undefined ? {} : { change }),
});
