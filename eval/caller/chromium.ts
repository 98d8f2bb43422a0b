import { chromium, type Browser } from 'playwright-core';

export interface ChromiumOptions {
  /** What the visitor answers when the page asks for the microphone. */
  readonly microphone: 'allow' | 'deny';
  /** Chromium's own fake device plays this WAV file once. */
  readonly fakeDeviceFile?: string;
}

/** Debian's Chromium, headless, media on loopback. */
export async function launchChromium(options: ChromiumOptions): Promise<Browser> {
  return await chromium.launch({
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
      options.microphone === 'allow' ? '--use-fake-ui-for-media-stream' : '--deny-permission-prompts',
      ...(options.fakeDeviceFile === undefined
        ? []
        : [`--use-file-for-fake-audio-capture=${options.fakeDeviceFile}%noloop`]),
    ],
  });
}
