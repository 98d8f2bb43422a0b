import { parseArgs } from 'node:util';
import { isIP } from 'node:net';
import { SetUpError } from '../setup/set-up-error.mjs';

/**
 * @typedef {object} StartOptions
 * @property {boolean} help
 * @property {boolean} verbose
 * @property {boolean} demo
 * @property {string} host
 * @property {string} publicAddress
 * @property {string} data
 * @property {{ control: number, signaling: number, rtc: number, demo: number }} ports
 */

export const helpText = `Parley answers sales calls. This starts all of it on one machine, without any key or account.

  npm start                        sets up what is missing, then starts
  npm start -- [options]

Where things listen
  --port N             control plane: sessions, records, calendar      (8787, TCP)
  --node-port N        media node: signaling WebSocket                  (8788, TCP)
  --rtc-port N         media node: the calls' audio                     (44400, UDP and TCP)
  --demo-port N        demo site of a roofing company, and its CRM      (8080, TCP)
  --host ADDRESS       address to listen on; 0.0.0.0 for all            (127.0.0.1)
  --public-address A   address or name by which browsers reach this
                       machine; it goes into every call (ICE)           (127.0.0.1)

What is kept
  --data DIR           calls, leads, appointments, keys and logs        (.data)

Other
  --no-demo            control plane and media node only
  --verbose            print what the programs log
  --help               this text

To be reached from another machine:
  npm start -- --host 0.0.0.0 --public-address 192.0.2.10
Browsers give a page the microphone only over https or on localhost. From elsewhere, put a
proxy with a certificate in front, or use the typed conversation.

The first start takes some minutes when the media worker has to be built. Ctrl-C ends everything.
`;

const specification = /** @type {const} */ ({
  help: { type: 'boolean', short: 'h' },
  verbose: { type: 'boolean', short: 'v' },
  port: { type: 'string' },
  'node-port': { type: 'string' },
  'rtc-port': { type: 'string' },
  'demo-port': { type: 'string' },
  host: { type: 'string' },
  'public-address': { type: 'string' },
  data: { type: 'string' },
  'no-demo': { type: 'boolean' },
});

/**
 * Reads the command line of `npm start`. Throws a sentence for the user.
 *
 * @param {readonly string[]} args
 * @returns {StartOptions}
 */
export function parseStartOptions(args) {
  const values = parse(args);
  const host = address('--host', values.host ?? '127.0.0.1');
  if (!isIP(host) && host !== 'localhost') {
    throw new SetUpError(`--host must be an address of this machine, as 127.0.0.1 or 0.0.0.0: it is "${host}".`);
  }
  return {
    help: values.help ?? false,
    verbose: values.verbose ?? false,
    demo: !(values['no-demo'] ?? false),
    host,
    publicAddress: address('--public-address', values['public-address'] ?? '127.0.0.1'),
    data: values.data ?? '.data',
    ports: {
      control: port('--port', values.port ?? '8787'),
      signaling: port('--node-port', values['node-port'] ?? '8788'),
      rtc: port('--rtc-port', values['rtc-port'] ?? '44400'),
      demo: port('--demo-port', values['demo-port'] ?? '8080'),
    },
  };
}

/**
 * The ports that a start with these options binds.
 *
 * @param {StartOptions} options
 * @returns {import('./ports.mjs').PortUse[]}
 */
export function portUses({ ports, demo }) {
  return [
    { port: ports.control, protocol: 'tcp', flag: '--port', purpose: 'control plane' },
    { port: ports.signaling, protocol: 'tcp', flag: '--node-port', purpose: 'signaling' },
    { port: ports.rtc, protocol: 'udp', flag: '--rtc-port', purpose: 'audio' },
    { port: ports.rtc, protocol: 'tcp', flag: '--rtc-port', purpose: 'audio' },
    ...(demo
      ? [/** @type {const} */ ({ port: ports.demo, protocol: 'tcp', flag: '--demo-port', purpose: 'demo site' })]
      : []),
  ];
}

/** @param {readonly string[]} args */
function parse(args) {
  try {
    return parseArgs({ args: [...args], options: specification, strict: true }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. To specify')[0] : String(error);
    throw new SetUpError(`${reason?.replace(/\.?$/, '.')} npm start -- --help lists what there is.`, { cause: error });
  }
}

/** @param {string} flag @param {string} text */
function port(flag, text) {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 65_535) {
    throw new SetUpError(`${flag} must be a port from 1 to 65535: it is "${text}".`);
  }
  return number;
}

/** @param {string} flag @param {string} text */
function address(flag, text) {
  if (isIP(text) === 6) throw new SetUpError(`${flag} must be an IPv4 address or a name: it is "${text}".`);
  if (!isIP(text) && !/^[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?$/.test(text)) {
    throw new SetUpError(`${flag} must be an IPv4 address or a name: it is "${text}".`);
  }
  return text;
}
