import { expect, test } from 'vitest';
import { helpText, parseStartOptions, portUses } from './options.mjs';

test('without options everything has its default', () => {
  expect(parseStartOptions([])).toEqual({
    help: false,
    verbose: false,
    demo: true,
    host: '127.0.0.1',
    publicAddress: '127.0.0.1',
    data: '.data',
    ports: { control: 8787, signaling: 8788, rtc: 44_400, demo: 8080 },
  });
});

test('every option of the help is understood', () => {
  const flags = [...helpText.matchAll(/^ {2}(--[a-z-]+)( [A-Z]+)?/gm)];
  expect(flags.length).toBeGreaterThanOrEqual(10);
  for (const [, flag = '', value] of flags) {
    const args = value ? [flag, flag.includes('port') ? '18100' : '10.0.0.1'] : [flag];
    expect(() => parseStartOptions(args)).not.toThrow();
  }
});

test.each([
  [['--prot', '1'], "Unknown option '--prot'. npm start -- --help lists what there is."],
  [['--port', 'web'], '--port must be a port from 1 to 65535: it is "web".'],
  [['--rtc-port', '70000'], '--rtc-port must be a port from 1 to 65535: it is "70000".'],
  [['--public-address', 'my host'], '--public-address must be an IPv4 address or a name: it is "my host".'],
  [['--host', 'example.com'], '--host must be an address of this machine'],
  [['now'], "Unexpected argument 'now'"],
])('%j is refused with what is wrong', (args, message) => {
  expect(() => parseStartOptions(args)).toThrow(message);
});

test('without the demo its port is not needed', () => {
  const flags = portUses(parseStartOptions(['--no-demo'])).map((use) => use.flag);
  expect(flags).toEqual(['--port', '--node-port', '--rtc-port', '--rtc-port']);
});
