import type { MediaOffer } from '../../contract/signaling.ts';

const transport = (id: string): MediaOffer['send'] => ({
  id,
  iceParameters: { usernameFragment: 'fragment', password: 'a-password-of-twenty-two', iceLite: true },
  // Port 9 discards: the transports stay on their way.
  iceCandidates: [
    { foundation: 'udp', priority: 1, ip: '127.0.0.1', address: '127.0.0.1', protocol: 'udp', port: 9, type: 'host' },
  ],
  dtlsParameters: {
    role: 'auto',
    fingerprints: [{ algorithm: 'sha-256', value: Array.from({ length: 32 }, () => '1A').join(':') }],
  },
});

/** What a mediasoup router offers for one Opus call; nobody answers at its address. */
export const deadMediaOffer = (id: string): MediaOffer => ({
  routerRtpCapabilities: {
    codecs: [
      {
        kind: 'audio',
        mimeType: 'audio/opus',
        preferredPayloadType: 100,
        clockRate: 48_000,
        channels: 2,
        parameters: {},
        rtcpFeedback: [],
      },
    ],
    headerExtensions: [],
  },
  send: transport(`${id}-send`),
  receive: transport(`${id}-receive`),
});
