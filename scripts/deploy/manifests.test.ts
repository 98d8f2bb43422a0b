import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readConfig } from '../../server/config.ts';

const read = (file: string): string => readFileSync(new URL(`../../deploy/${file}`, import.meta.url), 'utf8');

/** As `docker compose` and `kubectl create secret --from-env-file` read it. */
const example = Object.fromEntries(
  read('node.env.example')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
);

test('the example of a node’s settings lacks nothing but its keys', () => {
  expect(() => readConfig(example)).toThrow(/PARLEY_NODE_KEY.*; PARLEY_SESSION_KEY[^;]*$/);
  const key = 'k'.repeat(32);
  expect(readConfig({ ...example, PARLEY_NODE_KEY: key, PARLEY_SESSION_KEY: key })).toMatchObject({
    PARLEY_SIP_PORT: 5_060,
    PARLEY_RTP_PORTS: { from: 40_000, to: 40_399 },
  });
});

test('what is copied into the image is there, and all that the server imports is copied', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(
    ([, names]) => names?.split(' ') ?? [],
  );
  const here = new Set(readdirSync(new URL('../..', import.meta.url)));
  expect(copied.filter((name) => !here.has(name))).toEqual([]);
  expect(copied).toEqual(expect.arrayContaining(['contract', 'dialogue', 'server']));
});

test('the manifests are YAML, probe the port of the example, and outwait the longest call', () => {
  const documents = readdirSync(new URL('../../deploy/kubernetes', import.meta.url)).flatMap((file) =>
    parseAllDocuments(read(`kubernetes/${file}`)),
  );
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  const set = documents
    .map((document): unknown => document.toJS())
    .find((one) => JSON.stringify(one).includes('StatefulSet'));
  const port = Number(example['PARLEY_SIGNALING_PORT']);
  expect(set).toMatchObject({
    spec: {
      template: {
        spec: {
          terminationGracePeriodSeconds: 1_900,
          containers: [
            {
              livenessProbe: { httpGet: { port } },
              readinessProbe: { httpGet: { port } },
              // A name may only be put into what comes after it, and each node has an address of its own.
              env: [
                { name: 'PARLEY_NODE_NAME' },
                { name: 'PARLEY_SIGNALING_URL', value: expect.stringMatching(/^wss:\/\/\$\(PARLEY_NODE_NAME\)\./) },
                { name: 'PARLEY_ANNOUNCED_ADDRESS' },
              ],
            },
          ],
        },
      },
    },
  });
  expect(parse(read('compose.yaml'))).toMatchObject({
    services: { node: { stop_grace_period: '31m', network_mode: 'host' } },
  });
});
