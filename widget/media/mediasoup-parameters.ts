import type { types } from 'mediasoup-client';
import type { MediaOffer, TransportOffer } from '../../contract/signaling.ts';

/**
 * The contract carries mediasoup's own JSON without looking inside; mediasoup-client checks it when it is used. These
 * are the only places where one is taken for the other.
 */
export const routerCapabilities = (offer: MediaOffer): types.RtpCapabilities => offer.routerRtpCapabilities;

export const transportOptions = (offer: TransportOffer): types.TransportOptions => ({
  id: offer.id,
  iceParameters: offer.iceParameters as unknown as types.IceParameters,
  iceCandidates: offer.iceCandidates as unknown as types.IceCandidate[],
  dtlsParameters: offer.dtlsParameters as unknown as types.DtlsParameters,
});

export const rtpParameters = (json: Record<string, unknown>): types.RtpParameters =>
  json as unknown as types.RtpParameters;

export const iceParameters = (json: Record<string, unknown>): types.IceParameters =>
  json as unknown as types.IceParameters;

/** mediasoup's types have no index signature, though they are plain JSON. */
export const json = (parameters: object): Record<string, unknown> => ({ ...parameters });
