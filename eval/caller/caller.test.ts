import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audibleSpan } from '../speech/audible.ts';
import { Caller } from './caller.ts';
import { launchChromium } from './chromium.ts';

/** Sends the microphone through WebRTC back to its own loudspeaker, as an agent that only echoes. */
const echoPage = `<!doctype html><audio></audio><script>
(async () => {
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
  near.onicecandidate = ({ candidate }) => far.addIceCandidate(candidate);
  far.onicecandidate = ({ candidate }) => near.addIceCandidate(candidate);
  far.ontrack = ({ track }) => {
    const audio = document.querySelector('audio');
    audio.srcObject = new MediaStream([track]);
    audio.play();
  };
  near.addTrack(microphone.getTracks()[0], microphone);
  await near.setLocalDescription(await near.createOffer());
  await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription(await far.createAnswer());
  await near.setRemoteDescription(far.localDescription);
  far.onconnectionstatechange = () => { document.title = far.connectionState; };
})();</script>`;

let server: Server;
let browser: Browser;
let caller: Caller;

beforeAll(async () => {
  server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(echoPage));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launchChromium({ microphone: 'allow' });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  caller = await Caller.open(browser, { url, voice: 'rms' });
  await caller.page.waitForFunction('document.title === "connected"');
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

test('Caller hears its own echo, no earlier than it spoke and as long as it spoke', async () => {
  const said = await caller.say('how much does a new roof cost');
  const onsetMs = await caller.waitForAgentOnset(said.startMs);
  const endMs = await caller.waitForSilence(said.startMs, 300);
  expect(onsetMs).toBeGreaterThan(said.startMs);
  expect(endMs).toBeGreaterThan(said.endMs);
  expect(Math.abs(endMs - onsetMs - (said.endMs - said.startMs))).toBeLessThan(100);
  const { pcm, sampleRateHz } = await caller.agentAudio(onsetMs - 50, endMs + 50);
  const span = audibleSpan(pcm, sampleRateHz);
  expect((span?.toMs ?? 0) - (span?.fromMs ?? 0)).toBeGreaterThan(0.9 * (said.endMs - said.startMs));
});

test('Caller does not hear what the page has muted', async () => {
  await caller.page.evaluate('document.querySelector("audio").muted = true');
  const said = await caller.say('how much does a new roof cost');
  expect(await caller.lastAudibleBetween(said.startMs, said.endMs)).toBeNull();
});
