import { chromium, type Browser } from 'playwright-core';

export interface ChromiumOptions {
  /** What the visitor answers when the page asks for the microphone. */
  readonly microphone: 'allow' | 'deny';
  /** Chromium's own fake device plays this WAV file once. */
  readonly fakeDeviceFile?: string;
}

/** Debian's Chromium, headless, media on loopback. */
export async function launchChromium(options: ChromiumOptions): Promise<Browser> {
  return await chromium.launch(launchOptions(options));
}

/** A browser whose process can be killed as a crash would: without a word to its pages. */
export interface ChromiumProcess {
  readonly browser: Browser;
  kill(): Promise<void>;
}

export async function chromiumServer(options: ChromiumOptions): Promise<ChromiumProcess> {
  const server = await chromium.launchServer(launchOptions(options));
  return { browser: await chromium.connect(server.wsEndpoint()), kill: () => server.kill() };
}

function launchOptions({ microphone, fakeDeviceFile }: ChromiumOptions) {
  return {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-device-for-media-stream',
      '--allow-loopback-in-peer-connection',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
      microphone === 'allow' ? '--use-fake-ui-for-media-stream' : '--deny-permission-prompts',
      ...(fakeDeviceFile === undefined ? [] : [`--use-file-for-fake-audio-capture=${fakeDeviceFile}%noloop`]),
    ],
  };
}
